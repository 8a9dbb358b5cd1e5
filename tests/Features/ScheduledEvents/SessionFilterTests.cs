using CalendlySlices.Features.ScheduledEvents;
using NodaTime;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public class SessionFilterTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    // Monday, 10:00 in New York.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "", "active", "2026-03-02T03:00:00Z", null)]
    [InlineData("past", "", "active", null, "2026-03-02T15:00:00Z")]
    [InlineData("canceled", "", "canceled", null, null)]
    [InlineData("", "today", "active", "2026-03-02T05:00:00Z", "2026-03-03T04:59:59Z")]
    [InlineData("", "week", "active", "2026-03-02T05:00:00Z", "2026-03-09T03:59:59Z")]
    [InlineData("", "30days", "active", "2026-03-02T05:00:00Z", "2026-04-02T03:59:59Z")]
    [InlineData("past", "30days", "active", "2026-01-31T05:00:00Z", "2026-03-02T15:00:00Z")]
    public void A_tab_and_a_range_become_bounds_in_the_readers_zone(string tab, string range, string status, string? min, string? max)
    {
        var query = SessionFilter.Of(new SessionsInput(Tab: tab, Range: range)).ToQuery("me", Now, NewYork, 25);

        Assert.Equal(status, query?.Status);
        Assert.Equal(Instant(min), query?.MinStartTime);
        Assert.Equal(Instant(max), query?.MaxStartTime);
    }

    [Fact]
    public void Upcoming_starts_with_today_in_the_evening()
    {
        var evening = Now.AddHours(9);

        Assert.Equal(Instant("2026-03-02T05:00:00Z"), SessionFilter.For(SessionsTab.Upcoming).ToQuery("me", evening, NewYork, 25)?.MinStartTime);
    }

    [Fact]
    public void A_session_from_before_midnight_that_still_runs_is_upcoming()
    {
        var afterMidnight = new DateTimeOffset(2026, 3, 2, 5, 10, 0, TimeSpan.Zero);

        Assert.Equal(afterMidnight.AddHours(-12), SessionFilter.For(SessionsTab.Upcoming).ToQuery("me", afterMidnight, NewYork, 25)?.MinStartTime);
    }

    [Fact]
    public void The_past_is_latest_first_and_the_future_soonest_first()
    {
        Assert.True(SessionFilter.For(SessionsTab.Upcoming).ToQuery("me", Now, NewYork, 25)?.Ascending);
        Assert.False(SessionFilter.For(SessionsTab.Past).ToQuery("me", Now, NewYork, 25)?.Ascending);
        Assert.True(SessionFilter.Of(new SessionsInput(Tab: "past", Sort: "soonest")).ToQuery("me", Now, NewYork, 25)?.Ascending);
    }

    [Fact]
    public void A_window_that_nothing_can_be_in_is_not_asked_for()
    {
        Assert.Null(SessionFilter.Of(new SessionsInput(To: "2026-02-01")).ToQuery("me", Now, NewYork, 25));
        Assert.Null(SessionFilter.Of(new SessionsInput(Tab: "past", From: "2026-03-05")).ToQuery("me", Now, NewYork, 25));
    }

    [Theory]
    [InlineData("", "", "", "", "", "/sessions")]
    [InlineData("upcoming", "", "", "", "soonest", "/sessions")]
    [InlineData("past", "week", "", "", "soonest", "/sessions?tab=past&range=week&sort=soonest")]
    [InlineData("", "week", "2026-03-10", "2026-03-12", "", "/sessions?from=2026-03-10&to=2026-03-12")]
    public void One_list_has_one_address(string tab, string range, string from, string to, string sort, string url) =>
        Assert.Equal(url, SessionFilter.Of(new SessionsInput(tab, range, from, to, sort)).Url());

    [Fact]
    public void A_short_day_of_the_change_to_summer_time_has_its_own_bounds()
    {
        var query = SessionFilter.Of(new SessionsInput(From: "2026-03-08", To: "2026-03-08")).ToQuery("me", Now, NewYork, 25);

        Assert.Equal(TimeSpan.FromHours(23) - TimeSpan.FromSeconds(1), query?.MaxStartTime - query?.MinStartTime);
    }

    private static DateTimeOffset? Instant(string? text) => text is null ? null : DateTimeOffset.Parse(text, null);
}
