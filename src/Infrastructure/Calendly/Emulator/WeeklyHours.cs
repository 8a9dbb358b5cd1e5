using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A stretch of a local day in minutes from its midnight; <see cref="To"/> is at most 1440, the midnight at the end.</summary>
internal readonly record struct DayHours(int From, int To);

/// <summary>From <see cref="Start"/> up to, not including, <see cref="End"/>.</summary>
internal readonly record struct TimeBlock(Instant Start, Instant End);

/// <summary>A stretch of open time under one offset from UTC.</summary>
/// <param name="Anchor">Where the hours of the rule begin under this offset, from which start times are counted. Before
/// <see cref="Start"/> where a clock change, or the asked range, cuts the rule off.</param>
internal readonly record struct OpenStretch(Instant Start, Instant End, Instant Anchor);

/// <summary>
/// When somebody can be booked: hours for each day of the week, and dates that have hours of their own, by the wall clock
/// of one zone. An instant is open when the wall clock then shows a time within the hours of its date. So a local time
/// that a clock change skips never is, and one that comes twice is open both times.
/// </summary>
internal sealed class WeeklyHours(
    DateTimeZone zone, IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> week, IReadOnlyDictionary<LocalDate, IReadOnlyList<DayHours>> dates)
{
    public const int EndOfDay = 24 * 60;

    public DateTimeZone Zone => zone;

    /// <summary>A day that is missing is closed. Each day's hours are in order and do not overlap.</summary>
    public IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> Week => week;

    /// <summary>Dates whose hours replace those of their weekday; none at all closes the date.</summary>
    public IReadOnlyDictionary<LocalDate, IReadOnlyList<DayHours>> Dates => dates;

    public IReadOnlyList<DayHours> On(LocalDate date) =>
        dates.TryGetValue(date, out var ofDate) ? ofDate : week.TryGetValue(date.DayOfWeek, out var ofDay) ? ofDay : [];

    /// <summary>The same hours by the clocks of another place.</summary>
    public WeeklyHours In(DateTimeZone other) => new(other, week, dates);

    /// <summary>In order, and cut off at both ends of the range. Hours that touch, also across midnight, stay apart here.</summary>
    public List<OpenStretch> Open(Instant from, Instant to)
    {
        var stretches = new List<OpenStretch>();
        foreach (var sameOffset in zone.GetZoneIntervals(from, to))
        {
            var begin = sameOffset.HasStart ? Instant.Max(from, sameOffset.Start) : from;
            var end = sameOffset.HasEnd ? Instant.Min(to, sameOffset.End) : to;
            var last = end.WithOffset(sameOffset.WallOffset).Date;
            for (var date = begin.WithOffset(sameOffset.WallOffset).Date; date <= last; date = date.PlusDays(1))
            {
                var midnight = date.AtMidnight().WithOffset(sameOffset.WallOffset).ToInstant();
                foreach (var hours in On(date))
                {
                    var anchor = midnight + Duration.FromMinutes(hours.From);
                    var start = Instant.Max(begin, anchor);
                    var stop = Instant.Min(end, midnight + Duration.FromMinutes(hours.To));
                    if (start < stop)
                    {
                        stretches.Add(new(start, stop, anchor));
                    }
                }
            }
        }

        return stretches;
    }
}
