using System.Net;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Status;

public sealed class StatusTests
{
    private const string Route = "/api/calendly/status";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_connection_is_told_with_account_scopes_and_times()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await ana.GetAsync(Route, Cancel);
        var envelope = await answer.JsonAsync();
        var status = envelope.GetProperty("data");

        Assert.Equal(JsonValueKind.Null, envelope.GetProperty("error").ValueKind);
        Assert.True(status.GetProperty("connected").GetBoolean());
        Assert.Equal("connected", status.GetProperty("state").GetString());
        Assert.Equal("mock", status.GetProperty("mode").GetString());
        Assert.True(status.GetProperty("isMock").GetBoolean());
        Assert.Equal("Ana Ruiz", status.GetProperty("account").GetProperty("name").GetString());
        Assert.Contains("scheduled_events:write", Texts(status.GetProperty("scopes")));
        Assert.Empty(Texts(status.GetProperty("missingScopes")));
        Assert.Equal(DateTimeOffset.Parse(DashboardApp.Now, null), status.GetProperty("refreshedAt").GetDateTimeOffset());
        Assert.Equal(DateTimeOffset.Parse(DashboardApp.Now, null).AddHours(2), status.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.Equal("mock", answer.Header("X-Calendly-Mode"));
    }

    [Fact]
    public async Task Who_never_connected_is_told_so()
    {
        await using var app = new DashboardApp();
        using var mei = await app.ClientAsync("mei");

        var status = await StatusAsync(mei);

        Assert.False(status.GetProperty("connected").GetBoolean());
        Assert.Equal("notConnected", status.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("account").ValueKind);
        Assert.Empty(Texts(status.GetProperty("missingScopes")));
        Assert.Equal(("off", "Connect Calendly", "/connection"), await ChipAsync(mei));
    }

    [Fact]
    public async Task A_dead_connection_is_told_once_a_call_has_found_out()
    {
        await using var app = new DashboardApp();
        using var tom = await app.ClientAsync("tom");

        using var sessions = await tom.GetAsync("/sessions", Cancel);
        var status = await StatusAsync(tom);

        Assert.False(status.GetProperty("connected").GetBoolean());
        Assert.Equal("reconnectNeeded", status.GetProperty("state").GetString());
        Assert.Equal("Calendly has ended our access. Reconnect; nothing here is lost.", status.GetProperty("message").GetString());
        Assert.Equal(("bad", "Reconnect", "/connection"), await ChipAsync(tom));
    }

    [Fact]
    public async Task A_connection_that_may_not_cancel_says_what_is_missing()
    {
        await using var app = new DashboardApp();
        using var olu = await app.ClientAsync("olu");

        var status = await StatusAsync(olu);

        Assert.True(status.GetProperty("connected").GetBoolean());
        Assert.Equal("limited", status.GetProperty("state").GetString());
        Assert.Equal(["scheduled_events:write"], Texts(status.GetProperty("missingScopes")));
        Assert.Equal(("warn", "Limited: cannot cancel", "/connection"), await ChipAsync(olu));
    }

    [Theory]
    [InlineData("ana")]
    [InlineData("tom")]
    [InlineData("mei")]
    [InlineData("rita")]
    public async Task The_status_never_calls_calendly(string persona)
    {
        await using var app = new DashboardApp();
        using var person = await app.ClientAsync(persona);
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Hang) { Times = 1_000 });

        using var json = await person.GetAsync(Route, Cancel);
        using var page = await person.GetAsync("/status", Cancel);

        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Empty(app.Emulator.Journal);
    }

    [Theory]
    [InlineData("?whatever=1")]
    [InlineData("?count=-1&pageToken=%00&status=gone")]
    [InlineData("?userId=2&as=priya")]
    public async Task Unknown_query_parameters_change_nothing(string query)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        Assert.Equal(await ana.GetStringAsync(Route, Cancel), await ana.GetStringAsync(Route + query, Cancel));
    }

    [Fact]
    public async Task While_calendly_fails_the_chip_says_since_when_and_recovers_with_it()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 503, Times = 1_000 });
        using var failed = await ana.GetAsync("/sessions", Cancel);

        var status = await StatusAsync(ana);
        Assert.Equal("unreachable", status.GetProperty("state").GetString());
        Assert.Equal(DateTimeOffset.Parse(DashboardApp.Now, null), status.GetProperty("troubleSince").GetDateTimeOffset());
        Assert.Equal(("down", "Calendly is down", "/status"), await ChipAsync(ana));
        using var page = await (await ana.GetAsync("/status", Cancel)).DocumentAsync();
        Assert.Contains("failing since Mon 2 Mar, 10:00", page.QuerySelector("[data-testid=status]")!.TextContent, StringComparison.Ordinal);

        app.Emulator.Faults.Clear();
        using var retried = await ana.GetAsync("/sessions?renew=1", Cancel);
        Assert.Equal("connected", (await StatusAsync(ana)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task While_calendly_slows_us_down_the_chip_counts()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38) });
        app.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38) });
        using var failed = await ana.GetAsync("/sessions", Cancel);

        var status = await StatusAsync(ana);
        Assert.Equal("slowedDown", status.GetProperty("state").GetString());
        Assert.Equal(38, status.GetProperty("slowedForSeconds").GetInt32());
        Assert.Equal(("warn", "Slowed down, 38 s", "/status"), await ChipAsync(ana));

        app.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(8, (await StatusAsync(ana)).GetProperty("slowedForSeconds").GetInt32());
        app.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("connected", (await StatusAsync(ana)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task One_persons_slow_down_is_not_anothers()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38), Times = 2 });
        using var failed = await ana.GetAsync("/sessions", Cancel);

        Assert.Equal("slowedDown", (await StatusAsync(ana)).GetProperty("state").GetString());
        Assert.Equal("connected", (await StatusAsync(priya)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sessions")]
    [InlineData("/connection")]
    [InlineData("/status")]
    [InlineData("/preferences/zone")]
    public async Task The_chip_is_on_every_page_of_a_coach(string path)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var rita = await app.ClientAsync("rita");

        Assert.Equal(("ok", "Calendly", "/status"), await ChipAsync(ana, path));
        using var page = await (await rita.GetAsync(path, Cancel)).DocumentAsync();
        Assert.Null(page.QuerySelector("[data-testid=connection-chip]"));
    }

    private static async Task<JsonElement> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(Route, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.JsonAsync()).GetProperty("data");
    }

    private static async Task<(string? Kind, string Text, string? Href)> ChipAsync(HttpClient client, string path = "/preferences/theme")
    {
        using var page = await (await client.GetAsync(path, Cancel)).DocumentAsync();
        var chip = page.QuerySelector("header [data-testid=connection-chip]")!;
        return (chip.GetAttribute("data-state"), chip.TextContent.Trim(), chip.GetAttribute("href"));
    }

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString());
}
