using CalendlySlices.Features.FreeTimes;
using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Tests.Features.FreeTimes;

/// <summary>Tuesday 10 March 2026 in New York (UTC−4), open 09:00 to 12:00; now is Monday noon.</summary>
public sealed class DayReasonsTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly LocalDate Tuesday = new(2026, 3, 10);

    [Theory]
    [InlineData(true, "No hours on this day")]
    [InlineData(false, "Not a working day")]
    public void A_day_without_hours(bool host, string words) => Assert.Equal(words, Reason(Tuesday.PlusDays(1), host));

    [Fact]
    public void A_date_closed_by_its_own_rule_is_told_to_the_host_alone()
    {
        Assert.Equal("Closed on this date", Reason(new LocalDate(2026, 3, 17), host: true));
        Assert.Equal("Not a working day", Reason(new LocalDate(2026, 3, 17), host: false));
    }

    [Fact]
    public void A_day_that_is_all_busy_names_what_fills_it_to_the_host_alone()
    {
        BusyTime[] busy = [Busy("2026-03-10T13:00:00Z", "2026-03-10T14:40:00Z", "calendly"), Busy("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z", "external")];

        Assert.Equal("All busy: 1 session, 1 calendar block", Reason(Tuesday, host: true, busy));
        Assert.Equal("Fully booked", Reason(Tuesday, host: false, busy));
    }

    [Fact]
    public void A_gap_that_is_just_long_enough_is_room()
    {
        BusyTime[] busy = [Busy("2026-03-10T13:00:00Z", "2026-03-10T14:30:00Z"), Busy("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z")];

        Assert.Equal("Nothing open", Reason(Tuesday, host: false, busy));
        Assert.Equal("Has room, but Calendly offers none: perhaps a daily limit", Reason(Tuesday, host: true, busy));
    }

    [Fact]
    public void Buffers_count_as_busy()
    {
        BusyTime[] busy =
        [
            Busy("2026-03-10T13:00:00Z", "2026-03-10T14:30:00Z") with { BufferedEndTime = new DateTimeOffset(2026, 3, 10, 14, 45, 0, TimeSpan.Zero) },
            Busy("2026-03-10T15:00:00Z", "2026-03-10T16:00:00Z"),
        ];

        Assert.Equal("Fully booked", Reason(Tuesday, host: false, busy));
    }

    [Fact]
    public void Hours_that_are_over_are_over() =>
        Assert.Equal("Over for today", Reason(Tuesday, host: false, now: "2026-03-10T16:30:00Z"));

    [Fact]
    public void Before_the_first_open_start_it_may_be_the_notice_and_after_the_last_the_horizon()
    {
        Assert.Equal("Perhaps too soon: it may need more notice", Reason(Tuesday, host: false, first: "2026-03-12T13:00:00Z", last: "2026-03-20T13:00:00Z"));
        Assert.Equal("Perhaps not open so far ahead", Reason(Tuesday, host: false, first: "2026-03-05T13:00:00Z", last: "2026-03-09T13:00:00Z"));
        Assert.Contains("perhaps the notice", Reason(Tuesday, host: true, first: "2026-03-12T13:00:00Z", last: "2026-03-20T13:00:00Z"), StringComparison.Ordinal);
    }

    [Fact]
    public void Hours_are_read_in_their_own_zone_to_the_end_of_the_day_and_across_a_clock_change()
    {
        var hours = OpenHours.Of(new EventTypeHours(
            "America/New_York", null, null, null, [Rule("sunday", "00:00", "24:00"), Rule("monday", "22:00", "24:00")]))!;
        var sunday = new Interval(Instant("2026-03-08T05:00:00Z"), Instant("2026-03-09T04:00:00Z"));

        Assert.Equal(23, Assert.Single(hours.Within(sunday)).Duration.TotalHours);
        Assert.Equal(
            [new Interval(Instant("2026-03-10T02:00:00Z"), Instant("2026-03-10T04:00:00Z"))],
            hours.Within(new Interval(Instant("2026-03-09T12:00:00Z"), Instant("2026-03-10T12:00:00Z"))));
        Assert.Null(OpenHours.Of(new EventTypeHours("Mars/Olympus", null, null, null, [])));
    }

    private static string Reason(
        LocalDate date, bool host, BusyTime[]? busy = null, string now = "2026-03-09T16:00:00Z", string? first = null, string? last = null)
    {
        var hours = OpenHours.Of(new EventTypeHours(
            "America/New_York", null, null, null, [Rule("tuesday", "09:00", "12:00"), new AvailabilityRule("date", null, "2026-03-17", [])]))!;
        return new DayReasons(
            hours, busy ?? [], Duration.FromMinutes(30), host, Instant(now), first is null ? null : Instant(first), last is null ? null : Instant(last)).Of(date, NewYork);
    }

    private static AvailabilityRule Rule(string day, string from, string to) => new("wday", day, null, [new AvailabilityInterval(from, to)]);

    private static BusyTime Busy(string start, string end, string type = "external") =>
        new(type, Instant(start).ToDateTimeOffset(), Instant(end).ToDateTimeOffset(), null, null, null);

    private static Instant Instant(string text) => InstantPattern.General.Parse(text).Value;
}
