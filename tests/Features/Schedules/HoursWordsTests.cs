using CalendlySlices.Features.Schedules;
using NodaTime;
using static CalendlySlices.Tests.Features.Schedules.SampleHours;

namespace CalendlySlices.Tests.Features.Schedules;

public sealed class HoursWordsTests
{
    [Theory]
    [InlineData(IsoDayOfWeek.Monday, "09:00–12:30, 13:30–17:00")]
    [InlineData(IsoDayOfWeek.Tuesday, "22:00 until 02:00 on Wednesday")]
    [InlineData(IsoDayOfWeek.Wednesday, "until 02:00 from Tuesday")]
    [InlineData(IsoDayOfWeek.Thursday, "13:00–24:00")]
    [InlineData(IsoDayOfWeek.Friday, "Closed")]
    [InlineData(IsoDayOfWeek.Saturday, "20:00 until 01:00 on Sunday")]
    [InlineData(IsoDayOfWeek.Sunday, "until 01:00 from Saturday, 10:00–11:00")]
    public void A_day_reads_as_people_say_it(IsoDayOfWeek day, string words)
    {
        var hours = Hours(
            "monday 09:00-12:30 13:30-17:00", "tuesday 22:00-24:00", "wednesday 00:00-02:00", "thursday 13:00-24:00", "saturday 20:00-24:00", "sunday 00:00-01:00 10:00-11:00");

        Assert.Equal(words, HoursWords.Day(hours[CalendlySlices.Features.Schedules.Hours.Before(day)], hours[day], hours[CalendlySlices.Features.Schedules.Hours.After(day)], day));
    }

    [Fact]
    public void Only_the_days_that_differ_are_told()
    {
        var from = Hours("monday 09:00-17:00", "tuesday 09:00-17:00", "friday 22:00-24:00", "saturday 00:00-02:00");
        var to = Hours("monday 09:00-17:00", "tuesday 09:00-13:00", "wednesday 10:00-11:00", "friday 22:00-24:00", "saturday 00:00-01:00");

        Assert.Equal(
            ["Tuesday 09:00–17:00 → 09:00–13:00", "Wednesday Closed → 10:00–11:00", "Friday 22:00 until 02:00 on Saturday → 22:00 until 01:00 on Saturday"],
            HoursWords.Changes(from, to));
        Assert.Empty(HoursWords.Changes(from, from));
    }

    [Theory]
    [InlineData(1860, "31 h")]
    [InlineData(30, "30 min")]
    [InlineData(750, "12 h 30 min")]
    [InlineData(0, "0 h")]
    public void Lengths_are_hours_and_minutes(int minutes, string words) => Assert.Equal(words, HoursWords.Length(Duration.FromMinutes(minutes)));

    [Fact]
    public void Dates_say_their_day()
    {
        Assert.Equal("Tue 10 Mar: Closed", HoursWords.Date(new LocalDate(2026, 3, 10), []));
        Assert.Equal("Thu 12 Mar: 10:00–14:00", HoursWords.Date(new LocalDate(2026, 3, 12), [new HourSpan(600, 840)]));
    }
}
