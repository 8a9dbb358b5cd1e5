using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Calendly.Models;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Tests.Infrastructure.Calendar;

public sealed class WeekGridTests
{
    private static readonly string[] Zones =
        ["America/New_York", "Asia/Kolkata", "Europe/London", "Australia/Sydney", "America/Los_Angeles", "America/Phoenix", "Australia/Lord_Howe"];

    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true);

    [Fact]
    public void Every_slot_stands_in_the_row_and_column_of_its_wall_clock_time_across_every_clock_change() => Assert.All(Weeks(), week =>
        Check.One(Cases, Prop.ForAll(Starts(week.Zone, week.Monday).ToArbitrary(), (Action<Instant[]>)(starts =>
        {
            var days = Days(week.Zone, week.Monday, 7, starts, TimeSpan.FromMinutes(15));
            var grid = WeekGrid.Of(days, TimeSpan.FromMinutes(15), week.Monday.PlusDays(-1).AtStartOfDayInZone(week.Zone), allHours: true);

            var placed = grid.Days.SelectMany(day => day.Slots.Select(slot => (day.Date, slot))).ToList();
            Assert.Equal(starts.Distinct().Count(), placed.Count);
            foreach (var (date, slot) in placed)
            {
                var local = Instant.FromDateTimeOffset(slot.Slot.Time.StartTime).InZone(week.Zone);
                var hour = grid.Hours[slot.Row / 12];
                var mapping = week.Zone.MapLocal(local.LocalDateTime);
                Assert.Equal(local.Date, date);
                Assert.Equal(local.Hour, hour.Hour);
                Assert.Equal(local.Minute / 5, slot.Row % 12);
                Assert.Equal(mapping.Count == 2 && mapping.Last() == local, hour.Again);
                Assert.InRange(slot.Fives, 1, 3);
            }
        }))));

    [Fact]
    public void Within_a_day_later_slots_stand_lower_and_none_covers_the_next() => Assert.All(Weeks(), week =>
        Check.One(Cases, Prop.ForAll(Starts(week.Zone, week.Monday).ToArbitrary(), (Action<Instant[]>)(starts =>
        {
            var grid = WeekGrid.Of(
                Days(week.Zone, week.Monday, 7, starts, TimeSpan.FromMinutes(45)),
                TimeSpan.FromMinutes(45),
                week.Monday.PlusDays(-1).AtStartOfDayInZone(week.Zone),
                allHours: true);

            Assert.All(grid.Days, day => Assert.All(day.Slots.Zip(day.Slots.Skip(1)), pair =>
                Assert.True(pair.First.Row + pair.First.Fives <= pair.Second.Row, $"{pair.First} covers {pair.Second}")));
        }))));

    [Theory]
    // Sunday 1 November 2026, New York: 01:00 to 02:00 comes twice.
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T05:30:00Z", "01:00", 6, false)]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T06:30:00Z", "01 again", 6, true)]
    [InlineData("America/New_York", "2026-11-01", "2026-11-01T07:00:00Z", "02:00", 0, false)]
    // Sunday 8 March 2026, New York: after 01:59 comes 03:00.
    [InlineData("America/New_York", "2026-03-08", "2026-03-08T06:45:00Z", "01:00", 9, false)]
    [InlineData("America/New_York", "2026-03-08", "2026-03-08T07:00:00Z", "03:00", 0, false)]
    // Sunday 29 March 2026, London: after 00:59 comes 02:00.
    [InlineData("Europe/London", "2026-03-29", "2026-03-29T01:00:00Z", "02:00", 0, false)]
    // Sunday 5 April 2026, Sydney: 02:00 to 03:00 comes twice.
    [InlineData("Australia/Sydney", "2026-04-05", "2026-04-04T15:15:00Z", "02:00", 3, false)]
    [InlineData("Australia/Sydney", "2026-04-05", "2026-04-04T16:15:00Z", "02 again", 3, true)]
    // Half an hour comes twice on Lord Howe: 01:30 to 02:00.
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-04T15:15:00Z", "01 again", 9, true)]
    public void A_slot_on_the_day_of_a_clock_change_stands_where_the_clock_shows_it(string zone, string day, string start, string hour, int fives, bool again)
    {
        var slot = Place(zone, day, start, out var grid);

        Assert.Equal((hour, fives, again), (grid.Hours[slot.Row / 12].Label, slot.Row % 12, slot.Slot.Again));
        Assert.Equal(again, slot.Slot.Label.Contains(" again to ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_skipped_hour_is_hatched_and_the_repeated_one_is_no_time_on_other_days()
    {
        _ = Place("America/New_York", "2026-03-08", "2026-03-08T16:00:00Z", out var spring);
        Assert.Equal(new GridHatch("skipped", 24, 12), Assert.Single(spring.Days.Single(day => day.Date.Day == 8).Hatches));

        _ = Place("America/New_York", "2026-11-01", "2026-11-01T16:00:00Z", out var autumn);
        Assert.Empty(autumn.Days.Single(day => day.Date.Day == 1).Hatches);
        Assert.Equal(new GridHatch("skipped", 24, 12), Assert.Single(autumn.Days.Single(day => day.Date.Day == 30).Hatches));
    }

    [Fact]
    public void What_is_past_today_is_hatched_down_to_now()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var monday = new LocalDate(2026, 3, 2);
        var now = monday.At(new LocalTime(10, 20)).InZoneStrictly(zone);

        var grid = WeekGrid.Of(Days(zone, monday, 7, [], TimeSpan.FromMinutes(30)), TimeSpan.FromMinutes(30), now, allHours: false);

        Assert.Equal(("past", 0, 16), (grid.Days[0].Hatches[0].Kind, grid.Days[0].Hatches[0].Row, grid.Days[0].Hatches[0].Fives));
        Assert.All(grid.Days.Skip(1), day => Assert.Empty(day.Hatches));
    }

    [Fact]
    public void Early_and_late_hours_are_folded_until_all_are_asked_for()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var monday = new LocalDate(2026, 3, 9);
        Instant[] starts = [At(4, 0), At(5, 30), At(10, 0), At(22, 0), At(23, 30)];
        var days = Days(zone, monday, 7, starts, TimeSpan.FromMinutes(30));
        var now = monday.PlusDays(-1).AtStartOfDayInZone(zone);

        var folded = WeekGrid.Of(days, TimeSpan.FromMinutes(30), now, allHours: false);
        var all = WeekGrid.Of(days, TimeSpan.FromMinutes(30), now, allHours: true);

        Assert.Equal((2, 2, 5, 1), (folded.Earlier, folded.Later, folded.Days[0].Open, folded.Days[0].Slots.Count));
        Assert.Equal((9, 16), (folded.Hours[0].Hour, folded.Hours[^1].Hour));
        Assert.Equal((0, 0, 5, 24), (all.Earlier, all.Later, all.Days[0].Slots.Count, all.Hours.Count));

        Instant At(int hour, int minute) => monday.At(new LocalTime(hour, minute)).InZoneStrictly(zone).ToInstant();
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(15, 3)]
    [InlineData(20, 4)]
    [InlineData(30, 6)]
    [InlineData(90, 6)]
    public void The_shortest_slot_decides_how_tall_an_hour_is(int minutes, int unit)
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/London"];
        var monday = new LocalDate(2026, 3, 9);
        var start = monday.At(new LocalTime(10, 0)).InZoneStrictly(zone).ToInstant();

        var grid = WeekGrid.Of(Days(zone, monday, 7, [start], TimeSpan.FromMinutes(minutes)), TimeSpan.FromMinutes(minutes), monday.AtStartOfDayInZone(zone), allHours: false);

        Assert.Equal(unit, grid.Unit);
    }

    [Fact]
    public void A_slot_is_named_in_full()
    {
        var slot = FreeSlot.Of(
            new AvailableTime("available", 1, new DateTimeOffset(2026, 3, 10, 13, 0, 0, TimeSpan.Zero), "https://calendly.com/x"),
            TimeSpan.FromMinutes(30),
            DateTimeZoneProviders.Tzdb["America/New_York"]);

        Assert.Equal("Tuesday 10 March, 09:00 to 09:30, open", slot.Label);
        Assert.Equal("2026-03-10T13:00:00Z", slot.Value);
    }

    private static GridSlot Place(string zoneId, string day, string start, out WeekGrid grid)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var date = LocalDatePattern.Iso.Parse(day).Value;
        var monday = date.PlusDays(1 - (int)date.DayOfWeek);
        grid = WeekGrid.Of(
            Days(zone, monday, 7, [InstantPattern.General.Parse(start).Value], TimeSpan.FromMinutes(15)),
            TimeSpan.FromMinutes(15),
            monday.PlusDays(-1).AtStartOfDayInZone(zone),
            allHours: true);
        return Assert.Single(grid.Days.Single(other => other.Date == date).Slots);
    }

    /// <summary>Every week of 2026 and 2027 in which the clocks of a zone are moved, and an ordinary one for each zone.</summary>
    private static List<(DateTimeZone Zone, LocalDate Monday)> Weeks() =>
        [.. Zones.Select(id => DateTimeZoneProviders.Tzdb[id]).SelectMany(zone => zone
            .GetZoneIntervals(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2028, 1, 1, 0, 0)).Skip(1)
            .Select(interval => interval.Start.InZone(zone).Date)
            .Append(new LocalDate(2026, 6, 10))
            .Select(date => (zone, date.PlusDays(1 - (int)date.DayOfWeek))))];

    private static Gen<Instant[]> Starts(DateTimeZone zone, LocalDate monday)
    {
        var first = monday.AtStartOfDayInZone(zone).ToInstant();
        var quarters = (int)((monday.PlusDays(7).AtStartOfDayInZone(zone).ToInstant() - first).TotalMinutes / 15);
        return Gen.Choose(0, quarters - 1).Select(quarter => first + Duration.FromMinutes(15 * quarter)).ArrayOf();
    }

    // Built from the instants alone, not by the code under test.
    private static List<FreeDay> Days(DateTimeZone zone, LocalDate first, int count, Instant[] starts, TimeSpan duration) =>
        [.. Enumerable.Range(0, count).Select(number => first.PlusDays(number)).Select(date => new FreeDay(
            date,
            [.. starts.Distinct().Order().Where(start => start.InZone(zone).Date == date).Select(start =>
                FreeSlot.Of(new AvailableTime("available", 1, start.ToDateTimeOffset(), "https://calendly.com/x"), duration, zone))]))];
}
