using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Tests.Infrastructure.Web;

public class ZonedTimeTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    [Theory]
    [InlineData("2026-03-06T14:00:00Z", 30, "America/New_York", "Fri 6 Mar, 09:00–09:30 EST (UTC−5)")]
    [InlineData("2026-03-10T13:00:00Z", 30, "America/New_York", "Tue 10 Mar, 09:00–09:30 EDT (UTC−4)")]
    [InlineData("2026-03-10T13:00:00Z", 60, "Asia/Kolkata", "Tue 10 Mar, 18:30–19:30 IST (UTC+5:30)")]
    [InlineData("2026-03-10T13:00:00Z", 60, "America/Sao_Paulo", "Tue 10 Mar, 10:00–11:00 UTC−3")]
    [InlineData("2026-03-10T23:30:00Z", 60, "UTC", "Tue 10 Mar, 23:30–00:30 Wed 11 Mar UTC")]
    public void A_time_names_its_day_its_zone_and_the_distance_from_utc(string start, int minutes, string zone, string words)
    {
        var instant = DateTimeOffset.Parse(start, null);
        var reader = DateTimeZoneProviders.Tzdb[zone];

        Assert.Equal(words, ZonedTime.Full(instant.In(reader), instant.AddMinutes(minutes).In(reader)));
    }

    [Theory]
    [InlineData(2026, 3, 2, "Today, Mon 2 March")]
    [InlineData(2026, 3, 3, "Tomorrow, Tue 3 March")]
    [InlineData(2026, 3, 1, "Yesterday, Sun 1 March")]
    [InlineData(2026, 3, 10, "Tuesday 10 March")]
    [InlineData(2027, 3, 2, "Tuesday 2 March 2027")]
    [InlineData(2025, 3, 2, "Sunday 2 March 2025")]
    public void A_day_head_is_as_near_as_can_be(int year, int month, int day, string words) =>
        Assert.Equal(words, ZonedTime.DayHead(new LocalDate(year, month, day), new LocalDate(2026, 3, 2)));

    [Fact]
    public void New_years_eve_is_still_tomorrow() =>
        Assert.Equal("Tomorrow, Fri 1 January", ZonedTime.DayHead(new LocalDate(2027, 1, 1), new LocalDate(2026, 12, 31)));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(-5, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(720, "12 min")]
    [InlineData(6300, "1 h 45 min")]
    [InlineData(7200, "2 h")]
    [InlineData(86400, "1 day")]
    [InlineData(200000, "2 days")]
    public void A_span_is_said_in_its_two_largest_units(int seconds, string words) =>
        Assert.Equal(words, ZonedTime.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(20, 59, false)]
    [InlineData(21, 0, true)]
    [InlineData(6, 59, true)]
    [InlineData(7, 0, false)]
    public void Night_is_from_nine_to_seven(int hour, int minute, bool night) =>
        Assert.Equal(night, ZonedTime.IsNight(new LocalDateTime(2026, 3, 2, hour, minute).InZoneLeniently(NewYork)));
}
