using CalendlySlices.Features.Schedules;
using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;
using NodaTime.Text;
using static CalendlySlices.Tests.Features.Schedules.SampleHours;

namespace CalendlySlices.Tests.Features.Schedules;

/// <summary>Counting hours, against examples that were worked out by hand.</summary>
public sealed class RealHoursTests
{
    private static readonly LocalDate Monday = new(2026, 3, 2);

    // Monday 2 to Sunday 8 March 2026 in New York; on the Sunday 02:00 becomes 03:00.
    //   Mon, Tue, Wed, Fri  09:00–12:30 and 13:30–17:00    3 h 30 + 3 h 30, four times    28 h
    //   Thu                 closed for this date                                           0 h
    //   Sun                 01:00–05:00                    an hour of it does not happen   3 h
    //                                                                                     31 h
    private static readonly Hours Example = Hours(
        "monday 09:00-12:30 13:30-17:00", "tuesday 09:00-12:30 13:30-17:00", "wednesday 09:00-12:30 13:30-17:00",
        "thursday 09:00-12:30 13:30-17:00", "friday 09:00-12:30 13:30-17:00", "sunday 01:00-05:00", "2026-03-05");

    [Fact]
    public void The_week_of_the_worked_example_has_31_hours() => Assert.Equal(Duration.FromHours(31), RealHours.Total(RealHours.Of(Example, NewYork, Monday, 7)));

    [Fact]
    public void The_booked_hours_of_the_worked_example_are_three_and_a_half()
    {
        var card = new ScheduleCards(Monday, NewYork, false, InstantPattern.General.Parse("2026-03-01T12:00:00Z").Value,
        [
            Busy("calendly", "2026-03-02T14:00:00Z", "2026-03-02T15:30:00Z"), // Mon 09:00–10:30           1 h 30
            Busy("calendly", "2026-03-02T15:00:00Z", "2026-03-02T15:30:00Z"), // the same time again       0 h
            Busy("calendly", "2026-03-03T17:00:00Z", "2026-03-03T19:00:00Z"), // Tue 12:00–14:00, a break  1 h
            Busy("external", "2026-03-04T14:00:00Z", "2026-03-04T16:00:00Z"), // not booked here           0 h
            Busy("calendly", "2026-03-05T14:00:00Z", "2026-03-05T15:00:00Z"), // Thu, closed               0 h
            Busy("calendly", "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"), // Sun 01:30–03:30           1 h
        ]).Card(Schedule(Example, "America/New_York"));

        Assert.Equal("31 h bookable, 3 h 30 min booked this week", card.Count);
    }

    [Fact]
    public void A_week_that_has_begun_says_from_when_its_bookings_are_counted()
    {
        var card = new ScheduleCards(Monday, NewYork, false, InstantPattern.General.Parse("2026-03-02T15:00:00Z").Value, []).Card(Schedule(Example, "America/New_York"));

        Assert.Equal("31 h bookable this week, 0 h booked from now on", card.Count);
    }

    [Fact]
    public void Without_busy_times_only_the_hours_are_counted() => Assert.Equal(
        "31 h bookable this week",
        new ScheduleCards(Monday, NewYork, false, InstantPattern.General.Parse("2026-03-01T12:00:00Z").Value, null).Card(Schedule(Example, "America/New_York")).Count);

    [Theory]
    // 8 March, New York: 01:59 is followed by 03:00.
    [InlineData("America/New_York", "2026-03-08", "sunday 00:00-24:00", 23 * 60)]
    [InlineData("America/New_York", "2026-03-08", "sunday 02:00-03:00", 0)]
    [InlineData("America/New_York", "2026-03-08", "sunday 02:30-04:00", 60)]
    // 29 March, London: 00:59 is followed by 02:00.
    [InlineData("Europe/London", "2026-03-29", "sunday 00:00-03:00", 120)]
    [InlineData("Europe/London", "2026-03-29", "sunday 09:00-17:00", 480)]
    // 5 April, Sydney: 02:59 is followed by 02:00, and then by 03:00.
    [InlineData("Australia/Sydney", "2026-04-05", "sunday 00:00-04:00", 300)]
    [InlineData("Australia/Sydney", "2026-04-05", "sunday 00:00-02:30", 180)]
    [InlineData("Australia/Sydney", "2026-04-05", "sunday 03:00-04:00", 60)]
    public void Clock_changes_count_as_they_happen(string zone, string date, string rule, int minutes) => Assert.Equal(
        Duration.FromMinutes(minutes),
        RealHours.Total(RealHours.Of(Hours(rule), DateTimeZoneProviders.Tzdb[zone], LocalDatePattern.Iso.Parse(date).Value, 1)));

    [Fact]
    public void Hours_of_Sydney_are_read_on_the_clock_of_New_York()
    {
        // Tue 09:00–17:00 in Sydney (UTC+11) is Mon 17:00 to Tue 01:00 in New York (UTC−5).
        var card = new ScheduleCards(Monday, NewYork, true, InstantPattern.General.Parse("2026-03-02T15:00:00Z").Value, []).Card(Schedule(Hours("tuesday 09:00-17:00"), "Australia/Sydney"));

        Assert.Equal("17:00 until 01:00 on Tuesday", card.Days[0].Words);
        Assert.Equal("until 01:00 from Monday", card.Days[1].Words);
        Assert.Equal([new HourSpan(1020, 1440)], card.Days[0].Open);
        Assert.Equal([new HourSpan(0, 60)], card.Days[1].Open);
        Assert.Equal(["New York", "Sydney"], card.Axes.Select(axis => axis.Zone));
        Assert.Equal(["00", "06", "12", "18", "24"], card.Axes[0].Marks);
        Assert.Equal(["16", "22", "04", "10", "16"], card.Axes[1].Marks);
        Assert.Equal("Clocks change on Sun 8 Mar; the second row of hours is right until then.", card.ClockChange);
    }

    [Fact]
    public void A_zone_that_is_half_an_hour_apart_gets_marks_with_minutes()
    {
        var card = new ScheduleCards(Monday, London, false, InstantPattern.General.Parse("2026-03-02T15:00:00Z").Value, []).Card(Schedule(Example, "Asia/Kolkata"));

        Assert.Equal(["18:30", "00:30", "06:30", "12:30", "18:30"], card.Axes[1].Marks);
        Assert.Null(card.ClockChange);
    }

    [Fact]
    public void Busy_times_are_drawn_on_the_days_they_fall_on()
    {
        var card = new ScheduleCards(Monday, NewYork, false, InstantPattern.General.Parse("2026-03-02T15:00:00Z").Value,
            [Busy("external", "2026-03-03T04:00:00Z", "2026-03-03T06:00:00Z"), Busy("reserved", "2026-03-03T05:30:00Z", "2026-03-03T07:00:00Z")]).Card(Schedule(Example, "America/New_York"));

        Assert.Equal([new HourSpan(1380, 1440)], card.Days[0].Busy);
        Assert.Equal([new HourSpan(0, 120)], card.Days[1].Busy);
    }

    [Fact]
    public void A_date_with_other_hours_says_what_its_weekday_has()
    {
        var card = new ScheduleCards(Monday, NewYork, false, InstantPattern.General.Parse("2026-03-02T15:00:00Z").Value, []).Card(Schedule(Example, "America/New_York"));

        Assert.Equal(("Closed", "usually 09:00–12:30, 13:30–17:00"), (card.Days[3].Words, card.Days[3].Usual));
        Assert.Equal(["Thu 5 Mar: Closed"], card.Overrides.Select(date => date.Words));
    }

    private static AvailabilitySchedule Schedule(Hours hours, string zone) => new(
        "https://api.calendly.com/user_availability_schedules/S1", true, "Office hours", "https://api.calendly.com/users/ANA", zone,
        [.. hours.ToRules([], Monday), .. hours.Dates.Select(date => new AvailabilityRule("date", null, LocalDatePattern.Iso.Format(date.Key), [.. date.Value.Select(span => span.ToInterval())]))]);

    private static BusyTime Busy(string type, string from, string to) =>
        new(type, InstantPattern.General.Parse(from).Value.ToDateTimeOffset(), InstantPattern.General.Parse(to).Value.ToDateTimeOffset(), null, null, null);
}
