using System.Text.Json;
using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Tests.Support;
using NodaTime;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public class SessionDetailTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    private readonly FakeClock _clock = new();
    private readonly StubConnections _connections = new();
    private readonly StubCalendly _calendly;
    private readonly SessionHandler _handler;
    private readonly SessionNamesHandler _names;

    public SessionDetailTests()
    {
        _calendly = new StubCalendly(_clock);
        var cache = new ReadCache(_clock);
        var invitees = new EventInvitees(_calendly, cache);
        _handler = new SessionHandler(_calendly, _connections, cache, invitees, new EventTypeColors(new EventTypeReads(_ => _calendly, _connections, cache)), _clock);
        _names = new SessionNamesHandler(invitees, _connections);
        _calendly.Events["1"] = SampleSessions.Session("1", _clock.GetUtcNow().AddHours(2));
    }

    [Fact]
    public async Task The_page_shows_both_clocks_and_what_was_answered()
    {
        _calendly.Invitees["1"] =
        [
            SampleSessions.Person("Maya Lindqvist", "Europe/Stockholm") with { QuestionsAndAnswers = [new("Second?", "b", 1), new("First?", "a", 0)] },
        ];

        var page = await ReadAsync();

        Assert.Equal("Intro call with Maya Lindqvist", page.Title);
        Assert.Equal("Mon 2 Mar, 12:00–12:30 EST (UTC−5)", page.When);
        Assert.Equal(new TheirClock("18:00", "Maya", false), page.Row.Their);
        var person = Assert.Single(page.People!);
        Assert.Equal("Mon 2 Mar, 18:00 CET (UTC+1), Europe/Stockholm", person.When);
        Assert.Equal(["First?", "Second?"], person.Answers.Select(answer => answer.Question));
        Assert.Equal("ML", person.Initials);
    }

    [Fact]
    public async Task An_hour_that_is_night_for_the_invitee_is_marked()
    {
        _calendly.Invitees["1"] = [SampleSessions.Person("Priya Raman", "Asia/Kolkata")];

        Assert.True((await ReadAsync()).Row.Their?.Night);
    }

    [Fact]
    public async Task Invitees_that_cannot_be_read_leave_the_rest_standing()
    {
        _calendly.InviteesFailure = new Failure(FailureCode.CalendlyTimeout);

        var page = await ReadAsync();

        Assert.Null(page.People);
        Assert.Equal("error", page.PeopleTrouble?.State);
        Assert.Equal("Intro call with 1 invitee", page.Title);
    }

    [Fact]
    public async Task A_session_of_another_host_is_not_found()
    {
        _calendly.Events["1"] = SampleSessions.Session("1", _clock.GetUtcNow(), host: "https://api.calendly.com/users/PRIYA");

        Assert.False((await _handler.HandleAsync(Query, TestContext.Current.CancellationToken)).Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.NotFound, failure.Code);
        Assert.False((await _handler.ReadRowAsync(Query, 0, TestContext.Current.CancellationToken)).Succeeded(out _, out failure));
        Assert.Equal(FailureCode.NotFound, failure.Code);
    }

    [Fact]
    public async Task A_moved_booking_links_to_the_other_session_of_ours_and_a_foreign_address_to_nothing()
    {
        var moved = SampleSessions.Person("Maya Lindqvist") with { Status = "canceled", Rescheduled = true };
        _calendly.Invitees["1"] =
        [
            moved with { NewInvitee = "https://api.calendly.com/scheduled_events/NEW/invitees/I2" },
            moved with { NewInvitee = "https://evil.example/scheduled_events/NEW/invitees/I2" },
        ];

        var people = (await ReadAsync()).People!;

        Assert.Equal("/sessions/NEW", people[0].OtherUrl);
        Assert.Equal("Moved to another time", people[0].State);
        Assert.Null(people[1].OtherUrl);
    }

    [Fact]
    public async Task The_row_is_read_anew_each_time_and_shows_known_names()
    {
        _calendly.Invitees["1"] = [SampleSessions.Person("Maya Lindqvist")];

        await _handler.ReadRowAsync(Query, 0, TestContext.Current.CancellationToken);
        var result = await _handler.ReadRowAsync(Query, 3, TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded(out var row, out _));
        Assert.Equal("Maya Lindqvist", row.Alone?.Who);
        Assert.Equal(3, row.Check);
        Assert.Equal(2, _calendly.CountOf("get"));
        Assert.Equal(1, _calendly.CountOf("invitees"));
    }

    [Fact]
    public async Task A_row_that_turns_out_canceled_needs_no_more_checks()
    {
        _calendly.Events["1"] = _calendly.Events["1"].Canceled("Ana Ruiz", "host");

        Assert.True((await _handler.ReadRowAsync(Query, 3, TestContext.Current.CancellationToken)).Succeeded(out var row, out _));
        Assert.Equal(0, row.Check);
        Assert.Equal("Canceled by you", row.Alone?.Word);
    }

    [Theory]
    [InlineData("zoom", """{"id":81234,"password":"tide42","settings":{"global_dial_in_numbers":[{"number":"+351 210","country_name":"Portugal"}]}}""", "Dial in: +351 210 (Portugal)|Meeting ID: 81234|Passcode: tide42")]
    [InlineData("microsoft_teams_conference", """{"id":"x","audioConferencing":{"conferenceId":"77","tollNumber":"+1 202"}}""", "Dial in: +1 202|Conference ID: 77")]
    [InlineData("microsoft_teams_conference", """{"id":"x","audioConferencing":null}""", "")]
    [InlineData("webex_conference", """{"telephony":{"callInNumbers":[{"label":"US","callInNumber":"+1 415"}]},"password":"p"}""", "Dial in: +1 415 (US)|Password: p")]
    [InlineData("gotomeeting", """{"uniqueMeetingId":1,"conferenceCallInfo":"US: +1 571"}""", "US: +1 571")]
    [InlineData("zoom", """{"settings":[],"password":{}}""", "")]
    [InlineData("hologram", """{"id":1}""", "")]
    public void Dial_in_details_are_taken_where_they_are_as_known(string type, string data, string lines)
    {
        var place = PlaceDetail.Of(new EventLocation(type, null, null, "pushed", null, JsonDocument.Parse(data).RootElement));

        Assert.Equal(lines, string.Join('|', place.Lines));
    }

    [Fact]
    public void A_join_address_that_is_not_https_is_shown_as_text()
    {
        var place = PlaceDetail.Of(new EventLocation("zoom", null, null, "pushed", "javascript:alert(1)", null));

        Assert.Null(place.JoinUrl);
        Assert.Equal(["javascript:alert(1)"], place.Lines);
    }

    [Fact]
    public async Task Names_are_fetched_four_at_a_time_for_at_most_twenty_five_rows_and_kept()
    {
        var ids = string.Join(',', Enumerable.Range(1, 30).Select(id => $"e{id}").Append("../x").Append("e1"));
        for (var id = 1; id <= 30; id++)
        {
            _calendly.Invitees[$"e{id}"] = [SampleSessions.Person($"Person {id}", "Europe/Stockholm")];
        }

        _calendly.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = NamesAsync(ids, null);
        await _calendly.RunningAsync(SessionNamesHandler.AtOnce);
        _calendly.Gate.SetResult();

        Assert.Equal(25, (await running).Count);
        Assert.Equal(SessionNamesHandler.AtOnce, _calendly.MostAtOnce);
        await NamesAsync(ids, null);
        Assert.Equal(25, _calendly.CountOf("invitees"));
    }

    [Fact]
    public async Task A_name_comes_with_the_clock_when_the_start_is_known()
    {
        _calendly.Invitees["1"] = [SampleSessions.Person("Maya Lindqvist", "Europe/Stockholm")];
        var start = _calendly.Events["1"].StartTime.ToUnixTimeSeconds() / 60;

        Assert.Equal("18:00", Assert.Single(await NamesAsync("1", $"{start}")).Their?.Time);
        Assert.Null(Assert.Single(await NamesAsync("1", "soon")).Their);
        Assert.Null(Assert.Single(await NamesAsync("1", "999999999999")).Their);
    }

    [Fact]
    public async Task Names_that_cannot_be_read_are_quietly_absent()
    {
        _calendly.InviteesFailure = new Failure(FailureCode.RateLimited);
        Assert.Empty(await NamesAsync("1,2", null));

        _connections.Current = null;
        Assert.Empty(await NamesAsync("1", null));
    }

    private static SessionQuery Query => new(1, NewYork, "1");

    private Task<IReadOnlyList<SessionName>> NamesAsync(string ids, string? at) =>
        _names.HandleAsync(new SessionNamesQuery(1, NewYork, ids, at), TestContext.Current.CancellationToken);

    private async Task<SessionDetail> ReadAsync()
    {
        Assert.True((await _handler.HandleAsync(Query, TestContext.Current.CancellationToken)).Succeeded(out var page, out var failure), failure?.Message);
        return page;
    }
}
