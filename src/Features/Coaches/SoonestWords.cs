using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

/// <summary>The line of a card that says when a coach can be booked next.</summary>
/// <param name="State"><c>looking</c>, <c>open</c>, <c>none</c> or <c>unknown</c>.</param>
/// <param name="Words"><c>today 16:30</c>, or a sentence where there is no time.</param>
/// <param name="Title">The same at full length, with the zone.</param>
/// <param name="Note">How old it is, where that matters.</param>
internal sealed record SoonestWords(string Slug, string State, string Words, string? Start = null, string? Title = null, string? BookUrl = null, string? Note = null)
{
    public static SoonestWords Of(ListedCoach coach, Soonest? soonest, ZonedDateTime now) => soonest switch
    {
        null => new SoonestWords(coach.Slug, "looking", "Looking…"),
        { First: { } first } => Open(coach, soonest, first, now),
        { Starts: not null } => new SoonestWords(coach.Slug, "none", $"Nothing open in {SoonestTimes.Looked.Days} days"),
        _ => new SoonestWords(coach.Slug, "unknown", CoachWords.Unknown(coach, soonest.Type, soonest.Problem!)),
    };

    private static SoonestWords Open(ListedCoach coach, Soonest soonest, DateTimeOffset first, ZonedDateTime now)
    {
        var start = first.In(now.Zone);
        return new SoonestWords(
            coach.Slug,
            "open",
            $"{Day(start.Date, now.Date)} {ZonedTime.Clock(start)}",
            ZonedTime.Iso(first),
            $"{soonest.Type.Name}, {ZonedTime.Moment(start)} {ZonedTime.Zone(start)}",
            BookingAddress.Of(coach.Slug, soonest.Type.Id, first),
            soonest.Problem is null ? null : $"As of {ZonedTime.Ago(now.ToDateTimeOffset() - soonest.ReadAt)}: Calendly is not answering");
    }

    private static string Day(LocalDate day, LocalDate today) => Period.DaysBetween(today, day) switch
    {
        0 => "today",
        1 => "tomorrow",
        < 7 => ZonedTime.Day(day)[..3],
        _ => ZonedTime.Day(day),
    };
}
