using CalendlySlices.Features.Schedules;
using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;
using static CalendlySlices.Tests.Features.Schedules.SampleHours;

namespace CalendlySlices.Tests.Features.Schedules;

public sealed class HoursTests
{
    private const string Zone = "America/New_York";

    [Fact]
    public void A_date_counts_instead_of_its_weekday()
    {
        var hours = Hours("tuesday 09:00-17:00", "2026-03-10", "2026-03-17 10:00-14:00");

        Assert.Empty(hours[new LocalDate(2026, 3, 10)]);
        Assert.Equal([new HourSpan(600, 840)], hours[new LocalDate(2026, 3, 17)]);
        Assert.Equal([new HourSpan(540, 1020)], hours[new LocalDate(2026, 3, 24)]);
    }

    [Fact]
    public void Rules_of_one_day_are_put_together_in_order() =>
        Assert.Equal([new HourSpan(540, 720), new HourSpan(780, 1020)], Hours("monday 13:00-17:00", "monday 09:00-10:00 10:00-12:00 11:00-11:30")[IsoDayOfWeek.Monday]);

    [Fact]
    public void The_last_minute_of_a_day_is_its_end() =>
        Assert.Equal([new HourSpan(780, 1440)], Hours("monday 13:00-23:59")[IsoDayOfWeek.Monday]);

    [Theory]
    [InlineData("monday 17:00-09:00")]
    [InlineData("monday 09:00-09:00")]
    [InlineData("monday 9:00-17:00")]
    [InlineData("monday 09:00-25:00")]
    [InlineData("monday 09:60-17:00")]
    [InlineData("monday ab:cd-17:00")]
    [InlineData("someday 09:00-17:00")]
    [InlineData("2026-02-30 09:00-17:00")]
    public void One_rule_without_sense_spoils_all(string rule) => Assert.Null(CalendlySlices.Features.Schedules.Hours.Of(Rules("tuesday 09:00-17:00", rule)));

    [Fact]
    public void A_kind_of_rule_that_is_unknown_spoils_all() =>
        Assert.Null(CalendlySlices.Features.Schedules.Hours.Of([new AvailabilityRule("month", null, null, [])]));

    [Fact]
    public void Hours_to_midnight_and_from_midnight_on_are_one_stretch_of_the_first_day()
    {
        var hours = Hours("tuesday 22:00-24:00", "wednesday 00:00-02:00 09:00-17:00");

        Assert.Equal([new Stretch(1320, 1560)], hours.Stretches(IsoDayOfWeek.Tuesday));
        Assert.Equal([new Stretch(540, 1020)], hours.Stretches(IsoDayOfWeek.Wednesday));
    }

    [Fact]
    public void Whole_days_after_one_another_stay_whole_days()
    {
        var hours = Hours([.. CalendlySlices.Features.Schedules.Hours.Days.Select(day => $"{CalendlySlices.Features.Schedules.Hours.Word(day)} 00:00-24:00")]);

        Assert.All(CalendlySlices.Features.Schedules.Hours.Days, day => Assert.Equal([new Stretch(0, 1440)], hours.Stretches(day)));
    }

    [Fact]
    public void What_would_last_longer_than_a_night_is_two_days_hours()
    {
        var hours = Hours("monday 13:00-24:00", "tuesday 00:00-17:00");

        Assert.Equal([new Stretch(780, 1440)], hours.Stretches(IsoDayOfWeek.Monday));
        Assert.Equal([new Stretch(0, 1020)], hours.Stretches(IsoDayOfWeek.Tuesday));
    }

    [Fact]
    public void A_stretch_past_midnight_is_written_as_two_rules_and_sundays_goes_on_into_monday()
    {
        var week = CalendlySlices.Features.Schedules.Hours.Days.Select(day => day == IsoDayOfWeek.Sunday ? [new Stretch(1320, 1560)] : (IReadOnlyList<Stretch>)[]).ToList();

        var rules = Hours().WithWeek(week).ToRules([], new LocalDate(2026, 3, 2));

        Assert.Equal(7, rules.Count);
        Assert.Equal([new AvailabilityInterval("00:00", "02:00")], rules.Single(rule => rule.Wday == "monday").Intervals);
        Assert.Equal([new AvailabilityInterval("22:00", "24:00")], rules.Single(rule => rule.Wday == "sunday").Intervals);
        Assert.All(rules.Where(rule => rule.Wday is not ("sunday" or "monday")), rule => Assert.Empty(rule.Intervals));
    }

    [Fact]
    public void Dates_are_written_as_they_came_without_those_of_before_yesterday()
    {
        var rules = Rules("monday 09:00-17:00", "2026-02-28", "2026-03-01 09:00-10:00", "2026-03-10 13:00-23:59");

        var written = Hours("monday 09:00-12:00").ToRules(rules, new LocalDate(2026, 3, 2));

        Assert.Equal(rules.Skip(2), written.Skip(7));
    }

    [Fact]
    public void A_version_tells_weeks_and_zones_apart_but_neither_dates_nor_spelling()
    {
        var hours = Hours("monday 09:00-17:00");

        Assert.Equal(hours.Version(Zone), Hours("monday 09:00-12:00 12:00-17:00", "2026-03-10").Version(Zone));
        Assert.NotEqual(hours.Version(Zone), Hours("monday 09:00-17:05").Version(Zone));
        Assert.NotEqual(hours.Version(Zone), Hours("tuesday 09:00-17:00").Version(Zone));
        Assert.NotEqual(hours.Version(Zone), hours.Version("Europe/London"));
    }

    [Fact]
    public void A_date_with_hours_keeps_a_schedule_from_being_empty_until_it_has_passed()
    {
        var hours = Hours("monday", "2026-03-10 09:00-10:00");

        Assert.False(hours.IsEmptyFrom(new LocalDate(2026, 3, 10)));
        Assert.True(hours.IsEmptyFrom(new LocalDate(2026, 3, 11)));
    }
}
