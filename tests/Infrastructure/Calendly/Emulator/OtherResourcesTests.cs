using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

public sealed class OtherResourcesTests
{
    private readonly EmulatorFixture _world = new();
    private readonly string _types = $"/event_types?user={Uri.EscapeDataString(AnaUser)}";

    [Fact]
    public async Task The_caller_and_colleagues_can_be_read()
    {
        var me = Json(await _world.Get("/users/me")).GetProperty("resource");
        Assert.Equal(AnaUser, me.GetProperty("uri").GetString());
        Assert.Equal("ana", me.GetProperty("slug").GetString());
        Assert.Equal("America/New_York", me.GetProperty("timezone").GetString());
        Assert.Equal(200, (await _world.Get(WorldAccounts.Mei.Uri)).Status);
        Assert.Equal(403, (await _world.Get(WorldAccounts.AnaHome.Uri)).Status);
        Assert.Equal(404, (await _world.Get("/users/nobody")).Status);
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("&active=true", 5)]
    [InlineData("&active=false", 1)]
    [InlineData("&admin_managed=true", 0)]
    [InlineData("&admin_managed=false", 6)]
    public async Task Event_types_can_be_filtered(string filter, int rows) => Assert.Equal(rows, Rows(await _world.Get(_types + filter)).Count);

    [Theory]
    [InlineData("", "Deep-dive coaching", "Winter reset")]
    [InlineData("&sort=name:desc", "Winter reset", "Deep-dive coaching")]
    [InlineData("&sort=position:asc", "Discovery call", "Winter reset")]
    [InlineData("&sort=created_at:desc,name:asc", "Winter reset", "Discovery call")]
    public async Task Event_types_can_be_sorted(string sort, string first, string last)
    {
        var names = Rows(await _world.Get(_types + sort)).Select(row => row.GetProperty("name").GetString()).ToList();
        Assert.Equal((first, last), (names[0], names[^1]));
    }

    [Fact]
    public async Task Event_types_page_both_ways()
    {
        var first = await _world.Get($"{_types}&count=4");
        var second = await _world.Get(PageAddress(first, "next_page")!);
        Assert.Equal((4, 2), (Rows(first).Count, Rows(second).Count));
        Assert.Equal(Ids(first), Ids(await _world.Get(PageAddress(second, "previous_page")!)));
    }

    [Theory]
    [InlineData("&active=yes", 400)]
    [InlineData("&sort=color:asc", 400)]
    [InlineData("&count=1000", 400)]
    public async Task Bad_parameters_of_event_types_are_refused(string filter, int status) => Assert.Equal(status, (await _world.Get(_types + filter)).Status);

    [Fact]
    public async Task An_event_type_can_be_read_by_its_id()
    {
        var id = EmulatedIds.EventType("ana", "discovery-call");
        var type = Json(await _world.Get($"/event_types/{id}")).GetProperty("resource");
        Assert.Equal("#2f7d6d", type.GetProperty("color").GetString());
        Assert.Equal(29, type.EnumerateObject().Count());
        Assert.Equal(404, (await _world.Get("/event_types/x")).Status);
        Assert.Equal(403, (await _world.Get($"/event_types/{EmulatedIds.EventType("ana-home", "tea")}")).Status);
        Assert.Equal(400, (await _world.Get("/event_types")).Status);
        Assert.Equal(403, (await _world.Get($"/event_types?user={Uri.EscapeDataString(WorldAccounts.AnaHome.Uri)}")).Status);
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/")]
    [InlineData("DELETE", "/users/me")]
    [InlineData("GET", "/users/me/")]
    public async Task What_does_not_exist_is_a_404(string method, string target)
    {
        var answer = await _world.Emulator.HandleAsync(new EmulatorCall(method, target) { Authorization = $"Bearer {_world.AnaToken}" }, TestContext.Current.CancellationToken);
        Assert.Equal((404, "Resource Not Found"), (answer.Status, Text(answer, "title")));
    }

    [Theory]
    [InlineData("users:read", "/users/me", null)]
    [InlineData("event_types:read", "/users/me", "users:read")]
    [InlineData("scheduled_events:read", "/scheduled_events/x", null)]
    [InlineData("scheduled_events:write", "/scheduled_events/x", null)]
    [InlineData("users:read", "/scheduled_events/x", "scheduled_events:read")]
    [InlineData("users:read", "/event_types", "event_types:read")]
    [InlineData("default", "/users/me", null)]
    public async Task A_scope_that_was_not_granted_is_named(string granted, string target, string? required)
    {
        var answer = await _world.Get(target, _world.Emulator.Grant("olu", [granted]).AccessToken.Reveal());
        if (required is null)
        {
            Assert.NotEqual(403, answer.Status);
            return;
        }

        Assert.Equal((403, "Insufficient scope"), (answer.Status, Text(answer, "title")));
        Assert.Equal(required, Assert.Single(Json(answer).GetProperty("required_scopes").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Reading_sessions_does_not_allow_canceling_them()
    {
        var answer = await _world.Cancel("tomorrow-nine", null, _world.Emulator.Grant("ana", ["scheduled_events:read"]).AccessToken.Reveal());
        Assert.Equal((403, "Insufficient scope"), (answer.Status, Text(answer, "title")));
    }

    [Theory]
    [InlineData("ana", 500)]
    [InlineData("ana-home", 50)]
    public async Task Calls_are_limited_by_the_minute_and_every_answer_says_how_many_are_left(string account, int limit)
    {
        var token = _world.Emulator.Grant(account).AccessToken.Reveal();
        for (var left = limit - 1; left >= 0; left--)
        {
            var answer = await _world.Get("/users/me", token);
            Assert.Equal((200, $"{limit}", $"{left}"), (answer.Status, answer.Header("X-RateLimit-Limit"), answer.Header("X-RateLimit-Remaining")));
        }

        _world.Clock.Advance(TimeSpan.FromSeconds(18));
        var refused = await _world.Get("/users/me", token);
        Assert.Equal((429, "0", "42"), (refused.Status, refused.Header("X-RateLimit-Remaining"), refused.Header("X-RateLimit-Reset")));
        Assert.Equal(200, (await _world.Get("/users/me", _world.Emulator.Grant("mei").AccessToken.Reveal())).Status);
        _world.Clock.Advance(TimeSpan.FromSeconds(42));
        Assert.Equal(200, (await _world.Get("/users/me", token)).Status);
    }

    [Fact]
    public async Task Errors_carry_the_rate_headers_too()
    {
        foreach (var answer in (EmulatorAnswer[])[await _world.Get("/nothing"), await _world.Get("/event_types"), await _world.Get("/users/me", "mock_at_unknown")])
        {
            Assert.NotNull(answer.Header("X-RateLimit-Limit"));
            Assert.NotNull(answer.Header("X-RateLimit-Remaining"));
            Assert.NotNull(answer.Header("X-RateLimit-Reset"));
        }
    }
}
