using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>An event type whose free times the reader may see.</summary>
/// <param name="OwnerId">Whose connection reads them.</param>
/// <param name="IsHost">The reader is its coach, and may know more than a booker.</param>
/// <param name="Coach">The coach's name; null for the host.</param>
/// <param name="CoachZone">Null where it is not known.</param>
internal sealed record BookableType(EventType Type, long OwnerId, bool IsHost, string? Coach, DateTimeZone? CoachZone)
{
    /// <summary>Where the coach can be booked here; null for the host.</summary>
    public string? CoachSlug { get; init; }

    public string Id => CalendlyUri.LastSegment(Type.Uri);

    public string Name => string.IsNullOrWhiteSpace(Type.Name) ? "Event type" : Type.Name;

    /// <summary>The failure as this reader should hear it: a booker can do nothing about the coach's connection, so is not
    /// sent to the connection page.</summary>
    public Failure ForReader(Failure failure) =>
        Coach is { } coach && failure.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing
            ? Unreachable(coach)
            : failure;

    public static Failure Unreachable(string coach) =>
        new(FailureCode.CalendlyUnavailable, $"{coach}'s connection to Calendly has to be renewed first. Ask {coach} to sign in here.");

    /// <summary>How tall a slot is in a grid: where starts lie closer together than the session is long, the step.</summary>
    public TimeSpan SlotLength => Type.StartTimeIncrement is { } minutes && minutes < Type.Duration ? TimeSpan.FromMinutes(minutes) : Duration;

    public TimeSpan Duration => TimeSpan.FromMinutes((double)Type.Duration);
}

/// <summary>One line of the picker.</summary>
/// <param name="Group">The coach, where there are several; null for the reader's own.</param>
internal sealed record PickerChoice(string Id, string Name, string? Group);
