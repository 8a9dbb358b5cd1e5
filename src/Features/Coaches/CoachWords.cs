using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Coaches;

/// <summary>What is said about coaches, and what these panels say when they have nothing to show.</summary>
internal static class CoachWords
{
    public static readonly PanelWords Coaches = new(
        "Coaches",
        "A coach connects Calendly; you need not.",
        "The coach’s connection does not allow reading free times.",
        "Nobody of that name is listed here. A coach may have left the list.",
        "That is not a coach",
        "/coaches",
        "All coaches");

    public static readonly PanelWords Coach = Coaches with { What = "This coach" };

    public static readonly PanelWords Compare = Coaches with { What = "The comparison" };

    /// <summary>Why nobody can book this coach here; null where that is possible, as far as our own records say.</summary>
    public static string? Hindrance(ListedCoach coach) =>
        coach.CanBeBooked ? null
        : coach.HasToReconnect ? Reconnect(coach)
        : coach.SchedulingUrl is null ? "Not taking bookings here"
        : "Nothing to book at the moment";

    public static string Reconnect(ListedCoach coach) => $"{coach.Name} has to reconnect Calendly";

    /// <summary>Why an event type's times are not known, for somebody who can do nothing about it.</summary>
    public static string Unknown(ListedCoach coach, ListedEventType type, Failure failure) => failure.Code switch
    {
        FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing => Reconnect(coach),
        FailureCode.NotFound or FailureCode.CalendlyForbidden or FailureCode.ValidationFailed => $"{type.Name} is not offered at the moment",
        FailureCode.RateLimited => "Calendly asked us to wait a moment",
        _ => "Calendly is not answering",
    };
}
