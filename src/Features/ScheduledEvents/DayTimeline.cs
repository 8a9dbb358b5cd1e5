using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>One day drawn to scale, in quarter hours from the first hour shown.</summary>
/// <param name="Hours">Hours shown, 1 to 24.</param>
/// <param name="NowRow">Null while now is outside the hours shown.</param>
internal sealed record DayTimeline(
    string Head,
    int Hours,
    IReadOnlyList<DayHour> HourMarks,
    IReadOnlyList<DayBlock> Blocks,
    IReadOnlyList<DayGap> Gaps,
    int? NowRow,
    string NowText,
    string? NamesUrl)
{
    private const int MaxLanes = 3;
    private const int QuartersADay = 96;
    private const int ShortestGap = 2;

    // The hours of an empty day.
    private const int OfficeOpens = 9;
    private const int OfficeCloses = 17;

    /// <param name="sessions">Any; those that do not touch today are left out.</param>
    public static DayTimeline Of(
        IReadOnlyList<ScheduledEvent> sessions, IReadOnlyDictionary<string, string> colors, DateTimeOffset now, DateTimeZone zone)
    {
        var today = now.In(zone).Date;
        var spans = sessions
            .Where(session => !session.IsCanceled)
            .Select(session => Span.Of(session, today, zone))
            .OfType<Span>()
            .OrderBy(span => span.Start).ThenBy(span => span.End)
            .ToList();
        var firstHour = Math.Min(OfficeOpens, spans.Count == 0 ? OfficeOpens : spans[0].Start / 4);
        var lastHour = Math.Max(OfficeCloses, spans.Count == 0 ? OfficeCloses : (spans.Max(span => span.End) + 3) / 4);
        var nowRow = Quarter(now.In(zone)) - (firstHour * 4);
        return new DayTimeline(
            ZonedTime.DayHead(today, today),
            lastHour - firstHour,
            [.. Enumerable.Range(firstHour, lastHour - firstHour).Select(hour => new DayHour((hour - firstHour) * 4, hour.ToString("00", CultureInfo.InvariantCulture)))],
            Draw(spans, colors, now, zone, firstHour * 4),
            Between(spans, firstHour * 4),
            nowRow >= 0 && nowRow < (lastHour - firstHour) * 4 ? nowRow : null,
            ZonedTime.Clock(now.In(zone)),
            SessionListBuilder.NamesUrl([.. spans.Select(span => span.Session)]));
    }

    // Overlapping sessions stand side by side; what overlaps must be known before the first of them is placed.
    private static List<DayBlock> Draw(
        List<Span> spans, IReadOnlyDictionary<string, string> colors, DateTimeOffset now, DateTimeZone zone, int origin)
    {
        var blocks = new List<DayBlock>(spans.Count);
        for (var first = 0; first < spans.Count;)
        {
            var end = spans[first].End;
            var next = first + 1;
            while (next < spans.Count && spans[next].Start < end)
            {
                end = Math.Max(end, spans[next++].End);
            }

            var laneEnds = new List<int>();
            var lanes = new List<int>();
            foreach (var span in spans[first..next])
            {
                var lane = laneEnds.FindIndex(laneEnd => laneEnd <= span.Start);
                if (lane < 0)
                {
                    lane = laneEnds.Count;
                    laneEnds.Add(span.End);
                }

                laneEnds[lane] = span.End;
                lanes.Add(lane);
            }

            var width = Math.Min(MaxLanes, laneEnds.Count);
            for (var index = first; index < next; index++)
            {
                var lane = Math.Min(lanes[index - first], MaxLanes - 1) + 1;
                blocks.Add(Block(spans[index], colors, now, zone, origin, width == 1 ? null : $"lane-{lane}of{width}"));
            }

            first = next;
        }

        return blocks;
    }

    private static DayBlock Block(
        Span span, IReadOnlyDictionary<string, string> colors, DateTimeOffset now, DateTimeZone zone, int origin, string? lane) => new(
        span.Session.Id,
        span.Start - origin,
        span.End - span.Start,
        lane,
        span.Session.EndTime <= now,
        EventTypeColors.Of(colors, span.Session.EventType),
        SessionPeople.Count(span.Session.InviteesCounter),
        span.Session.Name ?? "Session",
        ZonedTime.Range(span.Session.StartTime.In(zone), span.Session.EndTime.In(zone)));

    private static List<DayGap> Between(List<Span> spans, int origin)
    {
        var gaps = new List<DayGap>();
        var busyUntil = spans.Count == 0 ? null : spans[0];
        foreach (var span in spans.Skip(1))
        {
            var free = span.Session.StartTime - busyUntil!.Session.EndTime;
            if (free >= TimeSpan.FromMinutes(15 * ShortestGap) && span.Start > busyUntil.End)
            {
                gaps.Add(new DayGap(busyUntil.End - origin, span.Start - busyUntil.End, $"{ZonedTime.Span(free)} free"));
            }

            busyUntil = span.Session.EndTime > busyUntil.Session.EndTime ? span : busyUntil;
        }

        return gaps;
    }

    private static int Quarter(ZonedDateTime time) => (time.Hour * 4) + (time.Minute / 15);

    /// <summary>A session's quarter hours of one day, at least one.</summary>
    private sealed record Span(ScheduledEvent Session, int Start, int End)
    {
        public static Span? Of(ScheduledEvent session, LocalDate day, DateTimeZone zone)
        {
            var (start, end) = (session.StartTime.In(zone), session.EndTime.In(zone));
            if (start.Date > day || end.Date < day)
            {
                return null;
            }

            var first = start.Date < day ? 0 : Quarter(start);
            var last = end.Date > day ? QuartersADay : Quarter(end) + (end.Minute % 15 == 0 ? 0 : 1);
            return last == 0 ? null : new Span(session, first, Math.Max(first + 1, last));
        }
    }
}

internal sealed record DayHour(int Row, string Text);

/// <param name="Lane">A class that narrows the block where sessions overlap; null otherwise.</param>
internal sealed record DayBlock(string Id, int Row, int Length, string? Lane, bool Past, string Color, string Who, string Type, string Time);

internal sealed record DayGap(int Row, int Length, string Text);
