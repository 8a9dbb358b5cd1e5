using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>Available times and busy times, over the API. The world stands at Monday 2 March 2026, 10:00 in New York.</summary>
public sealed class FreeAndBusyTests
{
    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task A_day_of_free_times_is_what_hours_sessions_and_calendar_leave()
    {
        // Tuesday, in UTC: open 14:00-17:30 and 18:30-22:30. Taken: Jonas at 14:00 for 30 minutes and 15 after, the calendar
        // 15:00-16:00 and 19:45-20:30, Grace 18:00-19:30. Sam's at 21:00 is canceled. Each start needs 30 minutes and 15 after.
        var rows = Rows(await _world.Get(Available("discovery-call", "2026-03-03T05:00:00Z", "2026-03-04T05:00:00Z")));
        Assert.Equal(
            ["16:00", "16:15", "16:30", "16:45", "17:00", "20:30", "20:45", "21:00", "21:15", "21:30", "21:45", "22:00"],
            rows.Select(row => row.GetProperty("start_time").GetString()![11..16]));
        Assert.Equal(
            """{"status":"available","invitees_remaining":1,"start_time":"2026-03-03T16:00:00Z","scheduling_url":"https://calendly.com/ana/discovery-call/2026-03-03T16:00:00Z?month=2026-03&date=2026-03-03"}""",
            rows[0].GetRawText());
    }

    [Fact]
    public async Task A_session_that_is_canceled_gives_its_time_back()
    {
        var range = Available("discovery-call", "2026-03-03T14:00:00Z", "2026-03-03T14:30:00Z");
        Assert.Empty(Rows(await _world.Get(range)));
        await _world.Cancel("tomorrow-nine");
        Assert.Equal(2, Rows(await _world.Get(range)).Count);
    }

    [Fact]
    public async Task A_group_offers_the_seats_that_are_left()
    {
        // The workshop at 19:00 has 8 of 12; the one on the 30th has 4.
        var today = Rows(await _world.Get(Available("open-house-workshop", "2026-03-02T15:01:00Z", "2026-03-03T05:00:00Z")));
        Assert.Equal(4, today.Single(row => row.GetProperty("start_time").GetString() == "2026-03-02T19:00:00Z").GetProperty("invitees_remaining").GetInt32());
        Assert.Equal(12, today[^1].GetProperty("invitees_remaining").GetInt32());
    }

    [Fact]
    public async Task Nothing_is_free_before_the_notice()
    {
        // Rita at 16:30 gone, a session of either kind has room at 16:00; one kind wants to be asked 4 hours ahead.
        await _world.Cancel("later-today");
        async Task<string> First(string slug) => Rows(await _world.Get(Available(slug, "2026-03-02T15:00:01Z", "2026-03-05T15:00:00Z")))[0].GetProperty("start_time").GetString()!;
        Assert.Equal("2026-03-02T16:00:00Z", await First("deep-dive"));
        Assert.True(string.CompareOrdinal(await First("listing-strategy"), "2026-03-02T19:00:00Z") > 0);
    }

    [Fact]
    public async Task A_day_with_its_one_session_has_no_second()
    {
        var tuesday = Available("deep-dive", "2026-03-10T04:00:00Z", "2026-03-11T04:00:00Z");
        var friday = Available("deep-dive", "2026-03-06T05:00:00Z", "2026-03-07T05:00:00Z");
        Assert.NotEmpty(Rows(await _world.Get(tuesday)));
        Assert.Empty(Rows(await _world.Get(friday)));
        await _world.Cancel("right-to-left");
        Assert.NotEmpty(Rows(await _world.Get(friday)));
    }

    [Fact]
    public async Task Nothing_is_free_after_the_horizon()
    {
        Assert.NotEmpty(Rows(await _world.Get(Available("discovery-call", "2026-04-28T00:00:00Z", "2026-05-02T04:00:00Z"))));
        Assert.Empty(Rows(await _world.Get(Available("discovery-call", "2026-05-02T04:00:00Z", "2026-05-20T00:00:00Z"))));
    }

    [Theory]
    [InlineData("winter-reset", "ana")]
    [InlineData("postcard-review", "ana")]
    [InlineData("hill-retreat", "priya")]
    public async Task Inactive_deleted_and_closed_types_have_no_times(string slug, string owner) =>
        Assert.Empty(Rows(await _world.Get(Available(slug, "2026-03-02T15:01:00Z", "2026-04-02T15:00:00Z", owner))));

    [Theory]
    [InlineData("2026-03-11")]
    [InlineData("2026-03-13")]
    public async Task A_full_and_a_closed_day_have_no_times(string date) =>
        Assert.Empty(Rows(await _world.Get(Available("discovery-call", $"{date}T05:00:00Z", $"{date}T23:59:00Z"))));

    [Fact]
    public async Task A_round_robin_has_more_times_than_a_panel_of_the_same_hosts()
    {
        var any = Rows(await _world.Get(Available("first-hello", "2026-03-02T15:01:00Z", "2026-03-09T15:00:00Z", "priya"))).Count;
        var all = Rows(await _world.Get(Available("panel", "2026-03-02T15:01:00Z", "2026-03-09T15:00:00Z", "priya"))).Count;
        Assert.InRange(all, 1, any - 1);
    }

    [Fact]
    public async Task Hours_to_midnight_and_past_it_are_open()
    {
        var rows = Rows(await _world.Get(Available("private-visit", "2026-03-07T01:00:00Z", "2026-03-07T08:00:00Z")));
        // Friday 20:00 to 24:00 and Saturday 00:00 to 02:00, sessions of 90 minutes: 00:30 is the last, and four cross midnight or touch it.
        Assert.Equal(
            ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30", "05:00", "05:30"],
            rows.Select(row => row.GetProperty("start_time").GetString()![11..16]));
        Assert.Contains("month=2026-03&date=2026-03-06", rows[0].GetProperty("scheduling_url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&start_time=2026-03-03T00:00:00Z&end_time=2026-04-03T00:00:01Z", "end_time", "end_time must be at most 31 days after start_time")]
    [InlineData("&start_time=2026-03-02T15:00:00Z&end_time=2026-03-03T00:00:00Z", "start_time", "start_time must be in the future")]
    [InlineData("&start_time=2026-03-04T00:00:00Z&end_time=2026-03-03T00:00:00Z", "start_time", "start_time must be before end_time")]
    [InlineData("&start_time=2026-03-04T00:00:00Z&end_time=2026-03-04T00:00:00Z", "start_time", "start_time must be before end_time")]
    [InlineData("&end_time=2026-03-03T00:00:00Z", "start_time", "is required")]
    [InlineData("&start_time=2026-03-03T00:00:00Z", "end_time", "is required")]
    [InlineData("&start_time=tomorrow&end_time=2026-03-03T00:00:00Z", "start_time", "must be a date and time in UTC, for example 2026-03-02T15:00:00Z")]
    public async Task Available_times_are_asked_for_a_range_ahead(string range, string parameter, string message)
    {
        var answer = await _world.Get($"/event_type_available_times?event_type={TypeUri("discovery-call")}{range}");
        Assert.Equal((400, parameter, message), (answer.Status, Parameter(answer), Problem(answer)));
    }

    [Fact]
    public async Task Exactly_31_days_from_a_second_ahead_can_be_asked_for()
    {
        var answer = await _world.Get(Available("discovery-call", "2026-03-02T15:00:01Z", "2026-04-02T15:00:01Z"));
        Assert.Equal(200, answer.Status);
        Assert.Equal(["collection"], Json(answer).EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("&event_type=discovery-call", 400)]
    [InlineData("&event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2Fx", 404)]
    public async Task Available_times_need_an_event_type(string type, int status) =>
        Assert.Equal(status, (await _world.Get($"/event_type_available_times?start_time=2026-03-03T00:00:00Z&end_time=2026-03-04T00:00:00Z{type}")).Status);

    [Fact]
    public async Task Available_times_of_another_organization_are_not_shown()
    {
        var answer = await _world.Get(Available("tea", "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z", "ana-home"));
        Assert.Equal((403, "You do not have permission to access this resource."), (answer.Status, Text(answer, "message")));
    }

    [Fact]
    public async Task Busy_times_are_sessions_calendar_and_reserved_time_in_order()
    {
        var rows = Rows(await _world.Get(Busy("ana", "2026-03-02T15:00:00Z", "2026-03-09T15:00:00Z")));
        var starts = rows.Select(row => row.GetProperty("start_time").GetString()!).ToList();
        Assert.Equal(starts.Order(StringComparer.Ordinal), starts);
        Assert.Equal(["calendly", "external", "reserved"], rows.Select(row => row.GetProperty("type").GetString()!).Distinct().Order(StringComparer.Ordinal));
        var jonas = rows.Single(row => row.GetProperty("start_time").GetString() == "2026-03-03T14:00:00Z");
        Assert.Equal(
            $$$"""{"type":"calendly","start_time":"2026-03-03T14:00:00Z","end_time":"2026-03-03T14:30:00Z","buffered_start_time":"2026-03-03T14:00:00Z","buffered_end_time":"2026-03-03T14:45:00Z","event":{"uri":"https://api.calendly.com/scheduled_events/{{{EmulatedIds.Session("ana", "tomorrow-nine")}}}"}}""",
            jonas.GetRawText());
        Assert.Equal(["type", "start_time", "end_time"], rows.First(row => row.GetProperty("type").GetString() == "external").EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["type", "start_time", "end_time", "event"],
            rows.Single(row => row.GetProperty("start_time").GetString() == "2026-03-03T18:00:00Z").EnumerateObject().Select(field => field.Name));
        Assert.DoesNotContain("2026-03-03T21:00:00Z", starts);
    }

    [Theory]
    [InlineData("2026-03-02T14:59:59Z", "2026-03-03T00:00:00Z", "start_time must not be in the past")]
    [InlineData("2026-03-03T00:00:00Z", "2026-03-10T00:00:01Z", "end_time must be at most 7 days after start_time")]
    [InlineData("2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z", "start_time must be before end_time")]
    public async Task Busy_times_are_asked_for_a_week_from_now_at_the_earliest(string start, string end, string message)
    {
        var answer = await _world.Get(Busy("ana", start, end));
        Assert.Equal((400, message), (answer.Status, Problem(answer)));
    }

    [Theory]
    [InlineData("ana-home", 403)]
    [InlineData("mei", 200)]
    public async Task Busy_times_are_shown_within_the_organization(string account, int status) =>
        Assert.Equal(status, (await _world.Get(Busy(account, "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z"))).Status);

    [Fact]
    public async Task A_calendar_that_cannot_be_read_is_a_424_until_it_answers_again()
    {
        var week = Busy("ana", "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z");
        _world.Emulator.LetCalendarAnswer("ana", false);
        var broken = await _world.Get(week);
        Assert.Equal((424, "External Calendar Error", "There is a problem accessing your calendar."), (broken.Status, Text(broken, "title"), Text(broken, "message")));
        Assert.Equal(200, (await _world.Get(Busy("mei", "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z"))).Status);
        _world.Emulator.LetCalendarAnswer("ana", true);
        Assert.Equal(200, (await _world.Get(week)).Status);

        _world.Emulator.Faults.Add(new Fault("/user_busy_times", FaultKind.Status) { Status = 424 });
        Assert.Equal(broken.Body.ToArray(), (await _world.Get(week)).Body.ToArray());
    }

    [Fact]
    public async Task A_new_entry_in_the_calendar_takes_the_time_away()
    {
        var hour = Available("discovery-call", "2026-03-03T20:30:00Z", "2026-03-03T21:00:00Z");
        Assert.Equal(2, Rows(await _world.Get(hour)).Count);
        _world.Emulator.AddBusy("ana", new(2026, 3, 3, 20, 30, 0, TimeSpan.Zero), new(2026, 3, 3, 21, 0, 0, TimeSpan.Zero));
        Assert.Empty(Rows(await _world.Get(hour)));
        Assert.Contains("2026-03-03T20:30:00Z", Rows(await _world.Get(Busy("ana", "2026-03-03T15:00:00Z", "2026-03-04T15:00:00Z"))).Select(row => row.GetProperty("start_time").GetString()));
    }

    [Theory]
    [InlineData("/event_type_available_times")]
    [InlineData("/user_busy_times")]
    public async Task Both_need_availability_read(string target)
    {
        var answer = await _world.Get(target, _world.Emulator.Grant("ana", ["event_types:write", "users:read"]).AccessToken.Reveal());
        Assert.Equal((403, "availability:read"), (answer.Status, Assert.Single(Json(answer).GetProperty("required_scopes").EnumerateArray()).GetString()));
    }

    [Fact]
    public async Task Every_active_type_but_the_closed_one_has_times_in_the_next_month_whenever_the_world_begins()
    {
        foreach (var day in (string[])["2026-03-02T15:00:00Z", "2026-07-11T02:30:00Z", "2026-10-29T21:45:00Z", "2027-02-28T09:15:00Z"])
        {
            var clock = new MockClock(DateTimeOffset.Parse(day, null));
            var emulator = new CalendlyEmulator(clock);
            var priya = emulator.Grant("priya").AccessToken.Reveal();
            var (start, end) = (clock.GetUtcNow().AddMinutes(1), clock.GetUtcNow().AddDays(31));
            foreach (var type in Rows(await Get(emulator, $"/event_types?organization={Uri.EscapeDataString(WorldAccounts.Priya.OrganizationUri)}&active=true&count=100", priya)))
            {
                var times = Rows(await Get(
                    emulator,
                    $"/event_type_available_times?event_type={Uri.EscapeDataString(type.GetProperty("uri").GetString()!)}&start_time={start:yyyy-MM-ddTHH:mm:ssZ}&end_time={end:yyyy-MM-ddTHH:mm:ssZ}",
                    priya));
                Assert.True(times.Count > 0 != (type.GetProperty("slug").GetString() == "hill-retreat"), $"{type.GetProperty("slug")} has {times.Count} times from {day}.");
            }
        }
    }

    private static Task<EmulatorAnswer> Get(CalendlyEmulator emulator, string target, string token) =>
        emulator.HandleAsync(new EmulatorCall("GET", target) { Authorization = $"Bearer {token}" }, TestContext.Current.CancellationToken);

    private static string TypeUri(string slug, string owner = "ana") => Uri.EscapeDataString($"https://api.calendly.com/event_types/{EmulatedIds.EventType(owner, slug)}");

    private static string Available(string slug, string start, string end, string owner = "ana") =>
        $"/event_type_available_times?event_type={TypeUri(slug, owner)}&start_time={start}&end_time={end}";

    private static string Busy(string account, string start, string end) =>
        $"/user_busy_times?user={Uri.EscapeDataString(WorldAccounts.All.Single(one => one.Key == account).Uri)}&start_time={start}&end_time={end}";
}
