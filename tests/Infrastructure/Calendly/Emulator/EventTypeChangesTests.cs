using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>What can be changed of event types, and the links to them.</summary>
public sealed class EventTypeChangesTests
{
    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task Every_field_that_can_be_changed_is_changed_and_kept()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        var answer = await _world.Send("PATCH", Type("deep-dive"), """
            {"name": "Deep dive", "active": false, "description": "An hour & more", "duration": 50, "duration_options": [50, 80],
             "locations": [{"kind": "inbound_call", "phone_number": "+1 646 555 0100", "color": "red"}], "color": "#00ff7a", "locale": "pt",
             "start_time_increment": 10, "before_buffer": 5, "after_buffer": 180}
            """);

        Assert.Equal(200, answer.Status);
        var type = Json(answer).GetProperty("resource");
        Assert.Equal("Deep dive", type.GetProperty("name").GetString());
        Assert.False(type.GetProperty("active").GetBoolean());
        Assert.Equal("An hour & more", type.GetProperty("description_plain").GetString());
        Assert.Equal("<p>An hour &amp; more</p>", type.GetProperty("description_html").GetString());
        Assert.Equal(50, type.GetProperty("duration").GetInt32());
        Assert.Equal("[50,80]", type.GetProperty("duration_options").GetRawText());
        Assert.Equal("""[{"kind":"inbound_call","phone_number":"+1 646 555 0100"}]""", type.GetProperty("locations").GetRawText());
        Assert.Equal("#00ff7a", type.GetProperty("color").GetString());
        Assert.Equal("pt", type.GetProperty("locale").GetString());
        Assert.Equal((10, 5, 180), (type.GetProperty("start_time_increment").GetInt32(), type.GetProperty("before_buffer").GetInt32(), type.GetProperty("after_buffer").GetInt32()));
        Assert.Equal("2026-03-02T15:05:00.000000Z", type.GetProperty("updated_at").GetString());
        Assert.Equal(29, type.EnumerateObject().Count());
        Assert.Equal(type.GetRawText(), Json(await _world.Get(Type("deep-dive"))).GetProperty("resource").GetRawText());
        Assert.Contains("Deep dive", Rows(await _world.Get($"/event_types?user={Uri.EscapeDataString(AnaUser)}&active=false")).Select(row => row.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Read_only_and_unknown_fields_are_passed_over_and_null_empties_what_can_be_empty()
    {
        var answer = await _world.Send("PATCH", Type("discovery-call"), """{"slug": "hacked", "custom_questions": [], "kind": 7, "weather": "fine", "description": null, "duration_options": null}""");
        var type = Json(answer).GetProperty("resource");
        Assert.Equal((200, "discovery-call", "solo", 1), (answer.Status, type.GetProperty("slug").GetString(), type.GetProperty("kind").GetString(), type.GetProperty("custom_questions").GetArrayLength()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (type.GetProperty("description_plain").ValueKind, type.GetProperty("duration_options").ValueKind));
    }

    [Theory]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"name": 7}""", "name")]
    [InlineData("""{"active": "yes"}""", "active")]
    [InlineData("""{"description": 7}""", "description")]
    [InlineData("""{"duration": 0}""", "duration")]
    [InlineData("""{"duration": 721}""", "duration")]
    [InlineData("""{"duration": 30.5}""", "duration")]
    [InlineData("""{"duration": "30"}""", "duration")]
    [InlineData("""{"duration_options": [15, 30, 45, 60, 90]}""", "duration_options")]
    [InlineData("""{"duration_options": [15, 15]}""", "duration_options")]
    [InlineData("""{"duration_options": [721]}""", "duration_options")]
    [InlineData("""{"duration_options": 30}""", "duration_options")]
    [InlineData("""{"color": "#00FF7A"}""", "color")]
    [InlineData("""{"color": "red"}""", "color")]
    [InlineData("""{"locale": "xx"}""", "locale")]
    [InlineData("""{"start_time_increment": 4}""", "start_time_increment")]
    [InlineData("""{"start_time_increment": 721}""", "start_time_increment")]
    [InlineData("""{"before_buffer": 7}""", "before_buffer")]
    [InlineData("""{"after_buffer": 181}""", "after_buffer")]
    [InlineData("""{"after_buffer": -5}""", "after_buffer")]
    [InlineData("""{"locations": [{"kind": "moon"}]}""", "locations[0].kind")]
    [InlineData("""{"locations": [{"kind": "inbound_call"}]}""", "locations[0].phone_number")]
    [InlineData("""{"locations": ["zoom"]}""", "locations[0]")]
    [InlineData("""{"name": "\ud800"}""", "body")]
    [InlineData("""["name"]""", "body")]
    [InlineData("{", "body")]
    [InlineData("", "body")]
    public async Task A_change_beyond_the_limits_changes_nothing(string body, string parameter)
    {
        var before = Json(await _world.Get(Type("discovery-call"))).GetRawText();
        var answer = await _world.Send("PATCH", Type("discovery-call"), body);
        Assert.Equal((400, "Invalid Argument"), (answer.Status, Text(answer, "title")));
        Assert.Equal(parameter, Parameter(answer));
        Assert.Equal(before, Json(await _world.Get(Type("discovery-call"))).GetRawText());
    }

    [Theory]
    [InlineData("ana", "open-house-workshop", "ana", 400)]
    [InlineData("priya", "first-hello", "priya", 400)]
    [InlineData("priya", "panel", "priya", 400)]
    [InlineData("ana", "postcard-review", "ana", 404)]
    [InlineData("ana", "unheard-of", "ana", 404)]
    [InlineData("olu", "strategy-call", "ana", 403)]
    [InlineData("ana-home", "tea", "priya", 403)]
    [InlineData("ana", "discovery-call", "priya", 200)]
    public async Task Only_ones_own_one_on_one_types_can_be_changed_and_a_members_by_the_owner(string owner, string slug, string caller, int status) =>
        Assert.Equal(status, (await _world.Send("PATCH", Type(slug, owner), """{"active": true}""", Token(caller))).Status);

    [Fact]
    public async Task A_deleted_type_is_read_and_never_listed()
    {
        var type = Json(await _world.Get(Type("postcard-review"))).GetProperty("resource");
        Assert.Equal("2026-01-01T17:00:00.000000Z", type.GetProperty("deleted_at").GetString());
        Assert.DoesNotContain(EmulatedIds.EventType("ana", "postcard-review"), Ids(await _world.Get($"/event_types?user={Uri.EscapeDataString(AnaUser)}&count=100")));
    }

    [Fact]
    public async Task The_coaches_have_every_kind_of_event_type()
    {
        var types = Rows(await _world.Get($"/event_types?organization={Uri.EscapeDataString(WorldAccounts.Ana.OrganizationUri)}&count=100"));
        string[] Of(string field) => [.. types.Select(type => type.GetProperty(field).ToString()).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["", "collective", "round_robin"], Of("pooling_type"));
        Assert.Equal(["group", "solo"], Of("kind"));
        Assert.Equal(["False", "True"], Of("active"));
        Assert.Equal(["False", "True"], Of("secret"));
        Assert.Equal(["", "15", "20", "30"], Of("start_time_increment"));
        Assert.Equal(["AdhocEventType", "StandardEventType"], Of("type"));
        var once = types.Single(type => type.GetProperty("type").GetString() == "AdhocEventType");
        Assert.Equal(JsonValueKind.Null, once.GetProperty("slug").ValueKind);
        Assert.StartsWith("https://calendly.com/d/", once.GetProperty("scheduling_url").GetString(), StringComparison.Ordinal);
        Assert.Contains("15", Of("duration"));
        Assert.Equal("Team", types.First(type => type.GetProperty("pooling_type").GetString() == "collective").GetProperty("profile").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Types_can_be_filtered_by_the_schedule_they_use()
    {
        var user = Uri.EscapeDataString(AnaUser);
        var evenings = $"&user_availability_schedule={Schedule("evenings")}";
        Assert.Equal([EmulatedIds.EventType("ana", "private-visit")], Ids(await _world.Get($"/event_types?user={user}{evenings}")));
        Assert.Equal(5, Rows(await _world.Get($"/event_types?user={user}&user_availability_schedule={Schedule("working-hours")}")).Count);
        Assert.Empty(Rows(await _world.Get($"/event_types?user={user}&user_availability_schedule={Schedule("nowhere")}")));
        Assert.Equal(400, (await _world.Get($"/event_types?organization={Uri.EscapeDataString(WorldAccounts.Ana.OrganizationUri)}{evenings}")).Status);

        // Hours of its own take a type off its schedule.
        await _world.Send(
            "PATCH",
            $"/event_type_availability_schedules?event_type={Uri.EscapeDataString($"https://api.calendly.com{Type("private-visit")}")}",
            """{"availability_rule": {"timezone": "Europe/Rome"}}""");
        Assert.Empty(Rows(await _world.Get($"/event_types?user={user}{evenings}")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    public async Task A_single_use_link_is_made_for_the_number_and_for_the_text(string count)
    {
        var answer = await _world.Send("POST", "/scheduling_links", Link(count, "ana", "discovery-call"));
        var link = Json(answer).GetProperty("resource");
        Assert.Equal(201, answer.Status);
        Assert.Matches(@"\Ahttps://calendly\.com/d/[a-z0-9]{4}-[a-z0-9]{3}-[a-z0-9]{3}/discovery-call\z", link.GetProperty("booking_url").GetString());
        Assert.Equal(("EventType", $"https://api.calendly.com{Type("discovery-call")}"), (link.GetProperty("owner_type").GetString(), link.GetProperty("owner").GetString()));
    }

    [Fact]
    public async Task Every_link_is_another_one_and_the_same_in_every_world()
    {
        async Task<string[]> Three(EmulatorFixture world)
        {
            var links = new List<string>();
            for (var number = 0; number < 3; number++)
            {
                links.Add(Json(await world.Send("POST", "/scheduling_links", Link("1", "ana", "discovery-call"))).GetProperty("resource").GetProperty("booking_url").GetString()!);
            }

            return [.. links];
        }

        var links = await Three(_world);
        Assert.Distinct(links);
        Assert.Equal(links, await Three(new EmulatorFixture()));
    }

    [Theory]
    [InlineData("""{"max_event_count": 2, "owner": "$", "owner_type": "EventType"}""", "max_event_count")]
    [InlineData("""{"max_event_count": true, "owner": "$", "owner_type": "EventType"}""", "max_event_count")]
    [InlineData("""{"owner": "$", "owner_type": "EventType"}""", "max_event_count")]
    [InlineData("""{"max_event_count": 1, "owner_type": "EventType"}""", "owner")]
    [InlineData("""{"max_event_count": 1, "owner": "discovery-call", "owner_type": "EventType"}""", "owner")]
    [InlineData("""{"max_event_count": 1, "owner": "$"}""", "owner_type")]
    [InlineData("""{"max_event_count": 1, "owner": "$", "owner_type": "User"}""", "owner_type")]
    [InlineData("", "body")]
    public async Task A_link_with_anything_else_is_refused(string body, string parameter)
    {
        var answer = await _world.Send("POST", "/scheduling_links", body.Replace("$", $"https://api.calendly.com{Type("discovery-call")}", StringComparison.Ordinal));
        Assert.Equal((400, parameter), (answer.Status, Parameter(answer)));
    }

    [Theory]
    [InlineData("ana", "winter-reset", 400)]
    [InlineData("ana", "postcard-review", 404)]
    [InlineData("ana", "unheard-of", 404)]
    [InlineData("olu", "strategy-call", 403)]
    [InlineData("ana", "private-visit", 201)]
    public async Task A_link_leads_to_an_active_type_of_ones_own(string owner, string slug, int status) =>
        Assert.Equal(status, (await _world.Send("POST", "/scheduling_links", Link("1", owner, slug))).Status);

    [Theory]
    [InlineData("PATCH", "/event_types/x", "event_types:read", "event_types:write")]
    [InlineData("POST", "/scheduling_links", "event_types:write", "scheduling_links:write")]
    public async Task Writing_has_scopes_of_its_own(string method, string target, string granted, string required)
    {
        var answer = await _world.Send(method, target, "{}", _world.Emulator.Grant("ana", [granted]).AccessToken.Reveal());
        Assert.Equal((403, required), (answer.Status, Assert.Single(Json(answer).GetProperty("required_scopes").EnumerateArray()).GetString()));
    }

    private string Token(string account) => _world.Emulator.Grant(account, ["default"]).AccessToken.Reveal();

    private static string Type(string slug, string owner = "ana") => $"/event_types/{EmulatedIds.EventType(owner, slug)}";

    private static string Schedule(string key) => Uri.EscapeDataString($"https://api.calendly.com/user_availability_schedules/{EmulatedIds.Schedule("ana", key)}");

    private static string Link(string count, string owner, string slug) =>
        $$"""{"max_event_count": {{count}}, "owner": "https://api.calendly.com{{Type(slug, owner)}}", "owner_type": "EventType"}""";
}
