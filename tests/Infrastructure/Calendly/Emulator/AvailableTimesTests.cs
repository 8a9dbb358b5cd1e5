using CalendlySlices.Infrastructure.Calendly.Emulator;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>Worked by hand: which start times a day has when the clocks change within its hours.</summary>
public sealed class AvailableTimesTests
{
    private static readonly SlotRules Hourly = new(60, 60) { HorizonDays = 10 };

    [Fact]
    public void The_hour_that_new_york_skips_in_spring_has_no_start() =>
        // Open 01:00 to 04:00; the clock goes from 02:00 EST to 03:00 EDT, so that two hours are left.
        Assert.Equal(["06:00", "07:00"], Starts("America/New_York", new(2026, 3, 8), "01:00-04:00", Hourly));

    [Fact]
    public void A_session_goes_on_over_the_skipped_hour() =>
        // From 01:30 EST a session of an hour ends at 03:30 EDT.
        Assert.Equal(["06:00", "06:30", "07:00"], Starts("America/New_York", new(2026, 3, 8), "01:00-04:00", Hourly with { Increment = 30 }));

    [Fact]
    public void The_hour_that_new_york_repeats_in_autumn_starts_twice() =>
        // 01:00 EDT, 01:00 EST, 02:00 EST, 03:00 EST: four hours.
        Assert.Equal(["05:00", "06:00", "07:00", "08:00"], Starts("America/New_York", new(2026, 11, 1), "01:00-04:00", Hourly));

    [Fact]
    public void Hours_within_the_repeated_hour_are_open_twice_and_not_between() =>
        // 01:00 to 01:45 EDT, then 01:00 to 01:45 EST; no session of half an hour begins at 01:30 and reaches into the gap.
        Assert.Equal(["05:00", "05:15", "06:00", "06:15"], Starts("America/New_York", new(2026, 11, 1), "01:00-01:45", new SlotRules(30, 15)));

    [Fact]
    public void London_loses_an_hour_in_march() =>
        // 00:00 GMT, then 02:00 BST, which is 01:00 UTC, and 03:00 BST.
        Assert.Equal(["00:00", "01:00", "02:00"], Starts("Europe/London", new(2026, 3, 29), "00:00-04:00", Hourly));

    [Fact]
    public void Sydney_repeats_an_hour_in_april() =>
        // 01:00 and 02:00 AEDT are 14:00 and 15:00 UTC of the day before; 02:00 and 03:00 AEST are 16:00 and 17:00.
        Assert.Equal(["14:00", "15:00", "16:00", "17:00"], Starts("Australia/Sydney", new(2026, 4, 5), "01:00-04:00", Hourly));

    [Fact]
    public void Phoenix_never_changes() =>
        Assert.Equal(["08:00", "09:00", "10:00"], Starts("America/Phoenix", new(2026, 3, 8), "01:00-04:00", Hourly));

    [Fact]
    public void A_session_crosses_midnight_where_the_hours_of_two_days_meet()
    {
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> { [IsoDayOfWeek.Friday] = [new(22 * 60, 1440)], [IsoDayOfWeek.Saturday] = [new(0, 60)] };
        var hours = new WeeklyHours(DateTimeZone.Utc, week, new Dictionary<LocalDate, IReadOnlyList<DayHours>>());
        var slots = new AvailableTimes(new SlotRules(90, 30), [], At("2026-03-02T00:00:00Z")).WhenAllAreFree([new(hours, [])], At("2026-03-02T00:00:00Z"), At("2026-03-09T00:00:00Z"));
        Assert.Equal(["22:00", "22:30", "23:00", "23:30"], slots.Select(slot => InstantPattern.General.Format(slot.Start)[11..16]));
    }

    [Fact]
    public void Buffers_of_both_sides_keep_their_distance()
    {
        var rules = new SlotRules(30, 15) { BeforeBuffer = 15, AfterBuffer = 30 };
        // Busy 10:00 to 11:00, with whatever buffers it has: nothing from 09:15, where 30 minutes after would reach it, to 11:00.
        Assert.Equal(["08:00", "08:15", "08:30", "08:45", "09:00", "11:15", "11:30"], Starts("Etc/UTC", new(2026, 3, 3), "08:00-12:00", rules, new TimeBlock(At("2026-03-03T10:00:00Z"), At("2026-03-03T11:00:00Z"))));
    }

    [Fact]
    public void Notice_horizon_and_the_limit_of_a_day_hold()
    {
        var hours = Every("08:00-11:00");
        var now = At("2026-03-02T07:00:00Z");
        var rules = Hourly with { Notice = 60, HorizonDays = 2, PerDay = 1 };
        var sessions = new BookedSession[] { new(At("2026-03-03T12:00:00Z"), 0) };
        var slots = new AvailableTimes(rules, sessions, now).WhenAllAreFree([new(hours, [])], now, now + Duration.FromDays(31));
        // 08:00 is exactly an hour away, and has to be more; the 3rd has its one session; the 4th is the last that can be booked.
        Assert.Equal(["02T09:00", "02T10:00", "04T08:00", "04T09:00", "04T10:00"], slots.Select(slot => InstantPattern.General.Format(slot.Start)[8..16]));
    }

    [Fact]
    public void Who_is_free_of_several_hosts_is_all_or_any()
    {
        var now = At("2026-03-02T00:00:00Z");
        HostTime[] hosts =
        [
            new(Every("08:00-10:00"), [new(At("2026-03-02T09:00:00Z"), At("2026-03-02T09:30:00Z"))]),
            new(Every("08:30-11:00"), []),
        ];
        var times = new AvailableTimes(new SlotRules(30, 30), [], now);
        Assert.Equal(["08:30", "09:30"], times.WhenAllAreFree(hosts, now, now + Duration.FromDays(1)).Select(Clock));
        Assert.Equal(["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"], times.WhenAnyIsFree(hosts, now, now + Duration.FromDays(1)).Select(Clock));
    }

    [Fact]
    public void A_group_with_seats_left_is_joined_at_its_start_and_a_full_one_is_not()
    {
        var now = At("2026-03-02T00:00:00Z");
        BookedSession[] sessions = [new(At("2026-03-02T08:20:00Z"), 3), new(At("2026-03-02T10:00:00Z"), 0)];
        HostTime host = new(Every("08:00-12:00"), [.. sessions.Select(session => new TimeBlock(session.Start, session.Start + Duration.FromHours(1)))]);
        var slots = new AvailableTimes(Hourly with { Seats = 6 }, sessions, now).WhenAllAreFree([host], now, now + Duration.FromDays(1));
        Assert.Equal([("08:20", 3), ("11:00", 6)], slots.Select(slot => (Clock(slot), slot.Seats)));
    }

    private static string Clock(OpenSlot slot) => InstantPattern.General.Format(slot.Start)[11..16];

    private static Instant At(string text) => InstantPattern.General.Parse(text).Value;

    private static WeeklyHours Every(string hours, string zone = "Etc/UTC") => new(
        DateTimeZoneProviders.Tzdb[zone],
        AvailabilityRules.Weekdays.ToDictionary(
            weekday => weekday.Day,
            weekday => (IReadOnlyList<DayHours>)[new DayHours(Minute(hours[..5]), Minute(hours[6..]))]),
        new Dictionary<LocalDate, IReadOnlyList<DayHours>>());

    private static int Minute(string time) => (int.Parse(time[..2], null) * 60) + int.Parse(time[3..], null);

    /// <summary>Start times of one local date, as times of day in UTC.</summary>
    private static List<string> Starts(string zone, LocalDate date, string hours, SlotRules rules, params TimeBlock[] busy)
    {
        var every = Every(hours, zone);
        var from = every.Zone.AtStartOfDay(date).ToInstant();
        var to = every.Zone.AtStartOfDay(date.PlusDays(1)).ToInstant();
        return [.. new AvailableTimes(rules, [], from - Duration.FromDays(1)).WhenAllAreFree([new(every, busy)], from, to).Select(Clock)];
    }
}
