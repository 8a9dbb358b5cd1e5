using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

public sealed class ScheduledEventsTests
{
    private readonly EmulatorFixture _world = new();

    [Theory]
    [InlineData("", 10)]
    [InlineData("&sort=start_time:desc", 10)]
    [InlineData("&sort=start_time:asc&status=active", 7)]
    public async Task Paging_forwards_and_back_meets_every_session_once(string more, int count)
    {
        var first = await _world.Get(Sessions($"{more}&count={count}"));
        var pages = new List<List<string>> { Ids(first) };
        var current = first;
        while (PageAddress(current, "next_page") is { } next)
        {
            current = await _world.Get(next);
            Assert.Equal(200, current.Status);
            pages.Add(Ids(current));
        }

        var all = pages.SelectMany(page => page).ToList();
        Assert.Equal(more.Contains("active", StringComparison.Ordinal) ? 38 : 41, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(Ids(await _world.Get(Sessions($"{more}&count=100"))), all);

        for (var page = pages.Count - 2; page >= 0; page--)
        {
            current = await _world.Get(PageAddress(current, "previous_page")!);
            Assert.Equal(pages[page], Ids(current));
        }

        Assert.Null(PageAddress(current, "previous_page"));
    }

    [Fact]
    public async Task Every_page_has_the_five_keys_and_the_next_address_carries_every_filter()
    {
        var answer = await _world.Get(Sessions("&count=5&status=active&sort=start_time:asc"));
        var paging = Json(answer).GetProperty("pagination");
        Assert.Equal(["count", "next_page", "previous_page", "next_page_token", "previous_page_token"], paging.EnumerateObject().Select(key => key.Name));
        Assert.Equal(5, paging.GetProperty("count").GetInt32());
        var next = paging.GetProperty("next_page").GetString()!;
        Assert.StartsWith("https://api.calendly.com/scheduled_events?", next, StringComparison.Ordinal);
        Assert.Contains("status=active", next, StringComparison.Ordinal);
        Assert.Contains("sort=start_time%3Aasc", next, StringComparison.Ordinal);
        Assert.Contains($"page_token={paging.GetProperty("next_page_token").GetString()}", next, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, paging.GetProperty("previous_page").ValueKind);
    }

    [Fact]
    public async Task Without_a_count_a_page_has_twenty_rows() => Assert.Equal(20, Rows(await _world.Get(Sessions())).Count);

    [Theory]
    [InlineData("&count=7")]
    [InlineData("&count=6&status=active")]
    [InlineData("&count=6&sort=start_time:desc")]
    public async Task A_page_token_of_another_query_is_refused(string other)
    {
        var token = PageAddress(await _world.Get(Sessions("&count=6")), "next_page_token");
        Assert.Equal(200, (await _world.Get(Sessions($"&count=6&page_token={token}"))).Status);
        var answer = await _world.Get(Sessions($"{other}&page_token={token}"));
        Assert.Equal(400, answer.Status);
        Assert.Equal("page_token", Json(answer).GetProperty("details")[0].GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_page_token_changed_by_one_character_is_refused()
    {
        var token = PageAddress(await _world.Get(Sessions("&count=6")), "next_page_token")!;
        var changed = token[..10] + (token[10] == 'A' ? 'B' : 'A') + token[11..];
        Assert.Equal(400, (await _world.Get(Sessions($"&count=6&page_token={changed}"))).Status);
        Assert.Equal(400, (await _world.Get(Sessions("&count=6&page_token=x"))).Status);
        Assert.Equal(400, (await _world.Get(Sessions("&count=6&page_token="))).Status);
    }

    [Fact]
    public async Task A_page_that_emptied_meanwhile_still_leads_back()
    {
        var first = await _world.Get(Sessions("&count=11&status=active&min_start_time=2026-03-02T15:01:00Z&sort=start_time:asc"));
        Assert.Null(PageAddress(first, "next_page"));
        first = await _world.Get(Sessions("&count=10&status=active&min_start_time=2026-03-02T15:01:00Z&sort=start_time:asc"));
        Assert.Equal(201, (await _world.Cancel("next-month")).Status);
        var second = await _world.Get(PageAddress(first, "next_page")!);
        Assert.Empty(Rows(second));
        Assert.Equal(Ids(first), Ids(await _world.Get(PageAddress(second, "previous_page")!)));
    }

    [Theory]
    [InlineData("&status=active", 38)]
    [InlineData("&status=canceled", 3)]
    [InlineData("&status=active&min_start_time=2026-03-02T14:45:00Z", 12)]
    [InlineData("&status=active&max_start_time=2026-03-02T14:44:59Z", 26)]
    [InlineData("&min_start_time=2026-03-03T14:00:00Z&max_start_time=2026-03-03T14:00:00.000000Z", 1)]
    [InlineData("&invitee_email=LENA@kovacs.example", 6)]
    [InlineData("&invitee_email=nobody@nowhere.example", 0)]
    public async Task Filters_narrow_the_list(string filter, int rows) =>
        Assert.Equal(rows, Rows(await _world.Get(Sessions($"{filter}&count=100"))).Count);

    [Theory]
    [InlineData("&status=done", "status")]
    [InlineData("&status=", "status")]
    [InlineData("&sort=name:asc", "sort")]
    [InlineData("&sort=start_time:up", "sort")]
    [InlineData("&sort=start_time", "sort")]
    [InlineData("&min_start_time=2026-03-02", "min_start_time")]
    [InlineData("&max_start_time=2026-03-02T15:00:00", "max_start_time")]
    [InlineData("&max_start_time=2026-13-02T15:00:00Z", "max_start_time")]
    [InlineData("&count=0", "count")]
    [InlineData("&count=101", "count")]
    [InlineData("&count=-1", "count")]
    [InlineData("&count=ten", "count")]
    [InlineData("&invitee_email=lena", "invitee_email")]
    [InlineData("&status=active&status=active", "status")]
    public async Task A_malformed_parameter_is_named_in_a_400(string filter, string parameter)
    {
        var answer = await _world.Get(Sessions(filter));
        Assert.Equal(400, answer.Status);
        Assert.Equal("Invalid Argument", Text(answer, "title"));
        Assert.Equal(parameter, Json(answer).GetProperty("details")[0].GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("/scheduled_events")]
    [InlineData("/scheduled_events?user=ana")]
    [InlineData("/scheduled_events?user=https://api.calendly.example/users/USRANARUIZ4T7WQ2")]
    public async Task A_missing_or_malformed_user_is_a_400(string target) => Assert.Equal(400, (await _world.Get(target)).Status);

    [Fact]
    public async Task Everything_wrong_is_named_at_once()
    {
        var answer = await _world.Get(Sessions("&status=x&count=y"));
        Assert.Equal(["status", "count"], Json(answer).GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("parameter").GetString()));
    }

    [Fact]
    public async Task Whose_sessions_may_be_listed_depends_on_the_caller()
    {
        var mei = Uri.EscapeDataString(WorldAccounts.Mei.Uri);
        var home = Uri.EscapeDataString(WorldAccounts.AnaHome.Uri);
        var organization = Uri.EscapeDataString(WorldAccounts.Ana.OrganizationUri);
        var owner = _world.Emulator.Grant("priya").AccessToken.Reveal();
        (string Query, string? Token, string? Message)[] table =
        [
            ($"user={mei}", null, "Please also specify organization when requesting events for a user within your organization."),
            ($"user={mei}&organization={organization}", null, "You do not have permission"),
            ($"organization={organization}", null, "You do not have permission"),
            ($"user={home}", null, "This user is not in your organization"),
            ($"user={mei}&organization={organization}", owner, null),
            ($"organization={organization}", owner, null),
        ];
        foreach (var (query, token, message) in table)
        {
            var answer = await _world.Get($"/scheduled_events?{query}&count=100", token);
            Assert.Equal(message is null ? 200 : 403, answer.Status);
            Assert.True(message is null || message == Text(answer, "message"), query);
        }
    }

    [Fact]
    public async Task One_session_its_invitees_and_one_of_them_can_be_read()
    {
        var session = Json(await _world.Get(Session("group"))).GetProperty("resource");
        Assert.Equal("2026-03-02T19:00:00.000000Z", session.GetProperty("start_time").GetString());
        Assert.Equal((8, 8, 12), (Counter("total"), Counter("active"), Counter("limit")));
        var invitees = await _world.Get($"{Session("group")}/invitees?count=5");
        Assert.Equal(5, Rows(invitees).Count);
        Assert.Equal(3, Rows(await _world.Get(PageAddress(invitees, "next_page")!)).Count);
        var one = Rows(invitees)[1].GetProperty("uri").GetString()!;
        Assert.Equal(one, Json(await _world.Get(one)).GetProperty("resource").GetProperty("uri").GetString());
        Assert.Equal(404, (await _world.Get(one + "0")).Status);
        Assert.Single(Rows(await _world.Get($"{Session("group")}/invitees?email=maya@lindqvist.example")));
        Assert.Empty(Rows(await _world.Get($"{Session("group")}/invitees?status=canceled")));
        Assert.Equal(400, (await _world.Get($"{Session("group")}/invitees?sort=name:asc")).Status);

        int Counter(string name) => session.GetProperty("invitees_counter").GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Somebody_elses_session_may_not_be_seen()
    {
        var foreign = $"/scheduled_events/{EmulatedIds.Session("mei", "tomorrow")}";
        foreach (var target in (string[])[foreign, $"{foreign}/invitees", $"{foreign}/invitees/x"])
        {
            var answer = await _world.Get(target);
            Assert.Equal(403, answer.Status);
            Assert.Equal("You are not allowed to view this event", Text(answer, "message"));
        }

        Assert.Equal(200, (await _world.Get(foreign, _world.Emulator.Grant("priya").AccessToken.Reveal())).Status);
        Assert.Equal(404, (await _world.Get("/scheduled_events/00000000-0000-4000-8000-000000000000")).Status);
    }

    [Fact]
    public async Task Canceling_answers_201_and_ends_the_session_for_everybody()
    {
        var answer = await _world.Cancel("group", """{"reason":"Storm warning"}""");
        Assert.Equal(201, answer.Status);
        var cancellation = Json(answer).GetProperty("resource");
        Assert.Equal("Ana Ruiz", cancellation.GetProperty("canceled_by").GetString());
        Assert.Equal("Storm warning", cancellation.GetProperty("reason").GetString());
        Assert.Equal("host", cancellation.GetProperty("canceler_type").GetString());
        Assert.Equal("2026-03-02T15:00:00.000000Z", cancellation.GetProperty("created_at").GetString());

        var session = Json(await _world.Get(Session("group"))).GetProperty("resource");
        Assert.Equal("canceled", session.GetProperty("status").GetString());
        Assert.Equal(0, session.GetProperty("invitees_counter").GetProperty("active").GetInt32());
        Assert.Equal("Storm warning", session.GetProperty("cancellation").GetProperty("reason").GetString());
        Assert.All(Rows(await _world.Get($"{Session("group")}/invitees")), invitee => Assert.Equal("canceled", invitee.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"reason":null}""")]
    public async Task A_reason_is_not_required(string? body)
    {
        var answer = await _world.Cancel("tomorrow-nine", body);
        Assert.Equal(201, answer.Status);
        Assert.Equal(JsonValueKind.Null, Json(answer).GetProperty("resource").GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task Each_of_the_three_refusals_has_its_own_words()
    {
        (string Key, string Account, string Message)[] table =
        [
            ("tomorrow-nine", "mei", "You are not allowed to cancel this event"),
            ("earlier-today", "ana", "Event in the past"),
            ("in-progress", "ana", "Event in the past"),
            ("canceled-ahead", "ana", "Event is already canceled"),
            ("canceled-by-host", "ana", "Event is already canceled"),
        ];
        foreach (var (key, account, message) in table)
        {
            var answer = await _world.Cancel(key, null, _world.Emulator.Grant(account).AccessToken.Reveal());
            Assert.Equal((403, message), (answer.Status, Text(answer, "message")));
        }
    }

    [Fact]
    public async Task A_reason_may_have_ten_thousand_characters_and_no_more()
    {
        var tooLong = await _world.Cancel("tomorrow-nine", $$"""{"reason":"{{new string('x', 10_001)}}"}""");
        Assert.Equal(400, tooLong.Status);
        Assert.Equal("reason", Json(tooLong).GetProperty("details")[0].GetProperty("parameter").GetString());
        Assert.Equal(201, (await _world.Cancel("tomorrow-nine", $$"""{"reason":"{{new string('x', 10_000)}}"}""")).Status);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"reason":7}""")]
    [InlineData("""{"reason":"\ud800"}""")]
    public async Task A_cancellation_that_is_not_understood_changes_nothing(string body)
    {
        Assert.Equal(400, (await _world.Cancel("tomorrow-nine", body)).Status);
        Assert.Equal("active", Json(await _world.Get(Session("tomorrow-nine"))).GetProperty("resource").GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_data_has_what_a_page_must_survive()
    {
        var rows = Rows(await _world.Get(Sessions("&count=100")));
        var places = rows.Select(row => row.GetProperty("location")).ToList();
        Assert.Equal(
            ["ask_invitee", "custom", "google_conference", "gotomeeting", "hologram", "inbound_call", "microsoft_teams_conference", "outbound_call", "physical", "webex_conference", "zoom"],
            places.Where(place => place.ValueKind == JsonValueKind.Object).Select(place => place.GetProperty("type").GetString()!).Distinct().Order());
        Assert.Contains(places, place => place.ValueKind == JsonValueKind.Null);
        var links = places.Where(place => place.ValueKind == JsonValueKind.Object && place.TryGetProperty("join_url", out _)).Select(place => place.GetProperty("join_url").GetString()).ToList();
        Assert.Contains(links, link => link is not null && link.StartsWith("javascript:", StringComparison.Ordinal));
        Assert.Contains(links, link => link is not null && link.StartsWith("http://", StringComparison.Ordinal));
        Assert.Contains(null, links);
        Assert.Contains(rows, row => row.GetProperty("name").GetString()!.Length == 300);
        Assert.Contains(rows, row => row.GetProperty("start_time").GetString() == "2026-03-03T14:00:00.000000Z");
        Assert.Equal(2, Assert.Single(rows, row => row.GetProperty("uri").GetString()!.EndsWith(EmulatedIds.Session("ana", "guests"), StringComparison.Ordinal)).GetProperty("event_guests").GetArrayLength());
        Assert.Equal(12, rows.Count(row => row.GetProperty("status").GetString() == "active" && row.GetProperty("end_time").GetDateTimeOffset() > Start));
        Assert.Equal(1, rows.Count(row => row.GetProperty("status").GetString() == "active" && row.GetProperty("start_time").GetDateTimeOffset() <= Start && row.GetProperty("end_time").GetDateTimeOffset() > Start));
    }

    [Fact]
    public async Task A_move_links_the_old_invitee_and_the_new_one()
    {
        var before = Assert.Single(Rows(await _world.Get($"{Session("moved-from")}/invitees")));
        var after = Assert.Single(Rows(await _world.Get($"{Session("moved-to")}/invitees")));
        Assert.Equal(after.GetProperty("uri").GetString(), before.GetProperty("new_invitee").GetString());
        Assert.Equal(before.GetProperty("uri").GetString(), after.GetProperty("old_invitee").GetString());
        Assert.Equal((true, false), (before.GetProperty("rescheduled").GetBoolean(), after.GetProperty("rescheduled").GetBoolean()));
        Assert.Equal("canceled", before.GetProperty("status").GetString());
        var absent = Assert.Single(Rows(await _world.Get($"{Session("no-show")}/invitees")));
        Assert.Equal(JsonValueKind.Object, absent.GetProperty("no_show").ValueKind);
    }

    // Links in bug reports and tests elsewhere name these.
    [Theory]
    [InlineData("in-progress", "d163756d-9c8c-4c42-a8ae-9cde8c36f490", "2026-03-02T14:45:00.000000Z")]
    [InlineData("group", "f723583b-ecdd-4dad-98a7-459d93a47410", "2026-03-02T19:00:00.000000Z")]
    [InlineData("tomorrow-nine", "389e4ad7-b09e-46f8-8f9a-630127ad5547", "2026-03-03T14:00:00.000000Z")]
    public async Task Ids_never_change(string key, string id, string start)
    {
        Assert.Equal(id, EmulatedIds.Session("ana", key));
        Assert.Equal(start, Json(await _world.Get($"/scheduled_events/{id}")).GetProperty("resource").GetProperty("start_time").GetString());
    }

    [Fact]
    public async Task Two_worlds_with_the_same_start_answer_byte_for_byte_alike()
    {
        var other = new EmulatorFixture();
        Assert.Equal(_world.AnaToken, other.AnaToken);
        foreach (var target in (string[])[Sessions("&count=13"), Sessions("&count=100&sort=start_time:desc"), Session("group"), $"{Session("group")}/invitees", "/users/me", $"/event_types?user={Uri.EscapeDataString(AnaUser)}"])
        {
            var (one, two) = (await _world.Get(target), await other.Get(target));
            Assert.True(one.Body.Span.SequenceEqual(two.Body.Span), target);
        }
    }

    [Theory]
    [InlineData("2026-03-02T15:07:31Z")]
    [InlineData("2026-07-19T04:59:59Z")]
    [InlineData("2027-11-07T05:44:00Z")]
    public async Task Whenever_a_world_starts_ana_is_in_a_session_and_has_41(string now)
    {
        var clock = new MockClock(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        var emulator = new CalendlyEmulator(clock);
        var answer = await emulator.HandleAsync(
            new EmulatorCall("GET", Sessions("&count=100")) { Authorization = $"Bearer {emulator.Grant("ana").AccessToken.Reveal()}" }, TestContext.Current.CancellationToken);
        var rows = Rows(answer);
        Assert.Equal(41, rows.Count);
        Assert.Equal(12, rows.Count(row => row.GetProperty("status").GetString() == "active" && row.GetProperty("end_time").GetDateTimeOffset() > clock.GetUtcNow()));
        Assert.Single(rows, row => row.GetProperty("start_time").GetDateTimeOffset() <= clock.GetUtcNow() && row.GetProperty("end_time").GetDateTimeOffset() > clock.GetUtcNow());
        Assert.All(rows, row => Assert.True(row.GetProperty("created_at").GetDateTimeOffset() < clock.GetUtcNow()));
    }
}
