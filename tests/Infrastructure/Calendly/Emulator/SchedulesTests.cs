using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>Availability schedules of users and of event types. Today is 2 March 2026 everywhere but in Sydney, where it is the 3rd.</summary>
public sealed class SchedulesTests
{
    private const string Week = """
        {"type": "wday", "wday": "sunday", "intervals": []}, {"type": "wday", "wday": "monday", "intervals": [{"from": "09:00", "to": "12:30"}, {"from": "13:30", "to": "24:00"}]},
        {"type": "wday", "wday": "tuesday", "intervals": [{"from": "00:00", "to": "02:00"}]}, {"type": "wday", "wday": "wednesday", "intervals": []},
        {"type": "wday", "wday": "thursday", "intervals": []}, {"type": "wday", "wday": "friday", "intervals": [{"from": "09:00", "to": "12:00"}, {"from": "12:00", "to": "15:00"}]},
        {"type": "wday", "wday": "saturday", "intervals": []}
        """;

    private readonly EmulatorFixture _world = new();
    private readonly string _schedules = $"/user_availability_schedules?user={Uri.EscapeDataString(AnaUser)}";

    [Fact]
    public async Task Schedules_are_listed_whole_with_one_default()
    {
        var answer = await _world.Get(_schedules);
        var rows = Rows(answer);
        Assert.Equal(["collection"], Json(answer).EnumerateObject().Select(field => field.Name));
        Assert.Equal([("Working hours", true), ("Evenings", false)], rows.Select(row => (row.GetProperty("name").GetString(), row.GetProperty("default").GetBoolean())));
        Assert.Equal(["uri", "default", "name", "user", "timezone", "rules"], rows[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal("""{"type":"wday","wday":"sunday","intervals":[]}""", rows[0].GetProperty("rules")[0].GetRawText());
        Assert.Equal("""{"type":"date","date":"2026-03-13","intervals":[]}""", rows[0].GetProperty("rules")[7].GetRawText());
        Assert.Equal("""[{"from":"18:00","to":"24:00"}]""", rows[1].GetProperty("rules")[1].GetProperty("intervals").GetRawText());
        Assert.Equal(rows[1].GetRawText(), Json(await _world.Get(Path("evenings"))).GetProperty("resource").GetRawText());
    }

    [Fact]
    public async Task Every_account_has_one_default()
    {
        foreach (var account in WorldAccounts.All)
        {
            var rows = Rows(await _world.Get($"/user_availability_schedules?user={Uri.EscapeDataString(account.Uri)}", Token(account.Key)));
            Assert.Single(rows, row => row.GetProperty("default").GetBoolean());
            Assert.All(rows, row => Assert.Equal(account.Zone.Id, row.GetProperty("timezone").GetString()));
        }
    }

    [Fact]
    public async Task Schedules_of_others_are_shown_within_the_organization()
    {
        foreach (var target in (string[])[$"/user_availability_schedules?user={Uri.EscapeDataString(WorldAccounts.AnaHome.Uri)}", Path("working-hours", "ana-home")])
        {
            var answer = await _world.Get(target);
            Assert.Equal((403, "This user is not in your organization"), (answer.Status, Text(answer, "message")));
        }

        Assert.Equal(200, (await _world.Get(Path("working-hours", "mei"))).Status);
        Assert.Equal(404, (await _world.Get(Path("weekends"))).Status);
        Assert.Equal(400, (await _world.Get("/user_availability_schedules")).Status);
        Assert.Equal(400, (await _world.Get("/user_availability_schedules?user=ana")).Status);
    }

    [Fact]
    public async Task A_new_schedule_is_the_callers_own_and_used_by_nothing()
    {
        var answer = await _world.Send("POST", "/user_availability_schedules", $$$"""
            {"name": "Summer", "timezone": "Australia/Sydney", "default": true, "rules": [{{{Week}}}, {"type": "date", "date": "2026-03-03", "intervals": [{"from": "20:00", "to": "24:00"}]}]}
            """);
        var schedule = Json(answer).GetProperty("resource");
        Assert.Equal((201, "Summer", false, AnaUser), (answer.Status, schedule.GetProperty("name").GetString(), schedule.GetProperty("default").GetBoolean(), schedule.GetProperty("user").GetString()));
        Assert.Equal(8, schedule.GetProperty("rules").GetArrayLength());
        Assert.Equal("""[{"from":"09:00","to":"12:30"},{"from":"13:30","to":"24:00"}]""", schedule.GetProperty("rules")[1].GetProperty("intervals").GetRawText());
        Assert.Equal(schedule.GetRawText(), Rows(await _world.Get(_schedules))[2].GetRawText());
        Assert.Empty(Rows(await _world.Get($"/event_types?user={Uri.EscapeDataString(AnaUser)}&user_availability_schedule={Uri.EscapeDataString(schedule.GetProperty("uri").GetString()!)}")));
    }

    public static TheoryData<string> BadRules => new(
        // A day that is missing, one that comes twice, one that is not a day.
        Week.Replace("""{"type": "wday", "wday": "sunday", "intervals": []},""", "", StringComparison.Ordinal),
        Week + """, {"type": "wday", "wday": "sunday", "intervals": []}""",
        Week.Replace("sunday", "funday", StringComparison.Ordinal),
        // Hours that overlap, run backwards, take no time, or are none.
        Week.Replace("13:30", "12:29", StringComparison.Ordinal),
        Week.Replace("""{"from": "00:00", "to": "02:00"}""", """{"from": "22:00", "to": "02:00"}""", StringComparison.Ordinal),
        Week.Replace("\"02:00\"", "\"00:00\"", StringComparison.Ordinal),
        Week.Replace("\"02:00\"", "\"24:01\"", StringComparison.Ordinal),
        Week.Replace("\"02:00\"", "\"2:00\"", StringComparison.Ordinal),
        Week.Replace("\"02:00\"", "\"02:60\"", StringComparison.Ordinal),
        Week.Replace("\"00:00\"", "\"24:00\"", StringComparison.Ordinal),
        Week.Replace("\"02:00\"", "2", StringComparison.Ordinal),
        Week.Replace("""{"from": "00:00", "to": "02:00"}""", """{"from": "00:00"}""", StringComparison.Ordinal),
        Week.Replace("""{"from": "00:00", "to": "02:00"}""", "7", StringComparison.Ordinal),
        // Dates that are past, come twice or are none, and rules that are none.
        Week + """, {"type": "date", "date": "2026-02-28", "intervals": []}""",
        Week + """, {"type": "date", "date": "2026-04-01", "intervals": []}, {"type": "date", "date": "2026-04-01", "intervals": []}""",
        Week + """, {"type": "date", "date": "2026-02-30", "intervals": []}""",
        Week + """, {"type": "date", "intervals": []}""",
        Week + """, {"type": "date", "date": "2026-04-01"}""",
        Week + """, {"type": "month", "intervals": []}""",
        Week + ", 7",
        "");

    [Theory]
    [MemberData(nameof(BadRules))]
    public async Task Rules_that_do_not_fit_are_refused_whole(string rules)
    {
        var before = Json(await _world.Get(_schedules)).GetRawText();
        var post = await _world.Send("POST", "/user_availability_schedules", $$"""{"name": "Bad", "timezone": "America/New_York", "rules": [{{rules}}]}""");
        var patch = await _world.Send("PATCH", Path("working-hours"), $$"""{"name": "Bad", "rules": [{{rules}}]}""");
        var ofType = await _world.Send("PATCH", OfType("discovery-call"), $$$"""{"availability_rule": {"timezone": "America/New_York", "rules": [{{{rules}}}]}}""");
        Assert.Equal((400, 400, 400), (post.Status, patch.Status, ofType.Status));
        Assert.StartsWith("rules", Parameter(patch), StringComparison.Ordinal);
        Assert.StartsWith("availability_rule.rules", Parameter(ofType), StringComparison.Ordinal);
        Assert.Equal(before, Json(await _world.Get(_schedules)).GetRawText());
    }

    [Theory]
    [InlineData("POST", "America/New_York", "2026-03-02", 201)]
    [InlineData("POST", "America/New_York", "2026-03-01", 400)]
    [InlineData("POST", "Australia/Sydney", "2026-03-03", 201)]
    [InlineData("POST", "Australia/Sydney", "2026-03-02", 400)]
    [InlineData("PATCH", "America/New_York", "2026-03-01", 200)]
    [InlineData("PATCH", "America/New_York", "2026-02-28", 400)]
    [InlineData("PATCH", "Australia/Sydney", "2026-03-02", 200)]
    [InlineData("PATCH", "Australia/Sydney", "2026-03-01", 400)]
    public async Task How_far_back_a_date_may_lie_is_counted_in_the_schedules_zone(string method, string zone, string date, int status) =>
        Assert.Equal(status, (await _world.Send(
            method,
            method == "POST" ? "/user_availability_schedules" : Path("working-hours"),
            $$"""{"name": "Dates", "timezone": "{{zone}}", "rules": [{{Week}}, {"type": "date", "date": "{{date}}", "intervals": []}]}""")).Status);

    [Theory]
    [InlineData("""{"timezone": "Europe/Rome", "rules": [$]}""", "name")]
    [InlineData("""{"name": "", "timezone": "Europe/Rome", "rules": [$]}""", "name")]
    [InlineData("""{"name": "A", "rules": [$]}""", "timezone")]
    [InlineData("""{"name": "A", "timezone": "Rome", "rules": [$]}""", "timezone")]
    [InlineData("""{"name": "A", "timezone": "Europe/Rome"}""", "rules")]
    [InlineData("""{"name": "A", "timezone": "Europe/Rome", "rules": {}}""", "rules")]
    [InlineData("""{"name": "A", "timezone": "Europe/Rome", "rules": null}""", "rules")]
    [InlineData("null", "body")]
    public async Task A_new_schedule_needs_a_name_a_zone_and_rules(string body, string parameter)
    {
        var answer = await _world.Send("POST", "/user_availability_schedules", body.Replace("$", Week, StringComparison.Ordinal));
        Assert.Equal((400, parameter), (answer.Status, Parameter(answer)));
    }

    [Fact]
    public async Task New_rules_replace_all_and_free_times_follow()
    {
        var answer = await _world.Send("PATCH", Path("working-hours"), $$"""{"rules": [{{Week}}]}""");
        var schedule = Json(answer).GetProperty("resource");
        Assert.Equal((200, "Working hours", true, 7), (answer.Status, schedule.GetProperty("name").GetString(), schedule.GetProperty("default").GetBoolean(), schedule.GetProperty("rules").GetArrayLength()));
        // Wednesday is closed now, and Tuesday begins at midnight.
        Assert.Empty(await Starts("2026-03-04T05:00:00Z", "2026-03-05T05:00:00Z"));
        Assert.Equal("2026-03-03T05:00:00Z", (await Starts("2026-03-03T05:00:00Z", "2026-03-04T05:00:00Z"))[0]);
    }

    [Fact]
    public async Task Name_and_zone_change_alone_and_the_rules_stay()
    {
        var before = Json(await _world.Get(Path("working-hours"))).GetProperty("resource").GetProperty("rules").GetRawText();
        var schedule = Json(await _world.Send("PATCH", Path("working-hours"), """{"name": "By the sea", "timezone": "Europe/Lisbon", "weather": 1}""")).GetProperty("resource");
        Assert.Equal(("By the sea", "Europe/Lisbon", before), (schedule.GetProperty("name").GetString(), schedule.GetProperty("timezone").GetString(), schedule.GetProperty("rules").GetRawText()));
    }

    [Fact]
    public async Task The_default_moves_and_never_goes()
    {
        Assert.Equal(200, (await _world.Send("PATCH", Path("evenings"), """{"default": true}""")).Status);
        Assert.Equal([("Working hours", false), ("Evenings", true)], Rows(await _world.Get(_schedules)).Select(row => (row.GetProperty("name").GetString(), row.GetProperty("default").GetBoolean())));
        Assert.Equal((400, 400), ((await _world.Send("PATCH", Path("evenings"), """{"default": false}""")).Status, (await _world.Send("PATCH", Path("working-hours"), """{"default": false}""")).Status));
        Assert.Equal(400, (await _world.Send("PATCH", Path("evenings"), """{"default": "yes"}""")).Status);
        // Types keep the schedule they have; another account's default is not touched.
        Assert.NotEmpty(await Starts("2026-03-03T05:00:00Z", "2026-03-04T05:00:00Z"));
        Assert.True(Json(await _world.Get(Path("working-hours", "mei"))).GetProperty("resource").GetProperty("default").GetBoolean());
    }

    [Theory]
    [InlineData("olu", "working-hours", "ana", 403)]
    [InlineData("ana-home", "working-hours", "priya", 403)]
    [InlineData("ana", "working-hours", "priya", 200)]
    [InlineData("ana", "weekends", "ana", 404)]
    public async Task A_schedule_is_changed_by_its_user_or_the_owner_of_the_organization(string owner, string key, string caller, int status) =>
        Assert.Equal(status, (await _world.Send("PATCH", Path(key, owner), """{"name": "Mine"}""", Token(caller))).Status);

    [Fact]
    public async Task There_is_no_way_to_delete_a_schedule() => Assert.Equal(404, (await _world.Send("DELETE", Path("evenings"), "")).Status);

    [Fact]
    public async Task The_hours_of_an_event_type_name_their_schedule()
    {
        var answer = await _world.Get(OfType("discovery-call"));
        var row = Assert.Single(Rows(answer));
        var rule = row.GetProperty("availability_rule");
        Assert.Equal(("host", "Working hours", AnaUser), (row.GetProperty("availability_setting").GetString(), rule.GetProperty("name").GetString(), rule.GetProperty("user").GetString()));
        Assert.Equal($"https://api.calendly.com{Path("working-hours")}", rule.GetProperty("uri").GetString());
        Assert.Equal(1, Json(answer).GetProperty("pagination").GetProperty("count").GetInt32());
        Assert.Null(PageAddress(answer, "next_page"));
    }

    [Fact]
    public async Task The_hosts_of_a_team_come_page_by_page()
    {
        var first = await _world.Get(OfType("first-hello", "priya") + "&count=2");
        var second = await _world.Get(PageAddress(first, "next_page")!);
        Assert.Equal(
            [WorldAccounts.Priya.Uri, WorldAccounts.Tom.Uri, WorldAccounts.Olu.Uri],
            Rows(first).Concat(Rows(second)).Select(row => row.GetProperty("availability_rule").GetProperty("user").GetString()));
        Assert.Null(PageAddress(second, "next_page"));
        Assert.Equal(Rows(first).Count, Rows(await _world.Get(PageAddress(second, "previous_page")!)).Count);
        Assert.Equal(400, (await _world.Get(OfType("first-hello", "priya") + "&count=101")).Status);
    }

    [Fact]
    public async Task An_event_type_gets_hours_of_its_own_and_leaves_its_schedule()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        var answer = await _world.Send("PATCH", OfType("discovery-call"), $$$"""{"availability_rule": {"timezone": "Europe/Rome", "rules": [{{{Week}}}], "user": "{{{AnaUser}}}"}, "availability_setting": "host"}""");
        var rule = Json(answer).GetProperty("resource").GetProperty("availability_rule");
        Assert.Equal((200, "Europe/Rome", JsonValueKind.Null, false), (answer.Status, rule.GetProperty("timezone").GetString(), rule.GetProperty("name").ValueKind, rule.TryGetProperty("uri", out _)));
        Assert.Equal(rule.GetRawText(), Assert.Single(Rows(await _world.Get(OfType("discovery-call")))).GetProperty("availability_rule").GetRawText());
        // Monday 24:00 in Rome is 23:00 UTC, and Tuesday 02:00 is 01:00.
        Assert.Equal(["22:30", "22:45", "23:00", "23:15", "23:30", "23:45", "00:00", "00:15", "00:30"], (await Starts("2026-03-02T22:30:00Z", "2026-03-03T14:00:00Z")).Select(start => start[11..16]));
        // The schedule no longer matters to this type, and still does to others.
        await _world.Send("PATCH", Path("working-hours"), $$"""{"rules": [{{Week.Replace("\"00:00\"", "\"01:00\"", StringComparison.Ordinal)}}]}""");
        Assert.Contains("2026-03-03T00:00:00Z", await Starts("2026-03-02T22:30:00Z", "2026-03-03T14:00:00Z"));
        Assert.Equal("2026-03-02T15:01:00.000000Z", Json(await _world.Get($"/event_types/{EmulatedIds.EventType("ana", "discovery-call")}")).GetProperty("resource").GetProperty("updated_at").GetString());
    }

    [Theory]
    [InlineData("""{"availability_setting": "host"}""", "availability_rule")]
    [InlineData("""{"availability_rule": {"rules": []}}""", "availability_rule.timezone")]
    [InlineData("""{"availability_rule": {"timezone": "Mars/Base"}}""", "availability_rule.timezone")]
    [InlineData("""{"availability_rule": {"timezone": "Europe/Rome"}, "availability_setting": "team"}""", "availability_setting")]
    [InlineData("""{"availability_rule": {"timezone": "Europe/Rome", "user": "ana"}}""", "availability_rule.user")]
    [InlineData("""{"availability_rule": []}""", "availability_rule")]
    [InlineData("", "body")]
    public async Task Hours_of_an_event_type_need_a_zone_and_take_only_the_hosts(string body, string parameter)
    {
        var answer = await _world.Send("PATCH", OfType("discovery-call"), body);
        Assert.Equal((400, parameter), (answer.Status, Parameter(answer)));
    }

    [Theory]
    [InlineData("strategy-call", "olu", "ana", null, 403)]
    [InlineData("strategy-call", "olu", "priya", "olu", 200)]
    [InlineData("discovery-call", "ana", "ana", "olu", 403)]
    [InlineData("first-hello", "priya", "tom", null, 200)]
    [InlineData("tea", "ana-home", "ana", null, 403)]
    [InlineData("unheard-of", "ana", "ana", null, 404)]
    [InlineData("postcard-review", "ana", "ana", null, 404)]
    public async Task Hours_are_changed_by_their_host_or_the_owner_of_the_organization(string slug, string owner, string caller, string? user, int status)
    {
        var named = user is null ? "" : $", \"user\": \"{WorldAccounts.All.Single(account => account.Key == user).Uri}\"";
        Assert.Equal(status, (await _world.Send("PATCH", OfType(slug, owner), $$$"""{"availability_rule": {"timezone": "Europe/Rome"{{{named}}}}}""", Token(caller))).Status);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?event_type=x", 400)]
    [InlineData("?event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2Fx", 404)]
    public async Task Hours_need_an_event_type(string query, int status)
    {
        Assert.Equal(status, (await _world.Get("/event_type_availability_schedules" + query)).Status);
        Assert.Equal(status, (await _world.Send("PATCH", "/event_type_availability_schedules" + query, "{}")).Status);
    }

    [Theory]
    [InlineData("GET", "/user_availability_schedules", "availability:read")]
    [InlineData("GET", "/user_availability_schedules/x", "availability:read")]
    [InlineData("GET", "/event_type_availability_schedules", "availability:read")]
    [InlineData("POST", "/user_availability_schedules", "availability:write")]
    [InlineData("PATCH", "/user_availability_schedules/x", "availability:write")]
    [InlineData("PATCH", "/event_type_availability_schedules", "availability:write")]
    public async Task A_scope_that_was_not_granted_is_named(string method, string target, string required)
    {
        string[] granted = required == "availability:read" ? ["event_types:write"] : ["availability:read", "event_types:write"];
        var answer = await _world.Send(method, target, "{}", _world.Emulator.Grant("ana", granted).AccessToken.Reveal());
        Assert.Equal((403, required), (answer.Status, Assert.Single(Json(answer).GetProperty("required_scopes").EnumerateArray()).GetString()));
    }

    private string Token(string account) => _world.Emulator.Grant(account, ["default"]).AccessToken.Reveal();

    private static string Path(string key, string owner = "ana") => $"/user_availability_schedules/{EmulatedIds.Schedule(owner, key)}";

    private static string OfType(string slug, string owner = "ana") =>
        $"/event_type_availability_schedules?event_type={Uri.EscapeDataString($"https://api.calendly.com/event_types/{EmulatedIds.EventType(owner, slug)}")}";

    private async Task<List<string>> Starts(string start, string end) =>
    [
        .. Rows(await _world.Get($"/event_type_available_times?event_type={Uri.EscapeDataString($"https://api.calendly.com/event_types/{EmulatedIds.EventType("ana", "discovery-call")}")}&start_time={start}&end_time={end}"))
            .Select(row => row.GetProperty("start_time").GetString()!),
    ];
}
