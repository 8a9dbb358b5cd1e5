using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Booking;

/// <summary>A booking, or the wait for it, with its times by both clocks.</summary>
/// <param name="CheckUrl">Looks again; null once it is settled.</param>
/// <param name="Trouble">Why Calendly could not be read just now.</param>
internal sealed record BookingOutcome(BookingAttempt Attempt, string When, string? ForCoach, string CheckUrl, Failure? Trouble)
{
    public string First => CoachInWords.First(Attempt.CoachName);

    public string Url => $"/bookings/{Attempt.Nonce}";

    /// <summary>Once it is settled.</summary>
    public string Word => Attempt.IsBooked ? "Booked" : "Canceled";

    /// <summary><c>confirming</c> until it is settled.</summary>
    public string State => Attempt.State switch
    {
        BookingState.Booked => "booked",
        BookingState.Canceled => "canceled",
        BookingState.Sending or BookingState.Unconfirmed => "confirming",
        _ => "open",
    };
}

/// <summary>How the outcome of an attempt is told.</summary>
internal static class CheckAnswers
{
    /// <summary>After our own form.</summary>
    public static IResult Of(HttpContext http, BookingAttempt attempt, DateTimeZone zone)
    {
        var outcome = Outcome(attempt, null, zone);
        if (attempt.State is BookingState.Booked or BookingState.Canceled)
        {
            return Settled(http, outcome, isClosed: false);
        }

        AwaitedNews.Begin(http);
        return Hypermedia.Of("Booking/_Waiting", outcome);
    }

    public static IResult Of(HttpContext http, CheckCommand command, CheckOutcome result, DateTimeZone zone)
    {
        var outcome = Outcome(result.Attempt, result.Trouble, zone);
        if (outcome.State is "booked" or "canceled")
        {
            return Settled(http, outcome, command.IsClosed);
        }

        if (outcome.State == "confirming")
        {
            AwaitedNews.Begin(http);
        }

        if (result.Other is { } other)
        {
            http.Response.Trigger(("booking-changed", new()), ("toast", new JsonObject { ["message"] = Changed(other, zone), ["kind"] = "ok" }));
        }

        if (result.Trouble is { } trouble)
        {
            http.Response.MarkFailure(trouble);
        }

        var status = result.Trouble?.Code.ToStatusCode() ?? StatusCodes.Status200OK;
        return http.Request.IsHtmx()
            ? Hypermedia.Of("Booking/_Outcome", outcome, status)
            : Hypermedia.Of("Booking/_Waiting", outcome, status);
    }

    private static IResult Settled(HttpContext http, BookingOutcome outcome, bool isClosed)
    {
        if (!http.Request.IsHtmx())
        {
            // A page of its own may be reloaded without posting again.
            http.Response.Headers.Location = outcome.Url;
            return Results.StatusCode(StatusCodes.Status303SeeOther);
        }

        var happened = (outcome.Attempt.IsBooked ? "session-booked" : "booking-changed", new JsonObject { ["nonce"] = outcome.Attempt.Nonce });
        if (isClosed)
        {
            http.Response.Trigger(happened, ("toast", new JsonObject { ["message"] = $"{outcome.Word}: {outcome.When}", ["kind"] = "ok" }));
        }
        else
        {
            http.Response.Trigger(happened);
        }

        http.Response.Retarget("#book", "outerHTML");
        return Hypermedia.Of("Booking/_Booked", outcome);
    }

    private static BookingOutcome Outcome(BookingAttempt attempt, Failure? trouble, DateTimeZone zone) => new(
        attempt,
        BookingWords.When(attempt, zone),
        attempt.StartsAt is { } start ? CoachInWords.Clock(start, zone, attempt.CoachZone, attempt.CoachName) : null,
        $"{attempt.AgainUrl}/check",
        trouble);

    private static string Changed(BookingAttempt other, DateTimeZone zone) => other.IsBooked
        ? $"Moved: {other.EventTypeName} with {CoachInWords.First(other.CoachName)} is now {BookingWords.When(other, zone)}"
        : $"Canceled: {other.EventTypeName} with {CoachInWords.First(other.CoachName)}, {BookingWords.When(other, zone)}";
}
