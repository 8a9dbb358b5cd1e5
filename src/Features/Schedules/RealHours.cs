using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>From hours on the wall to stretches of real time and back. Where clocks change, an hour on the wall may not happen,
/// or happen twice; both are counted as they are.</summary>
internal static class RealHours
{
    /// <summary>The hours of some days as real time, in order; what touches is one.</summary>
    public static IReadOnlyList<Interval> Of(Hours hours, DateTimeZone zone, LocalDate first, int days) =>
        Merge(Enumerable.Range(0, days).Select(first.PlusDays).SelectMany(date => hours[date].SelectMany(span => On(date, span, zone))));

    public static IReadOnlyList<Interval> Merge(IEnumerable<Interval> intervals)
    {
        var merged = new List<Interval>();
        foreach (var next in intervals.OrderBy(interval => interval.Start))
        {
            if (merged.Count > 0 && next.Start <= merged[^1].End)
            {
                merged[^1] = new Interval(merged[^1].Start, Instant.Max(merged[^1].End, next.End));
            }
            else
            {
                merged.Add(next);
            }
        }

        return merged;
    }

    /// <summary>What two sets of stretches have in common.</summary>
    public static IReadOnlyList<Interval> Common(IReadOnlyList<Interval> one, IReadOnlyList<Interval> other) =>
        Merge(one.SelectMany(left => other
            .Where(right => left.Start < right.End && right.Start < left.End)
            .Select(right => new Interval(Instant.Max(left.Start, right.Start), Instant.Min(left.End, right.End)))));

    public static Duration Total(IEnumerable<Interval> intervals) =>
        intervals.Aggregate(Duration.Zero, (total, interval) => total + interval.Duration);

    /// <summary>What falls on one date, by the wall clock of a zone.</summary>
    public static IReadOnlyList<HourSpan> OnWall(IEnumerable<Interval> intervals, LocalDate date, DateTimeZone zone)
    {
        var spans = new List<HourSpan>();
        foreach (var interval in intervals)
        {
            var (start, end) = (interval.Start.InZone(zone).LocalDateTime, interval.End.InZone(zone).LocalDateTime);
            if (start.Date <= date && end > date.AtMidnight())
            {
                var from = start.Date < date ? 0 : Minute(start);
                var to = end.Date > date ? HourSpan.Midnight : Minute(end);

                // An hour that happens twice may end earlier on the wall than it began.
                spans.Add(new HourSpan(Math.Min(from, HourSpan.Midnight - 1), Math.Max(to, from + 1)));
            }
        }

        return HourSpan.Merge(spans);
    }

    // Each stretch of the zone between two changes of its clocks has a wall clock that runs evenly.
    private static IEnumerable<Interval> On(LocalDate date, HourSpan span, DateTimeZone zone)
    {
        var (from, to) = (date.AtMidnight().PlusMinutes(span.From), date.AtMidnight().PlusMinutes(span.To));
        var around = new Interval(from.InUtc().ToInstant() - Duration.FromDays(1), to.InUtc().ToInstant() + Duration.FromDays(1));
        foreach (var even in zone.GetZoneIntervals(around))
        {
            var start = even.HasStart && even.IsoLocalStart > from ? even.IsoLocalStart : from;
            var end = even.HasEnd && even.IsoLocalEnd < to ? even.IsoLocalEnd : to;
            if (start < end)
            {
                yield return new Interval(start.WithOffset(even.WallOffset).ToInstant(), end.WithOffset(even.WallOffset).ToInstant());
            }
        }
    }

    private static int Minute(LocalDateTime time) => (time.Hour * 60) + time.Minute;
}
