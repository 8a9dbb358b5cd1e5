using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Looking after the connection on the health page.</summary>
[Collection(typeof(OneAtATime))]
public sealed class StatusJourneyTests(Browsers browsers)
{
    [Fact]
    public async Task A_check_by_keyboard_fills_the_rows_as_they_come_and_keeps_the_focus()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");
        await visit.TestId("connection-chip").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Calendly status");
        visit.App.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Delay) { Delay = TimeSpan.FromMinutes(1) });

        var button = page.GetByRole(AriaRole.Button, new() { Name = "Check everything now" });
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(Row(visit, "account")).ToContainTextAsync("confirmed just now");
        await Expect(Row(visit, "account")).ToHaveAttributeAsync("data-state", "ready");
        await Expect(Row(visit, "list")).ToHaveAttributeAsync("data-state", "checking");
        await Expect(visit.TestId("status-check")).ToHaveAttributeAsync("aria-busy", "true");
        await Expect(visit.TestId("status-check")).ToBeFocusedAsync();
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Checking…");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Checking everything…");

        visit.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await Expect(Row(visit, "list")).ToContainTextAsync("Read from Calendly");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Checked. All good.");
        await visit.SettleAsync();
        await Expect(button).ToBeFocusedAsync();
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Calendly");
        await Expect(page.Locator(".status [aria-busy]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".status [data-verdict=good]")).ToHaveCountAsync(7);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Live_updates_that_calendly_has_stopped_are_turned_back_on_by_one_press()
    {
        await using var visit = await Visit.StartAsync(browsers, new DashboardApp { Settings = { ["PUBLIC_BASE_URL"] = "http://127.0.0.1:9" } });
        await StandsAsync(visit.App, LiveUpdateState.On);
        visit.App.Emulator.Webhooks.Disable(WorldAccounts.Ana, isDisabled: true);
        visit.Break("/webhook_subscriptions", 403, "POST");
        visit.App.Clock.Advance(TimeSpan.FromHours(1));
        visit.App.Services.GetRequiredService<SubscriptionKeeper>().Wake();
        await StandsAsync(visit.App, LiveUpdateState.Stopped);
        await visit.GoAsync("ana", "/status");
        await Expect(Row(visit, "live-updates")).ToContainTextAsync("Off since 11:00");
        await visit.AssertAccessibleAsync();
        visit.App.Emulator.Faults.Clear();
        visit.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await visit.TestId("turn-on").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(Row(visit, "live-updates")).ToHaveAttributeAsync("data-verdict", "good");
        await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Live updates: On");
        await Expect(Row(visit, "live-updates").GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_same_check_needs_no_script()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("ana", "/status");

        await visit.TestId("status-check").PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/status").ToString());
        await Expect(visit.Page.Locator(".status [data-verdict=good]")).ToHaveCountAsync(7);
        await visit.TestId("status-check").ClickAsync();
        await Expect(visit.TestId("check-refused")).ToContainTextAsync("please wait");
    }

    [Fact]
    public async Task While_calendly_is_down_the_chip_leads_to_a_retry_that_mends_everything()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ViewportSize = new() { Width = 360, Height = 800 } });
        visit.Break("/", 503);
        await visit.GoAsync("ana", "/sessions");
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Calendly is down");
        await visit.TestId("connection-chip").ClickAsync();
        await visit.SettleAsync();
        await visit.AssertFitsAsync();
        visit.App.Emulator.Faults.Clear();

        await visit.TestId("status-retry").ClickAsync();

        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Calendly");
        await Expect(Row(visit, "list")).ToHaveAttributeAsync("data-verdict", "good");
        await Expect(visit.TestId("status-summary")).ToContainTextAsync("last errors");
        await visit.AssertFitsAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_row_whose_answer_never_comes_says_so_while_the_others_are_told()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/status");
        await visit.Page.RouteAsync("**/status/check/list", route => route.AbortAsync());
        await visit.Page.RouteAsync("**/status/check", route => route.Request.Method == "GET" ? route.AbortAsync() : route.ContinueAsync());

        await visit.TestId("status-check").ClickAsync();

        await Expect(Row(visit, "list")).ToContainTextAsync("Not checked");
        await Expect(Row(visit, "list")).ToHaveAttributeAsync("data-verdict", "bad");
        await Expect(Row(visit, "account")).ToHaveAttributeAsync("data-verdict", "good");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Load again" })).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".status [aria-busy]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_wait_is_counted_down_and_ends_by_itself()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.App.Clock.Tick();
        visit.App.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38), Times = 2 });
        await visit.Page.Clock.InstallAsync();
        await visit.GoAsync("ana", "/sessions");
        await visit.Page.GotoAsync("/status");
        await visit.SettleAsync();
        await Expect(visit.TestId("connection-chip")).ToContainTextAsync("Slowed down, 3");

        await visit.Page.Clock.FastForwardAsync(20_000);
        await Expect(visit.TestId("connection-chip").Locator("[data-until]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^1[0-9] s$"));
        await Expect(visit.TestId("status-summary")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Slowed down, 1[0-9] s"));

        visit.App.Clock.Advance(TimeSpan.FromSeconds(40));
        await visit.Page.Clock.FastForwardAsync(20_000);
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Calendly");
        await Expect(visit.TestId("status-check")).ToBeVisibleAsync();
        visit.AssertNoComplaints();
    }

    private static ILocator Row(Visit visit, string key) => visit.Page.Locator($"[data-testid=status-row][data-row={key}]");

    private static async Task StandsAsync(DashboardApp app, LiveUpdateState state)
    {
        var (live, ana) = (app.Services.GetRequiredService<ILiveUpdates>(), await app.PersonIdAsync("ana"));
        while ((await live.FindAsync(ana, TestContext.Current.CancellationToken)).State != state)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
