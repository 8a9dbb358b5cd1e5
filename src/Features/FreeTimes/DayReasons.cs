using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>
/// Why a day has nothing open, from what Calendly tells: the hours and what is busy. Notice, horizon and daily limits it
/// does not tell; where only these are left, the words say "perhaps". A booker learns nothing of a coach's calendar.
/// </summary>
/// <param name="isHost">The reader is the coach.</param>
internal sealed class DayReasons(OpenHours hours, IReadOnlyList<BusyTime> busy, Duration length, bool isHost, Instant now, Instant? firstOpen, Instant? lastOpen)
{
    /// <param name="date">A day in the reader's zone.</param>
    public string Of(LocalDate date, DateTimeZone zone)
    {
        var day = new Interval(date.AtStartOfDayInZone(zone).ToInstant(), date.PlusDays(1).AtStartOfDayInZone(zone).ToInstant());
        var open = hours.Within(day).ToList();
        if (open.Count == 0)
        {
            return isHost && hours.IsClosedOn(date) ? "Closed on this date" : isHost ? "No hours on this day" : "Not a working day";
        }

        var ahead = open.Where(stretch => stretch.End > now).Select(stretch => new Interval(Instant.Max(stretch.Start, now), stretch.End)).ToList();
        if (ahead.Count == 0)
        {
            return "Over for today";
        }

        return ahead.Any(HasRoom) ? Unknown(day) : isHost ? $"All busy: {Blocks(day)}" : "Fully booked";
    }

    // Walks from the end of one busy stretch to the beginning of the next.
    private bool HasRoom(Interval stretch)
    {
        var free = stretch.Start;
        foreach (var (start, end) in busy.Select(Buffered).Where(block => block.End > stretch.Start && block.Start < stretch.End).OrderBy(block => block.Start))
        {
            if (start - free >= length)
            {
                return true;
            }

            free = Instant.Max(free, end);
        }

        return stretch.End - free >= length;
    }

    private string Blocks(Interval day)
    {
        var blocks = busy.Where(time => Buffered(time) is var block && block.End > day.Start && block.Start < day.End).ToList();
        var sessions = blocks.Count(time => time.Type == "calendly");
        return (sessions, blocks.Count - sessions) switch
        {
            (0, 0) => "too little time is left",
            (var booked, 0) => Count(booked, "session"),
            (0, var other) => Count(other, "calendar block"),
            var (booked, other) => $"{Count(booked, "session")}, {Count(other, "calendar block")}",
        };
    }

    private string Unknown(Interval day) =>
        firstOpen is { } first && day.End <= first ? isHost ? "Has room, but Calendly offers none: perhaps the notice" : "Perhaps too soon: it may need more notice"
        : lastOpen is { } last && day.Start > last ? isHost ? "Has room, but Calendly offers none: perhaps how far ahead it opens" : "Perhaps not open so far ahead"
        : isHost ? "Has room, but Calendly offers none: perhaps a daily limit" : "Nothing open";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static (Instant Start, Instant End) Buffered(BusyTime time) => (
        Instant.FromDateTimeOffset(time.BufferedStartTime ?? time.StartTime), Instant.FromDateTimeOffset(time.BufferedEndTime ?? time.EndTime));
}
