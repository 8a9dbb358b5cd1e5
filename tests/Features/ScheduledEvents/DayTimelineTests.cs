using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Tests.Support;
using NodaTime;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public class DayTimelineTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    // 10:05 in New York.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 15, 5, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_day_shows_office_hours_and_now()
    {
        var day = Draw();

        Assert.Equal(8, day.Hours);
        Assert.Equal(["09", "10", "11", "12", "13", "14", "15", "16"], day.HourMarks.Select(hour => hour.Text));
        Assert.Equal(4, day.NowRow);
        Assert.Null(day.NamesUrl);
    }

    [Fact]
    public void Sessions_stand_at_their_quarter_hours_with_the_gaps_between_them()
    {
        var day = Draw(At("09:00", 30), At("11:20", 45), At("12:15", 30));

        Assert.Equal([(0, 2), (9, 4), (13, 2)], day.Blocks.Select(block => (block.Row, block.Length)));
        Assert.Equal([true, false, false], day.Blocks.Select(block => block.Past));
        Assert.Equal(new DayGap(2, 7, "1 h 50 min free"), Assert.Single(day.Gaps));
    }

    [Fact]
    public void The_hours_stretch_to_what_is_booked()
    {
        var day = Draw(At("06:30", 30), At("20:15", 30));

        Assert.Equal("06", day.HourMarks[0].Text);
        Assert.Equal(15, day.Hours);
        Assert.Equal(2, day.Blocks[0].Row);
    }

    [Fact]
    public void Sessions_at_the_same_time_stand_side_by_side()
    {
        var day = Draw(At("13:00", 60), At("13:30", 60), At("14:00", 30), At("15:00", 30));

        Assert.Equal(["lane-1of2", "lane-2of2", "lane-1of2", null], day.Blocks.Select(block => block.Lane));
    }

    [Fact]
    public void More_than_three_at_once_share_the_last_lane()
    {
        var day = Draw(At("13:00", 60), At("13:00", 60), At("13:00", 60), At("13:00", 60));

        Assert.Equal(["lane-1of3", "lane-2of3", "lane-3of3", "lane-3of3"], day.Blocks.Select(block => block.Lane));
    }

    [Fact]
    public void Canceled_sessions_and_other_days_are_left_out()
    {
        var day = Draw(At("13:00", 60).Canceled("Ana Ruiz", "host"), At("13:00", 60) with { StartTime = Now.AddDays(1), EndTime = Now.AddDays(1).AddHours(1) });

        Assert.Empty(day.Blocks);
    }

    [Fact]
    public void A_session_over_midnight_is_cut_at_the_days_end()
    {
        var block = Assert.Single(Draw(At("23:30", 90)).Blocks);

        Assert.Equal(2, block.Length);
    }

    private static DayTimeline Draw(params ScheduledEvent[] sessions) => DayTimeline.Of(sessions, new Dictionary<string, string>(), Now, NewYork);

    private static ScheduledEvent At(string time, int minutes) =>
        SampleSessions.Session(time.Replace(":", string.Empty, StringComparison.Ordinal), DateTimeOffset.Parse($"2026-03-02T{time}:00-05:00", null), minutes);
}
