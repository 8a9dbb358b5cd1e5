using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Booking;

internal static class BookingWords
{
    public static readonly PanelWords Page = new(
        "This booking",
        "Connect Calendly first.",
        "The coach's connection does not allow this.",
        "No coach offers this here. It may have been taken off the list.",
        "That is not something to book",
        "/coaches",
        "Coaches");

    /// <summary>For whoever does not book.</summary>
    public static IResult Refuse(HttpContext http, Failure refusal)
    {
        var coach = CurrentUser.Of(http.User)?.Coach;
        var failure = coach is not null ? refusal : refusal with { Message = "Realtors and coaches book sessions. Your account looks after other things." };
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(
                new Trouble("forbidden", coach is null ? "For realtors and coaches" : "View only", failure.Message, null, null, null, Page with { BackUrl = "/", BackWords = "Today" }),
                string.Empty),
            failure.Code.ToStatusCode());
    }

    /// <summary><c>Ana</c></summary>
    public static string First(string name) =>
        name.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(name);

    /// <summary><c>09:00 EDT for Ana</c>, with the day where that is another one; null where both clocks agree.</summary>
    public static string? ForCoach(DateTimeOffset at, DateTimeZone reader, string coachZone, string coach)
    {
        var (mine, theirs) = (at.In(reader), ReaderZone.Find(coachZone) is { } zone ? at.In(zone) : default(ZonedDateTime?));
        return theirs is not { } clock || clock.Offset == mine.Offset ? null
            : $"{(clock.Date == mine.Date ? ZonedTime.Clock(clock) : ZonedTime.Moment(clock))} {ZonedTime.ZoneName(clock)} for {First(coach)}";
    }

    /// <summary><c>Tue 10 Mar, 09:00–09:30 EST (UTC−5)</c></summary>
    public static string When(BookingAttempt attempt, DateTimeZone reader) =>
        attempt.StartsAt is { } start ? ZonedTime.Full(start.In(reader), attempt.End!.Value.In(reader)) : "At a time of your choice";
}
