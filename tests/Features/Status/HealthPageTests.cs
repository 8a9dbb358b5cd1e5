using System.Net;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Status;

public sealed class HealthPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_any_call_the_rows_tell_what_our_own_records_know()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Clock.Advance(TimeSpan.FromMinutes(34));

        var page = await HealthPage.OpenAsync(ana);

        Assert.Equal(HealthPage.Rows, page.Document.QuerySelectorAll("[data-testid=status-row]").Select(row => row.GetAttribute("data-row")));
        Assert.Equal("All good Calendly is connected, and nothing needs you.", page.Summary);
        Assert.Equal(("good", "Ana Ruiz, ana@slices-coaching.example"), (page.Verdict("account"), page.Value("account")));
        Assert.Matches(@"^Renewed 34 min ago, next in (5\d|6[0-2]) min$", page.Value("token"));
        Assert.Contains("good until 12:00", page.Says("token"), StringComparison.Ordinal);
        Assert.Equal(("good", "All 6 that are needed"), (page.Verdict("scopes"), page.Value("scopes")));
        Assert.Equal(("unknown", "Not known yet"), (page.Verdict("calls"), page.Value("calls")));
        Assert.Equal(("unknown", "Live updates are not on"), (page.Verdict("live-updates"), page.Value("live-updates")));
        Assert.Contains("Calendly has no address at which it could reach this application.", page.Says("live-updates"), StringComparison.Ordinal);
        Assert.Equal(("unknown", "Not read yet"), (page.Verdict("list"), page.Value("list")));
        Assert.Contains("not since the application started", page.Says("list"), StringComparison.Ordinal);
        Assert.Equal(("unknown", "Not known yet"), (page.Verdict("clock"), page.Value("clock")));
        Assert.Equal(("good", "None"), (page.Verdict("errors"), page.Value("errors")));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task Calls_made_for_other_pages_fill_the_rows()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var sessions = await ana.GetAsync("/sessions", Cancel);
        var calls = app.Emulator.Journal.Count;
        app.Clock.Advance(TimeSpan.FromSeconds(20));

        var page = await HealthPage.OpenAsync(ana);

        Assert.Equal("good", page.Verdict("calls"));
        // One more was made when the world began.
        Assert.Equal($"{500 - calls - 1} of 500 left", page.Value("calls"));
        Assert.Contains("read 20 s ago", page.Says("list"), StringComparison.Ordinal);
        Assert.Contains("Event types were read Mon 2 Mar, 10:00", page.Says("list"), StringComparison.Ordinal);
        Assert.Equal("good", page.Verdict("clock"));
        Assert.Equal(calls, app.Emulator.Journal.Count);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("500 of 500 left", (await HealthPage.OpenAsync(ana)).Value("calls"));
    }

    [Fact]
    public async Task Few_calls_left_are_a_reason_for_attention_and_the_free_plan_is_named()
    {
        await using var app = new DashboardApp();
        app.Emulator.Options.PaidCallsPerMinute = 50;
        using var ana = await app.ClientAsync("ana");

        var page = await HealthPage.CheckAsync(ana);
        Assert.Equal("good", page.Verdict("calls"));
        Assert.Contains("free plan allows 50", page.Says("calls"), StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        app.Emulator.Options.PaidCallsPerMinute = 2;
        page = await HealthPage.CheckAsync(ana);
        Assert.Equal(("attention", "0 of 2 left"), (page.Verdict("calls"), page.Value("calls")));
        Assert.Contains("counts anew at 10:02", page.Says("calls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_never_connected_is_led_to_connect_and_sees_no_check()
    {
        await using var app = new DashboardApp();
        using var mei = await app.ClientAsync("mei");

        var page = await HealthPage.OpenAsync(mei);

        Assert.StartsWith("Calendly is not connected Nothing is broken.", page.Summary, StringComparison.Ordinal);
        Assert.Equal("/connection", page.Document.QuerySelector("[data-testid=status-summary] a")!.GetAttribute("href"));
        Assert.Null(page.Document.QuerySelector("[data-testid=status-check]"));
        Assert.Equal(("unknown", "None is connected"), (page.Verdict("account"), page.Value("account")));
        Assert.DoesNotContain("bad", HealthPage.Rows.Select(page.Verdict));
    }

    [Fact]
    public async Task What_a_connection_does_not_allow_is_said_in_words()
    {
        await using var app = new DashboardApp();
        using var olu = await app.ClientAsync("olu");

        var page = await HealthPage.OpenAsync(olu);

        Assert.StartsWith("Connected, with limits Your connection does not allow canceling sessions. Everything else works.", page.Summary, StringComparison.Ordinal);
        Assert.Equal(("attention", "5 of 6 that are needed"), (page.Verdict("scopes"), page.Value("scopes")));
        Assert.Contains("Not allowed: canceling sessions.", page.Says("scopes"), StringComparison.Ordinal);
        Assert.Contains("Canceling sessions scheduled_events:write missing", page.Says("scopes"), StringComparison.Ordinal);
        Assert.Equal("Reconnect with more permissions", HealthPage.Text(page.Row("scopes").QuerySelector("a")));
    }

    [Fact]
    public async Task A_dead_connection_says_whose_fault_it_is_and_what_to_do()
    {
        await using var app = new DashboardApp();
        using var tom = await app.ClientAsync("tom");
        using var sessions = await tom.GetAsync("/sessions", Cancel);

        var page = await HealthPage.OpenAsync(tom);

        Assert.StartsWith("Calendly has ended our access That was decided at Calendly", page.Summary, StringComparison.Ordinal);
        Assert.Equal(("bad", "Ended by Calendly"), (page.Verdict("token"), page.Value("token")));
        Assert.Equal("attention", page.Verdict("account"));
        Assert.Null(page.Document.QuerySelector("[data-testid=status-check]"));
    }

    [Fact]
    public async Task While_the_last_token_lives_the_page_says_until_when_everything_works()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await MarkAsync(app, ConnectionStatus.Degraded);

        var page = await HealthPage.OpenAsync(ana);

        Assert.StartsWith("Everything works until 12:00 Calendly has ended our access", page.Summary, StringComparison.Ordinal);
        Assert.Equal(("attention", "Works until 12:00 and cannot be renewed"), (page.Verdict("token"), page.Value("token")));
        Assert.NotNull(page.Document.QuerySelector("[data-testid=status-check]"));
    }

    [Fact]
    public async Task While_calendly_is_down_the_page_still_tells_everything_and_asks_nobody()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var good = await ana.GetAsync("/sessions", Cancel);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 503, Times = 1_000 });
        using var failed = await ana.GetAsync("/sessions?renew=1", Cancel);
        app.Emulator.ClearJournal();

        var page = await HealthPage.OpenAsync(ana);

        Assert.StartsWith("Calendly is down It has not answered us properly since 10:10. Nothing is wrong with your account.", page.Summary, StringComparison.Ordinal);
        Assert.Equal("Retry now", HealthPage.Text(page.Document.QuerySelector("[data-testid=status-retry]")));
        Assert.Equal("good", page.Verdict("token"));
        Assert.Equal("bad", page.Verdict("calls"));
        Assert.Equal(("bad", "Could not be read again"), (page.Verdict("list"), page.Value("list")));
        Assert.Contains("read 10 min ago", page.Says("list"), StringComparison.Ordinal);
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task While_calendly_slows_us_down_the_wait_is_a_plain_number_and_checking_has_to_wait_too()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38) });
        app.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38) });
        using var failed = await ana.GetAsync("/sessions", Cancel);
        app.Emulator.ClearJournal();

        var page = await HealthPage.OpenAsync(ana);
        Assert.StartsWith("Slowed down, 38 s Calendly asks us to wait", page.Summary, StringComparison.Ordinal);
        Assert.Contains("None for now, wait 38 s", page.Says("calls"), StringComparison.Ordinal);
        Assert.Equal("2026-03-02T15:00:38Z", page.Document.QuerySelector("[data-testid=status-summary] [data-until]")!.GetAttribute("data-until"));
        Assert.Equal("2026-03-02T15:00:38Z", page.Document.QuerySelector("[data-testid=connection-chip] [data-until]")!.GetAttribute("data-until"));
        Assert.Null(page.Document.QuerySelector("[data-testid=status-check]"));

        using var pressed = await HealthPage.PressAsync(ana);
        Assert.Equal(HttpStatusCode.TooManyRequests, pressed.StatusCode);
        Assert.Equal("38", pressed.Header("Retry-After"));
        Assert.Empty(app.Emulator.Journal);
    }

    [Theory]
    [InlineData(0, "good", "Ours and Calendly's agree, give or take 1 s")]
    [InlineData(3, "good", "Ours is 3 s behind Calendly's")]
    [InlineData(-3, "good", "Ours is 3 s ahead of Calendly's")]
    [InlineData(20, "attention", "Ours is 20 s behind Calendly's")]
    [InlineData(-20, "attention", "Ours is 20 s ahead of Calendly's")]
    [InlineData(300, "bad", "Ours is 5 min behind Calendly's")]
    [InlineData(-7200, "bad", "Ours is 2 h ahead of Calendly's")]
    public async Task The_clocks_are_compared_by_the_date_on_calendlys_answers(int calendlyAhead, string verdict, string value)
    {
        await using var app = new DashboardApp();
        // The middle of the second that the header names.
        app.Settings["MOCK_NOW"] = "2026-03-02T15:00:00.500Z";
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Options.ClockAhead = TimeSpan.FromSeconds(calendlyAhead);

        var page = await HealthPage.CheckAsync(ana);

        Assert.Equal((verdict, value), (page.Verdict("clock"), page.Value("clock")));
        Assert.Equal(verdict != "good", page.Says("clock").Contains("The fault is our server's, not yours and not Calendly's.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_five_errors_stand_with_the_reference_that_was_shown()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        var references = new List<string?>();
        for (var i = 0; i < 6; i++)
        {
            app.Emulator.Faults.Add(new Fault("/scheduled_events/", FaultKind.Status) { Status = 404 });
            using var missing = await ana.GetAsync($"/sessions/{Guid.Empty}", Cancel);
            references.Insert(0, missing.Header("X-Request-Id"));
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var page = await HealthPage.OpenAsync(ana);
        var errors = page.Document.QuerySelectorAll("[data-testid=status-error]").Select(HealthPage.Text).ToList();

        Assert.Equal("attention", page.Verdict("errors"));
        Assert.Equal(5, errors.Count);
        // The page of one session makes two calls, both under one reference.
        Assert.All(errors.Zip(references.SelectMany(reference => new[] { reference, reference })), pair => Assert.Contains(pair.Second!, pair.First, StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("10:05 Reading one session: Calendly knows of no such thing NOT_FOUND · Reference", StringComparison.Ordinal));
        Assert.Equal("None", (await HealthPage.OpenAsync(priya)).Value("errors"));

        // What is long over is no reason for attention.
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("good", (await HealthPage.OpenAsync(ana)).Verdict("errors"));
    }

    [Fact]
    public async Task Nothing_of_the_token_and_no_word_of_calendlys_own_is_on_the_page()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var missing = await ana.GetAsync($"/sessions/{Guid.Empty}", Cancel);
        await HealthPage.CheckAsync(ana);

        var html = await ana.GetStringAsync("/status", Cancel);

        Assert.DoesNotContain("mock_at_", html, StringComparison.Ordinal);
        Assert.DoesNotContain("mock_rt_", html, StringComparison.Ordinal);
        Assert.DoesNotContain("The server could not find the requested resource", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_updates_fill_their_row_from_wherever_they_come()
    {
        var updates = new StubLiveUpdates();
        await using var app = new DashboardApp(services => services.AddSingleton<ILiveUpdates>(updates));
        using var ana = await app.ClientAsync("ana");
        var now = app.Clock.GetUtcNow();

        updates.Current = new LiveUpdates(LiveUpdateState.On, now.AddDays(-3), now.AddMinutes(-4), now.AddHours(-2));
        var on = await HealthPage.OpenAsync(ana);
        updates.Current = new LiveUpdates(
            LiveUpdateState.Stopped, now.AddMinutes(-50), now.AddHours(-1), null, LiveUpdateReason.Gone, TimeSpan.FromMinutes(2));
        var stopped = await HealthPage.OpenAsync(ana);

        Assert.Equal(("good", "On"), (on.Verdict("live-updates"), on.Value("live-updates")));
        Assert.Contains("Last gap filled Mon 2 Mar, 08:00.", on.Says("live-updates"), StringComparison.Ordinal);
        Assert.Contains("last delivery 4 min ago", on.Says("live-updates"), StringComparison.Ordinal);
        Assert.Equal(("attention", "Off since 09:10"), (stopped.Verdict("live-updates"), stopped.Value("live-updates")));
        Assert.Contains("Calendly stopped sending. We check every 2 minutes instead, while a page is open.", stopped.Says("live-updates"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rita", "realtor")]
    [InlineData("adam", "administrator")]
    public async Task Who_is_no_coach_reads_that_there_is_no_connection_for_them(string persona, string role)
    {
        await using var app = new DashboardApp();
        using var person = await app.ClientAsync(persona);

        using var answer = await person.GetAsync("/status", Cancel);
        using var page = await answer.DocumentAsync();
        using var check = await DashboardApp.PostFormAsync(person, "/status/check");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("There is no Calendly connection for a", HealthPage.Text(page.QuerySelector("[data-testid=status]")), StringComparison.Ordinal);
        Assert.Contains(role, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("[data-testid=status-row]"));
        Assert.Equal(HttpStatusCode.Forbidden, check.StatusCode);
        Assert.Equal("FORBIDDEN_ROLE", check.ErrorCode());
        Assert.Empty(app.Emulator.Journal);
    }

    private static async Task MarkAsync(DashboardApp app, ConnectionStatus status)
    {
        var store = app.Services.GetRequiredService<ITokenStore>();
        for (var id = 1; ; id++)
        {
            if (await store.ReadAsync(id, Cancel) is { Connection.Profile.Name: "Ana Ruiz" } tokens)
            {
                await store.MarkAsync(id, tokens.Version, status, "revoked", null, Cancel);
                return;
            }
        }
    }
}
