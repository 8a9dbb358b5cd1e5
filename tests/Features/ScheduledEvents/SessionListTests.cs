using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public class SessionListTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly FakeClock _clock = new();
    private readonly StubConnections _connections = new();
    private readonly StubCalendly _calendly;
    private readonly SessionListHandler _handler;

    public SessionListTests()
    {
        _calendly = new StubCalendly(_clock);
        var cache = new ReadCache(_clock);
        _handler = new SessionListHandler(
            new ScheduledEventsHandler(_calendly, _connections, cache, _clock),
            new EventTypeColors(new EventTypeReads(_ => _calendly, _connections, cache)),
            new PageTokens(new EphemeralDataProtectionProvider(), _clock),
            _clock);
    }

    [Fact]
    public async Task Rows_are_grouped_by_the_readers_days()
    {
        Add("a", hours: 1);
        Add("b", hours: 13.5);
        Add("c", hours: 14.5);

        var list = await ReadAsync();

        Assert.Equal(["2026-03-02", "2026-03-03"], list.Rows.Days.Select(day => day.Day));
        Assert.Equal("Today, Mon 2 March", list.Rows.Days[0].Head);
        Assert.Equal("2 sessions", list.Rows.Days[0].Count);
        Assert.Equal("11:00–11:30", list.Rows.Days[0].Rows[0].Time);
    }

    [Fact]
    public async Task Each_row_says_where_it_stands()
    {
        Add("done", hours: -3);
        Add("running", hours: -0.25);
        Add("soon", hours: 1);

        var rows = (await ReadAsync()).Rows.Days.Single().Rows;

        Assert.Equal(["Done", "In progress", "Upcoming"], rows.Select(row => row.Word));
        Assert.Equal([true, false, false], rows.Select(row => row.Done));
        Assert.Equal([false, false, true], rows.Select(row => row.CanCancel));
        Assert.Equal([null, "https://zoom.example/j/1", null], rows.Select(row => row.JoinUrl));
    }

    [Fact]
    public async Task Yesterdays_ended_sessions_are_not_upcoming_and_running_ones_are_not_past()
    {
        Add("yesterday", hours: -11.5);
        Add("running", hours: -0.25);

        Assert.Equal("running", Assert.Single(Assert.Single((await ReadAsync()).Rows.Days).Rows).Id);
        Assert.Equal("yesterday", Assert.Single(Assert.Single((await ReadAsync(SessionsTab.Past)).Rows.Days).Rows).Id);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://zoom.example/j/1")]
    [InlineData("zoom")]
    [InlineData(null)]
    public async Task Only_https_is_a_join_link(string? url)
    {
        Add("running", hours: -0.25, session => session with { Location = session.Location! with { JoinUrl = url } });

        Assert.Null((await ReadAsync()).Rows.Days[0].Rows[0].JoinUrl);
    }

    [Theory]
    [InlineData("#2F7d6d", "#2F7d6d")]
    [InlineData("red", EventTypeColors.Neutral)]
    [InlineData("#fff\" onload=\"x", EventTypeColors.Neutral)]
    public async Task Only_a_color_is_drawn_with(string color, string drawn)
    {
        Add("a", hours: 1);
        _calendly.EventTypes.Add(SampleSessions.Type(color));

        Assert.Equal(drawn, (await ReadAsync()).Rows.Days[0].Rows[0].Color);
    }

    [Fact]
    public async Task A_first_page_costs_two_calls_and_the_next_look_none()
    {
        Add("a", hours: 1);

        await ReadAsync();
        Assert.Equal(["types", "list"], _calendly.Calls);

        await ReadAsync();
        Assert.Equal(2, _calendly.Calls.Count);

        await ReadAsync(input: new SessionsInput(Renew: "1"));
        Assert.Equal(2, _calendly.CountOf("list"));
    }

    [Fact]
    public async Task While_calendly_is_down_the_last_list_stands_in_with_its_age()
    {
        Add("a", hours: 3);
        await ReadAsync();
        _calendly.ListFailure = new Failure(FailureCode.CalendlyUnavailable);
        _clock.Advance(TimeSpan.FromMinutes(6));

        var list = await ReadAsync();

        Assert.Equal("10:00 (6 min ago)", list.StaleSince);
        Assert.Equal("Calendly is not answering. Nothing is wrong with your account.", list.StaleReason);
        Assert.Null(list.Rows.NoCancel);

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("Canceling is off until Calendly answers again.", (await ReadAsync()).Rows.NoCancel?.Reason);

        _clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(FailureCode.CalendlyUnavailable, await FailAsync());
    }

    [Fact]
    public async Task Without_the_right_to_cancel_the_list_says_so_once()
    {
        Add("a", hours: 1);
        _connections.Current = _connections.Current! with { Scopes = ["scheduled_events:read"] };

        var list = await ReadAsync();

        Assert.True(list.Rows.NoCancel?.NeedsReconnect);
        Assert.Equal(EventTypeColors.Neutral, list.Rows.Days[0].Rows[0].Color);
    }

    [Fact]
    public async Task Without_a_connection_or_the_scope_nothing_is_asked()
    {
        _connections.Current = _connections.Current! with { Scopes = ["users:read"] };
        Assert.Equal(FailureCode.ScopeMissing, await FailAsync());

        _connections.Current = null;
        Assert.Equal(FailureCode.NotConnected, await FailAsync());
        Assert.Empty(_calendly.Calls);
    }

    [Fact]
    public async Task A_follow_on_page_asks_exactly_what_made_its_token()
    {
        Add("a", hours: -3);
        _calendly.NextPageToken = "pgt_2";
        var first = await ReadAsync(SessionsTab.Past);
        var token = Token(first.MoreUrl!);
        _clock.Advance(TimeSpan.FromMinutes(5));

        await ReadAsync(SessionsTab.Past, new SessionsInput(Tab: "past", PageToken: token));

        Assert.Equal(_calendly.ListQueries[0] with { PageToken = "pgt_2" }, _calendly.ListQueries[1]);
        Assert.Equal("25+", first.Count);
    }

    [Fact]
    public async Task A_token_from_other_filters_is_refused_before_calendly_sees_it()
    {
        Add("a", hours: 1);
        _calendly.NextPageToken = "pgt_2";
        var token = Token((await ReadAsync()).MoreUrl!);

        var result = await _handler.HandleAsync(
            Query(SessionFilter.For(SessionsTab.Past), new SessionsInput(Tab: "past", PageToken: token)), TestContext.Current.CancellationToken);

        Assert.False(result.Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.PageTokenInvalid, failure.Code);
        Assert.Single(_calendly.ListQueries);
    }

    [Fact]
    public async Task A_token_that_calendly_no_longer_knows_is_an_expired_page()
    {
        Add("a", hours: 1);
        _calendly.NextPageToken = "pgt_2";
        var token = Token((await ReadAsync()).MoreUrl!);
        _calendly.ListFailure = new Failure(FailureCode.ValidationFailed);

        Assert.Equal(FailureCode.PageTokenInvalid, await FailAsync(new SessionsInput(PageToken: token)));
    }

    [Fact]
    public async Task A_day_that_goes_on_from_the_page_before_says_so()
    {
        Add("a", hours: 1);

        Assert.True((await ReadAsync(input: new SessionsInput(After: "2026-03-02"))).Rows.Days[0].Continued);
        Assert.False((await ReadAsync(input: new SessionsInput(After: "2026-03-01"))).Rows.Days[0].Continued);
    }

    [Theory]
    [InlineData(-0.25, "now, until 10:15")]
    [InlineData(0.2, "in 12 min")]
    [InlineData(24, "Tue 3 Mar, 10:00")]
    public async Task The_next_session_says_when(double hours, string when)
    {
        Add("ended", hours: -2);
        Add("next", hours);

        var next = (await ReadAsync()).NextUp;

        Assert.Equal("next", next?.Id);
        Assert.Equal(when, next?.When);
    }

    [Fact]
    public async Task Who_canceled_is_told_with_the_reader_as_you()
    {
        Add("mine", hours: 1, session => session.Canceled("Ana Ruiz", "host"));
        Add("theirs", hours: 2, session => session.Canceled("Ben Okoro", "invitee"));
        Add("hosts", hours: 3, session => session.Canceled("Priya Raman", "host"));

        var rows = (await ReadAsync(SessionsTab.Canceled)).Rows.Days.Single().Rows;

        Assert.Equal(["Canceled by Priya Raman", "Canceled by invitee", "Canceled by you"], rows.Select(row => row.Word));
        Assert.All(rows, row => Assert.False(row.CanCancel));
    }

    private void Add(string id, double hours, Func<ScheduledEvent, ScheduledEvent>? change = null)
    {
        var session = SampleSessions.Session(id, _clock.GetUtcNow().AddHours(hours));
        _calendly.Events[id] = change is null ? session : change(session);
    }

    private static SessionListQuery Query(SessionFilter filter, SessionsInput? input) => new(1, NewYork, filter, input ?? new SessionsInput());

    private async Task<SessionList> ReadAsync(SessionsTab tab = SessionsTab.Upcoming, SessionsInput? input = null)
    {
        var result = await _handler.HandleAsync(Query(SessionFilter.For(tab), input), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded(out var list, out var failure), failure?.Message);
        return list;
    }

    private async Task<FailureCode> FailAsync(SessionsInput? input = null)
    {
        var result = await _handler.HandleAsync(Query(SessionFilter.For(SessionsTab.Upcoming), input), TestContext.Current.CancellationToken);
        Assert.False(result.Succeeded(out _, out var failure));
        return failure.Code;
    }

    private static string Token(string url) => url.Split("pageToken=")[1].Split('&')[0];
}
