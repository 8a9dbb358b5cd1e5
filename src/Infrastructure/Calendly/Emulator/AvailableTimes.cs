using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// Finds the start times at which an event type can be booked. A session lies wholly within the hours of its hosts, and,
/// with its own buffers, touches nothing that keeps them busy; the buffers themselves may lie outside the hours. A session
/// that is booked and has seats left can be joined at its very start, whatever the hours have become since. Pure: knows no
/// clock and no world.
/// </summary>
/// <param name="sessions">Those of this event type, for the seats that are left and the limit of a day.</param>
internal sealed class AvailableTimes(SlotRules rules, IReadOnlyList<BookedSession> sessions, Instant now)
{
    /// <summary>Start times from <paramref name="from"/> up to, not including, <paramref name="to"/>, soonest first, at which all
    /// of the hosts are free. They are counted by the hours of the first.</summary>
    public List<OpenSlot> WhenAllAreFree(IReadOnlyList<HostTime> hosts, Instant from, Instant to)
    {
        var zone = hosts[0].Hours.Zone;
        var slots = Joinable(zone, from, to);
        var joinable = slots.Count;
        var length = Duration.FromMinutes(rules.Minutes);
        var step = Duration.FromMinutes(rules.Increment);
        var begin = Instant.Max(from, Earliest);
        var end = Instant.Min(to, Latest(zone));
        if (begin >= end)
        {
            return slots;
        }

        var stretches = hosts[0].Hours.Open(begin, end + length);
        var diaries = hosts.Select(host => new Diary(host, host == hosts[0] ? stretches : host.Hours.Open(begin, end + length))).ToList();
        var fullDates = FullDates(zone);
        foreach (var stretch in stretches)
        {
            var steps = Math.Max(0, (long)Math.Ceiling((stretch.Start - stretch.Anchor) / step));
            for (var start = stretch.Anchor + (step * steps); start < stretch.End && start < end; start += step)
            {
                var block = new TimeBlock(start, start + length);
                if (diaries.TrueForAll(diary => diary.HasRoomFor(block, rules)) && !(fullDates.Count > 0 && fullDates.Contains(start.InZone(zone).Date)))
                {
                    slots.Add(new(start, rules.Seats));
                }
            }
        }

        if (joinable > 0)
        {
            slots.Sort((one, other) => one.Start.CompareTo(other.Start));
        }

        return slots;
    }

    /// <summary>The same where one free host is enough.</summary>
    public List<OpenSlot> WhenAnyIsFree(IReadOnlyList<HostTime> hosts, Instant from, Instant to)
    {
        var byStart = new SortedDictionary<Instant, OpenSlot>();
        foreach (var host in hosts)
        {
            foreach (var slot in WhenAllAreFree([host], from, to))
            {
                byStart[slot.Start] = slot;
            }
        }

        return [.. byStart.Values];
    }

    // The smallest step after the last instant that is too soon.
    private Instant Earliest => now + Duration.FromMinutes(rules.Notice) + Duration.Epsilon;

    private Instant Latest(DateTimeZone zone) => zone.AtStartOfDay(now.InZone(zone).Date.PlusDays(rules.HorizonDays + 1)).ToInstant();

    private List<OpenSlot> Joinable(DateTimeZone zone, Instant from, Instant to)
    {
        var slots = new List<OpenSlot>();
        foreach (var session in sessions)
        {
            if (session.SeatsLeft > 0 && session.Start >= from && session.Start < to && session.Start >= Earliest && session.Start < Latest(zone))
            {
                slots.Add(new(session.Start, session.SeatsLeft));
            }
        }

        slots.Sort((one, other) => one.Start.CompareTo(other.Start));
        return slots;
    }

    private HashSet<LocalDate> FullDates(DateTimeZone zone) => rules.PerDay is { } limit
        ? [.. sessions.GroupBy(session => session.Start.InZone(zone).Date).Where(date => date.Count() >= limit).Select(date => date.Key)]
        : [];

    /// <summary>One host's open and busy time, asked about ever later blocks.</summary>
    private sealed class Diary(HostTime host, List<OpenStretch> stretches)
    {
        private readonly List<TimeBlock> _open = Joined(stretches.Select(stretch => new TimeBlock(stretch.Start, stretch.End)));
        private readonly List<TimeBlock> _busy = Joined(host.Busy.Where(block => block.Start < block.End).OrderBy(block => block.Start));
        private int _nextOpen;
        private int _nextBusy;

        public bool HasRoomFor(TimeBlock block, SlotRules rules)
        {
            while (_nextOpen < _open.Count && _open[_nextOpen].End <= block.Start)
            {
                _nextOpen++;
            }

            if (_nextOpen == _open.Count || _open[_nextOpen].Start > block.Start || _open[_nextOpen].End < block.End)
            {
                return false;
            }

            var start = block.Start - Duration.FromMinutes(rules.BeforeBuffer);
            while (_nextBusy < _busy.Count && _busy[_nextBusy].End <= start)
            {
                _nextBusy++;
            }

            return _nextBusy == _busy.Count || _busy[_nextBusy].Start >= block.End + Duration.FromMinutes(rules.AfterBuffer);
        }

        /// <summary>Blocks in order of their start; those that touch or overlap become one.</summary>
        private static List<TimeBlock> Joined(IEnumerable<TimeBlock> blocks)
        {
            var joined = new List<TimeBlock>();
            foreach (var block in blocks)
            {
                if (joined.Count > 0 && block.Start <= joined[^1].End)
                {
                    joined[^1] = joined[^1] with { End = Instant.Max(joined[^1].End, block.End) };
                }
                else
                {
                    joined.Add(block);
                }
            }

            return joined;
        }
    }
}
