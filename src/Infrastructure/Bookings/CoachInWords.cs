using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>How whoever books is told of a coach.</summary>
internal static class CoachInWords
{
    /// <summary><c>Ana</c></summary>
    public static string First(string name) =>
        name.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(name);

    /// <summary><c>09:00 EDT for Ana</c>, with the day where that is another one; null where both clocks agree.</summary>
    /// <param name="coachZone">IANA; one that is not known is as if both agreed.</param>
    public static string? Clock(DateTimeOffset at, DateTimeZone reader, string coachZone, string coach)
    {
        var (mine, theirs) = (at.In(reader), ReaderZone.Find(coachZone) is { } zone ? at.In(zone) : default(ZonedDateTime?));
        return theirs is not { } clock || clock.Offset == mine.Offset ? null
            : $"{(clock.Date == mine.Date ? ZonedTime.Clock(clock) : ZonedTime.Moment(clock))} {ZonedTime.ZoneName(clock)} for {First(coach)}";
    }
}
