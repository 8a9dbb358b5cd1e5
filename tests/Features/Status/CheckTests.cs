using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Status;

public sealed class CheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_scripts_one_press_fills_every_row_with_two_calls()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        var page = await HealthPage.CheckAsync(ana);

        Assert.Equal(["/users/me", "/scheduled_events"], app.Emulator.Journal.Select(call => call.Path));
        Assert.Equal(["good", "good", "good", "good", "unknown", "good", "good", "good"], HealthPage.Rows.Select(page.Verdict));
        Assert.Contains("confirmed just now", page.Says("account"), StringComparison.Ordinal);
        Assert.Equal("497 of 500 left", page.Value("calls"));
        Assert.Contains("read just now", page.Says("list"), StringComparison.Ordinal);
        Assert.StartsWith("All good", page.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_scripts_the_rows_come_one_by_one_as_each_is_known()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Delay) { Delay = TimeSpan.FromMinutes(1) });

        using var pressed = await HealthPage.PressAsync(ana);
        var page = new HealthPage(await pressed.DocumentAsync());
        Assert.Equal(HttpStatusCode.OK, pressed.StatusCode);
        Assert.Equal(HealthPage.Rows.Except(["live-updates"]), page.Document.QuerySelectorAll("[data-state=checking]").Select(row => row.GetAttribute("data-row")));
        Assert.Equal("true", page.Document.QuerySelector("[data-testid=status-check]")!.GetAttribute("aria-busy"));
        Assert.Equal("Checking everything…", page.Document.QuerySelector("#status-head")!.GetAttribute("data-announce"));

        var list = DashboardApp.GetFragmentAsync(ana, "/status/check/list");
        var head = DashboardApp.GetFragmentAsync(ana, "/status/check");
        foreach (var key in new[] { "account", "token", "scopes", "calls", "clock" })
        {
            var row = await RowAsync(ana, key);
            Assert.Equal(("good", "ready"), (row.Verdict(key), row.Row(key).GetAttribute("data-state")));
            Assert.False(row.Row(key).HasAttribute("hx-get"));
        }

        // All the others are done, and the slow one is still on its way.
        Assert.False(list.IsCompleted);
        Assert.False(head.IsCompleted);
        Assert.Equal("Checking…", await ChipAsync(ana));

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var listed = await list;
        using var ended = await head;
        Assert.Equal("good", new HealthPage(await listed.DocumentAsync()).Verdict("list"));
        using var end = await ended.DocumentAsync();
        Assert.Equal("Checked. All good.", end.QuerySelector("#status-head")!.GetAttribute("data-announce"));
        Assert.Equal("submit", end.QuerySelector("[data-testid=status-check]")!.GetAttribute("type") ?? "submit");
        Assert.Equal("connection-changed", ended.Header("HX-Trigger"));
        Assert.Equal("Calendly", await ChipAsync(ana));
    }

    [Theory]
    [InlineData("/users", 503, "account", "list")]
    [InlineData("/users", 403, "account", "list")]
    [InlineData("/scheduled_events", 503, "list", "account")]
    [InlineData("/scheduled_events", 500, "list", "account")]
    public async Task A_row_fails_by_itself(string path, int status, string failing, string fine)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault(path, FaultKind.Status) { Status = status, Times = 1_000 });

        var page = await HealthPage.CheckAsync(ana);

        Assert.Equal("bad", page.Verdict(failing));
        Assert.All(new[] { fine, "token", "scopes", "clock" }, key => Assert.Equal("good", page.Verdict(key)));
        Assert.Equal("attention", page.Verdict("errors"));
        Assert.Single(page.Document.QuerySelectorAll("[data-testid=status-error]"));
    }

    [Theory]
    [InlineData(nameof(FaultKind.Status))]
    [InlineData(nameof(FaultKind.Drop))]
    [InlineData(nameof(FaultKind.Refuse))]
    [InlineData(nameof(FaultKind.BadJson))]
    [InlineData(nameof(FaultKind.EmptyBody))]
    public async Task However_calendly_fails_a_check_makes_at_most_four_calls_and_every_row_is_told(string kind)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/", Enum.Parse<FaultKind>(kind)) { Status = 503, Times = 1_000 });

        var page = await HealthPage.CheckAsync(ana);

        Assert.InRange(app.Emulator.Journal.Count, 1, 4);
        Assert.Equal(("bad", "good", "good", "bad"), (page.Verdict("account"), page.Verdict("token"), page.Verdict("scopes"), page.Verdict("list")));
        Assert.StartsWith("Calendly is down", page.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_calendly_refuses_costs_no_more_than_four_calls_and_is_renewed()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/users", FaultKind.Status) { Status = 401 });

        var page = await HealthPage.CheckAsync(ana);

        Assert.Equal(["/users/me", "/oauth/token", "/users/me", "/scheduled_events"], app.Emulator.Journal.Select(call => call.Path));
        Assert.Equal("good", page.Verdict("account"));
    }

    [Fact]
    public async Task A_connection_that_turns_out_dead_is_told_after_one_refused_renewal()
    {
        await using var app = new DashboardApp();
        using var tom = await app.ClientAsync("tom");

        var page = await HealthPage.CheckAsync(tom);

        Assert.Equal(["/oauth/token"], app.Emulator.Journal.Select(call => call.Path));
        Assert.StartsWith("Calendly has ended our access", page.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_check_within_ten_seconds_is_refused_kindly_and_calls_nobody()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        await HealthPage.CheckAsync(ana);
        app.Emulator.ClearJournal();
        app.Clock.Advance(TimeSpan.FromSeconds(4));

        using var again = await HealthPage.PressAsync(ana);
        using var page = await again.DocumentAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
        Assert.Equal("RATE_LIMITED", again.ErrorCode());
        Assert.InRange(int.Parse(again.Header("Retry-After")!, null), 1, 6);
        Assert.Matches(@"^You have just checked\. Calendly counts every call, so please wait [1-6] s\.$", HealthPage.Text(page.QuerySelector("[data-testid=check-refused]")));
        Assert.Empty(app.Emulator.Journal);

        // Another person's pause is their own, and this one ends.
        await HealthPage.CheckAsync(priya);
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        await HealthPage.CheckAsync(ana);
        Assert.Equal(4, app.Emulator.Journal.Count);
    }

    [Fact]
    public async Task Many_presses_at_once_are_one_check()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await DashboardApp.AntiforgeryTokenAsync(ana);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HealthPage.PressAsync(ana)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        using var head = await DashboardApp.GetFragmentAsync(ana, "/status/check");
        Assert.Equal(2, app.Emulator.Journal.Count);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Theory]
    [InlineData("mei", "NOT_CONNECTED")]
    [InlineData("tom", "RECONNECT_REQUIRED")]
    public async Task Where_there_is_nothing_to_check_nobody_is_called(string persona, string code)
    {
        await using var app = new DashboardApp();
        using var person = await app.ClientAsync(persona);
        using var sessions = await person.GetAsync("/sessions", Cancel);
        app.Emulator.ClearJournal();

        using var answer = await HealthPage.PressAsync(person);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(code, answer.ErrorCode());
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task The_parts_of_a_check_opened_by_hand_lead_to_the_page_and_call_nobody()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var head = await ana.GetAsync("/status/check", Cancel);
        using var row = await ana.GetAsync("/status/check/list", Cancel);
        using var strange = await DashboardApp.GetFragmentAsync(ana, "/status/check/weather");
        using var fragment = await DashboardApp.GetFragmentAsync(ana, "/status/check/list");

        Assert.Equal("/status", head.Headers.Location?.ToString());
        Assert.Equal("/status", row.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, strange.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fragment.StatusCode);
        Assert.Empty(app.Emulator.Journal);
    }

    private static async Task<HealthPage> RowAsync(HttpClient client, string key)
    {
        using var answer = await DashboardApp.GetFragmentAsync(client, $"/status/check/{key}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HealthPage(await answer.DocumentAsync());
    }

    private static async Task<string> ChipAsync(HttpClient client)
    {
        using var answer = await DashboardApp.GetFragmentAsync(client, "/status/chip");
        using var chip = await answer.DocumentAsync();
        return HealthPage.Text(chip.QuerySelector("[data-testid=connection-chip]"));
    }
}
