using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>
/// Whatever the hours, the busy times and the rules: the free times are exactly those that going through the days minute
/// by minute finds, on every clock change of two years and on ordinary days.
/// </summary>
public sealed class AvailableTimesPropertyTests
{
    private const int Days = 3;
    private const int CasesEach = 60;

    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);
    private static readonly Instant Year2026 = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant Year2028 = Instant.FromUtc(2028, 1, 1, 0, 0);

    [Theory]
    [InlineData("America/New_York", 4)]
    [InlineData("Asia/Kolkata", 0)]
    [InlineData("Europe/London", 4)]
    [InlineData("Australia/Sydney", 4)]
    [InlineData("America/Los_Angeles", 4)]
    [InlineData("America/Phoenix", 0)]
    public void Free_times_are_those_that_going_minute_by_minute_finds(string id, int changes)
    {
        var zone = DateTimeZoneProviders.Tzdb[id];
        var dates = ChangesOf(zone).ToList();
        Assert.Equal(changes, dates.Count);
        // An ordinary winter's and summer's day besides.
        foreach (var date in dates.Append(new LocalDate(2026, 1, 20)).Append(new LocalDate(2027, 7, 15)))
        {
            Check.One(Quietly.WithMaxTest(CasesEach), Prop.ForAll(Cases(zone, date).ToArbitrary(), (Action<Case>)IsRight));
        }
    }

    [Fact]
    public void All_hosts_are_free_when_each_is_and_any_when_one_is()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var pairs = from one in Cases(zone, new LocalDate(2026, 3, 8)) from other in Cases(zone, new LocalDate(2026, 3, 8)) select (one, other);
        Check.One(Quietly, Prop.ForAll(pairs.ToArbitrary(), (Action<(Case One, Case Other)>)(pair =>
        {
            // The same hours, and so the same steps; what keeps the two busy differs.
            var (one, other) = (pair.One, pair.Other with { Hours = pair.One.Hours });
            var times = new AvailableTimes(one.Rules, [], one.Now);
            var (alone, otherAlone) = (Starts(times.WhenAllAreFree([one.Host], one.From, one.To)), Starts(times.WhenAllAreFree([other.Host], one.From, one.To)));
            Assert.Equal(alone.Intersect(otherAlone), Starts(times.WhenAllAreFree([one.Host, other.Host], one.From, one.To)));
            Assert.Equal(alone.Union(otherAlone).Order(), Starts(times.WhenAnyIsFree([one.Host, other.Host], one.From, one.To)));
        })));
    }

    private static void IsRight(Case given)
    {
        var found = new AvailableTimes(given.Rules, given.Own.ConvertAll(own => new BookedSession(own.Start, own.SeatsLeft)), given.Now)
            .WhenAllAreFree([given.Host], given.From, given.To);
        Assert.Equal(MinuteByMinute(given), found.Select(slot => (slot.Start, slot.Seats)).Order());
        Assert.Equal(found.Select(slot => slot.Start).Order(), found.Select(slot => slot.Start));
    }

    /// <summary>The slow way, which shares nothing with the quick one: what the wall clock shows at each minute.</summary>
    private static List<(Instant Start, int Seats)> MinuteByMinute(Case given)
    {
        var (rules, zone) = (given.Rules, given.Zone);
        var margin = Math.Max(rules.BeforeBuffer, rules.Minutes + rules.AfterBuffer);
        var count = (int)(given.To - given.From).TotalMinutes + (2 * margin);
        Instant At(int minute) => given.From + Duration.FromMinutes(minute - margin);
        var wall = Enumerable.Range(0, count).Select(minute => At(minute).InZone(zone).LocalDateTime).ToArray();
        var hours = Array.ConvertAll(wall, local => given.HoursAt(local));
        var taken = Enumerable.Range(0, count).Select(minute => given.Takes.Exists(take =>
            At(minute) >= take.Start - Duration.FromMinutes(take.Before) && At(minute) < take.Start + Duration.FromMinutes(take.Minutes + take.After))).ToArray();

        var today = given.Now.InZone(zone).Date;
        bool IsInReach(Instant start) =>
            start > given.Now + Duration.FromMinutes(rules.Notice) && Period.DaysBetween(today, start.InZone(zone).Date) <= rules.HorizonDays;
        var slots = given.Own.Where(own => own.SeatsLeft > 0 && own.Start >= given.From && own.Start < given.To && IsInReach(own.Start)).Select(own => (own.Start, own.SeatsLeft)).ToList();
        for (var minute = margin; minute < count - margin; minute++)
        {
            if (hours[minute] is { } open
                && ((wall[minute].Hour * 60) + wall[minute].Minute - open.From) % rules.Increment == 0
                && IsInReach(At(minute))
                && (rules.PerDay is not { } limit || given.Own.Count(own => own.Start.InZone(zone).Date == wall[minute].Date) < limit)
                && hours.AsSpan(minute, rules.Minutes).IndexOf((DayHours?)null) < 0
                && !taken.AsSpan(minute - rules.BeforeBuffer, rules.BeforeBuffer + rules.Minutes + rules.AfterBuffer).Contains(true))
            {
                slots.Add((At(minute), rules.Seats));
            }
        }

        return [.. slots.Order()];
    }

    private static List<Instant> Starts(List<OpenSlot> slots) => slots.ConvertAll(slot => slot.Start);

    private static IEnumerable<LocalDate> ChangesOf(DateTimeZone zone) =>
        zone.GetZoneIntervals(Year2026, Year2028).Where(interval => interval.HasStart && interval.Start > Year2026).Select(interval => interval.IsoLocalStart.Date);

    /// <summary>Three days around the date.</summary>
    private static Gen<Case> Cases(DateTimeZone zone, LocalDate date)
    {
        var begin = zone.AtStartOfDay(date.PlusDays(-1)).ToInstant();
        var weeks = Gen.ArrayOf(Day, 7);
        var overrides = from count in Gen.Choose(0, 2) from days in Gen.ArrayOf(Day, count) from first in Gen.Choose(-1, 1) select (first, days);
        var takes = from count in Gen.Choose(0, 5) from some in Gen.ArrayOf(Take(begin), count) select some;
        var own = from count in Gen.Choose(0, 3) from some in Gen.ArrayOf(Own(begin), count) select some;
        return from week in weeks
               from special in overrides
               from busy in takes
               from mine in own
               from rules in Rules
               from seconds in Gen.Choose(-3 * 86_400, 86_400)
               select new Case(
                   zone,
                   begin,
                   zone.AtStartOfDay(date.PlusDays(Days - 1)).ToInstant(),
                   begin + Duration.FromSeconds(seconds),
                   new Schedule(week, special.days.Select((hours, place) => (date.PlusDays(special.first + place), hours)).ToDictionary(day => day.Item1, day => day.hours)),
                   [.. busy, .. mine.Select(session => new Taken(session.Start, rules.Minutes, rules.BeforeBuffer, rules.AfterBuffer))],
                   [.. mine],
                   rules);
    }

    /// <summary>Up to three stretches, often in the small hours, where clocks change; some touch each other or midnight.</summary>
    private static Gen<DayHours[]> Day =>
        from latest in Gen.Elements(60, 288, 288)
        from count in Gen.Choose(0, 3)
        from ends in Gen.ArrayOf(Gen.Choose(0, latest), count * 2)
        select ends.Order().Chunk(2).Where(pair => pair[0] < pair[1]).Select(pair => new DayHours(pair[0] * 5, pair[1] * 5)).ToArray();

    private static Gen<Taken> Take(Instant begin) =>
        from start in Gen.Choose(-600, Days * 1440)
        from minutes in Gen.Choose(1, 400)
        from before in Gen.Elements(0, 0, 10, 45)
        from after in Gen.Elements(0, 0, 15, 60)
        select new Taken(begin + Duration.FromMinutes(start), minutes, before, after);

    private static Gen<OwnSession> Own(Instant begin) =>
        from start in Gen.Choose(-60, Days * 1440)
        from left in Gen.Choose(0, 3)
        select new OwnSession(begin + Duration.FromMinutes(start), left);

    private static Gen<SlotRules> Rules =>
        from minutes in Gen.Elements(7, 15, 20, 30, 45, 60, 90)
        from increment in Gen.Elements(5, 10, 15, 20, 30, 45, 60, 720)
        from before in Gen.Elements(0, 0, 5, 15, 30)
        from after in Gen.Elements(0, 0, 10, 60)
        from notice in Gen.Elements(0, 0, 60, 240, 1440)
        from horizon in Gen.Elements(1, 2, 3, 60)
        from perDay in Gen.Elements(0, 0, 1, 2)
        from seats in Gen.Elements(1, 1, 12)
        select new SlotRules(minutes, increment)
        {
            BeforeBuffer = before,
            AfterBuffer = after,
            Notice = notice,
            HorizonDays = horizon,
            PerDay = perDay == 0 ? null : perDay,
            Seats = seats,
        };

    private sealed record Taken(Instant Start, int Minutes, int Before, int After);

    private sealed record OwnSession(Instant Start, int SeatsLeft);

    /// <param name="Week">Monday first.</param>
    private sealed record Schedule(DayHours[][] Week, Dictionary<LocalDate, DayHours[]> Dates);

    private sealed record Case(DateTimeZone Zone, Instant From, Instant To, Instant Now, Schedule Hours, List<Taken> Takes, List<OwnSession> Own, SlotRules Rules)
    {
        public HostTime Host => new(
            new WeeklyHours(
                Zone,
                Hours.Week.Select((hours, day) => (hours, day)).ToDictionary(day => (IsoDayOfWeek)(day.day + 1), day => (IReadOnlyList<DayHours>)day.hours),
                Hours.Dates.ToDictionary(date => date.Key, date => (IReadOnlyList<DayHours>)date.Value)),
            Takes.ConvertAll(take => new TimeBlock(take.Start - Duration.FromMinutes(take.Before), take.Start + Duration.FromMinutes(take.Minutes + take.After))));

        /// <summary>The stretch that this local time lies in, or null.</summary>
        public DayHours? HoursAt(LocalDateTime local)
        {
            var minute = (local.Hour * 60) + local.Minute;
            foreach (var hours in Hours.Dates.TryGetValue(local.Date, out var special) ? special : Hours.Week[(int)local.DayOfWeek - 1])
            {
                if (minute >= hours.From && minute < hours.To)
                {
                    return hours;
                }
            }

            return null;
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Zone.Id} {From} to {To}, now {Now}
            week {string.Join(" | ", Hours.Week.Select(Text))}; dates {string.Join(" | ", Hours.Dates.Select(date => $"{LocalDatePattern.Iso.Format(date.Key)} {Text(date.Value)}"))}
            taken {string.Join(", ", Takes)}; own {string.Join(", ", Own)}; {Rules}
            """);

        private static string Text(DayHours[] hours) => string.Join(' ', hours.Select(one => $"{one.From / 60:00}:{one.From % 60:00}-{one.To / 60:00}:{one.To % 60:00}"));
    }
}
