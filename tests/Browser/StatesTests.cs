using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>What a person meets when something is missing, refused, slow or broken.</summary>
[Collection(typeof(OneAtATime))]
public sealed class StatesTests(Browsers browsers)
{
    [Fact]
    public async Task Without_a_connection_the_sessions_page_offers_to_connect_and_the_chip_says_so()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("mei", "/sessions");

        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "disconnected");
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Connect Calendly");
        await Expect(visit.TestId("day-timeline")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Every_session_of_the_day_stands_beside_its_hour_and_what_is_over_too()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        await Expect(visit.TestId("day-timeline").Locator(".block.past")).ToHaveCountAsync(1);

        var (hours, blocks) = (await LeftAsync(".hour > span"), await LeftAsync(".block"));

        Assert.Equal(5, blocks.Length);
        Assert.All(blocks, left => Assert.InRange(left, hours.Max() + 20, blocks[^1]));

        Task<double[]> LeftAsync(string part) =>
            visit.TestId("day-timeline").Locator(part).EvaluateAllAsync<double[]>("all => all.map(one => one.getBoundingClientRect().left)");
    }

    [Fact]
    public async Task A_dead_refresh_token_ends_in_reconnect_and_reconnecting_brings_the_sessions_back()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("tom", "/sessions");

        await Expect(visit.TestId("panel-disconnected")).ToContainTextAsync("Calendly has ended our access. Reconnect; nothing here is lost.");
        await visit.Page.ReloadAsync();
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Reconnect");
        await visit.TestId("panel-disconnected").GetByRole(AriaRole.Link, new() { Name = "Reconnect" }).ClickAsync();
        await Expect(visit.TestId("connection-card")).ToHaveAttributeAsync("data-state", "reconnect");
        await visit.TestId("connect-button").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
        await Expect(visit.Row("tomorrow", "tom")).ToContainTextAsync("Ellen Moore");
        await Expect(visit.TestId("connection-chip")).ToHaveAttributeAsync("data-state", "ok");
    }

    [Fact]
    public async Task Denying_at_calendly_comes_back_with_a_sentence_and_nothing_connected()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("mei", "/connection?place=sessions");

        await visit.TestId("connect-button").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();

        await Expect(visit.TestId("connect-problem")).ToHaveTextAsync("You pressed Deny at Calendly. Nothing was connected.");
        await Expect(visit.TestId("connection-card")).ToHaveAttributeAsync("data-state", "disconnected");
    }

    [Fact]
    public async Task Without_the_permission_to_cancel_the_buttons_are_off_and_say_why()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("olu", "/sessions");

        var cancel = visit.Row("tomorrow", "olu").GetByTestId("cancel-open");
        await Expect(cancel).ToBeDisabledAsync();
        await Expect(cancel).ToHaveAccessibleDescriptionAsync("Your connection does not allow canceling. Reconnect and tick Manage scheduled events. Reconnect");
        await Expect(visit.TestId("connection-chip")).ToHaveTextAsync("Limited: cannot cancel");
        await visit.TestId("connection-chip").ClickAsync();
        await Expect(visit.TestId("connection-card")).ToHaveAttributeAsync("data-state", "limited");
        await Expect(visit.TestId("connection-card").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Cancel a session" })).ToContainTextAsync("not allowed");
    }

    // Beside the widest word about updates; with a finger everything around it is wider.
    [Theory]
    [InlineData("ana", "Calendly", 320)]
    [InlineData("ana", "Calendly", 360)]
    [InlineData("ana", "Calendly", 720)]
    [InlineData("ana", "Calendly", 800)]
    [InlineData("olu", "Limited: cannot cancel", 320)]
    [InlineData("olu", "Limited: cannot cancel", 360)]
    [InlineData("olu", "Limited: cannot cancel", 800)]
    [InlineData("tom", "Reconnect", 320)]
    [InlineData("tom", "Reconnect", 360)]
    [InlineData("mei", "Connect Calendly", 320)]
    [InlineData("mei", "Connect Calendly", 360)]
    public async Task Where_there_is_little_room_the_chip_is_not_cut_off_and_is_read_out_in_full(string persona, string name, int width)
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = 780 }, HasTouch = true });
        await visit.GoAsync(persona, "/sessions");
        await visit.Page.ReloadAsync();
        await visit.SettleAsync();
        await visit.Page.EvaluateAsync("document.documentElement.dataset.live = 'polling'");

        await Expect(visit.TestId("connection-chip")).ToHaveAccessibleNameAsync(name);
        var widths = await visit.TestId("connection-chip").Locator("> span").EvaluateAsync<int[]>("it => [it.scrollWidth, it.clientWidth]");
        Assert.InRange(widths[0], 1, widths[1]);
        await visit.AssertFitsAsync();
        await visit.AssertAccessibleAsync();
    }

    [Fact]
    public async Task Disconnecting_asks_first_and_says_what_was_done()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/connection");

        await visit.TestId("disconnect-button").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Disconnect Calendly?");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await visit.TestId("disconnect-confirm").ClickAsync();

        await Expect(visit.TestId("disconnected")).ToContainTextAsync("Calendly has ended our access confirmed");
        Assert.Contains(visit.App.Emulator.Journal, entry => entry.Path == "/oauth/revoke");
        await visit.Page.GotoAsync("/sessions");
        await Expect(visit.TestId("panel-disconnected")).ToBeVisibleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task With_calendly_down_and_no_copy_the_panel_has_a_retry_that_works_once_calendly_is_back()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.Break("/scheduled_events", 503);
        await visit.GoAsync("ana", "/sessions");

        var error = visit.TestId("panel-error");
        await Expect(error).ToContainTextAsync("Calendly is not answering. Nothing is wrong with your account.");
        await Expect(error.GetByTestId("request-id")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9A-Za-z-]{8,}$"));
        await Expect(visit.TestId("session-filter")).ToBeVisibleAsync();
        visit.App.Emulator.Faults.Clear();
        await error.GetByTestId("panel-retry").ClickAsync();

        await Expect(visit.Row("tomorrow-nine")).ToContainTextAsync("Jonas Weber");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "ready");
    }

    [Fact]
    public async Task With_calendly_down_a_copy_stays_with_its_age_and_a_retry()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        visit.App.Clock.Advance(TimeSpan.FromMinutes(6));
        visit.Break("/scheduled_events", 503);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Refresh" }).ClickAsync();

        var strip = visit.TestId("stale-strip");
        await Expect(strip).ToContainTextAsync("As of 10:00 (6 min ago).");
        await Expect(strip).ToContainTextAsync("Calendly is not answering.");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "stale");
        await Expect(visit.Row("tomorrow-nine")).ToBeVisibleAsync();
        visit.App.Emulator.Faults.Clear();
        await strip.GetByTestId("panel-retry").ClickAsync();
        await Expect(visit.TestId("stale-strip")).ToHaveCountAsync(0);
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "ready");
    }

    [Fact]
    public async Task A_rate_limit_says_how_long_and_the_chip_too()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.App.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(42), Times = 10 });
        await visit.GoAsync("ana", "/sessions");

        await Expect(visit.TestId("panel-error")).ToContainTextAsync("Calendly asked us to wait 42 s. We will retry by ourselves.");
        await visit.Page.GotoAsync("/status");
        await Expect(visit.TestId("connection-chip").First).ToHaveTextAsync("Slowed down, 42 s");
    }

    [Fact]
    public async Task Empty_lists_say_what_is_empty_and_what_to_do()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("olu", "/sessions?tab=canceled");
        await Expect(visit.TestId("sessions-panel")).ToContainTextAsync("Nothing canceled. Good.");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "empty-none");

        await visit.Page.GotoAsync("/sessions?from=2027-01-01&to=2027-01-02");
        await Expect(visit.TestId("sessions-panel")).ToContainTextAsync("No upcoming session in this range.");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "empty-filtered");
        await visit.TestId("sessions-panel").GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).Last.ClickAsync();
        await Expect(visit.Row("tomorrow", "olu")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_coach_with_nothing_ahead_is_told_so_and_what_to_do()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.App.Clock.Advance(TimeSpan.FromDays(60));

        await visit.GoAsync("olu", "/sessions");
        await Expect(visit.TestId("sessions-panel")).ToContainTextAsync("Nothing booked. Share your link.");
        await visit.Page.GotoAsync("/");
        await Expect(visit.TestId("sessions-panel")).ToContainTextAsync("Nothing booked today.");
    }

    [Fact]
    public async Task A_page_of_some_proxy_never_lands_in_ours()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        await visit.Page.RouteAsync("**/sessions?tab=past*", route => route.FulfillAsync(new()
        {
            Status = 502,
            ContentType = "text/html",
            Body = "<html><body><h1>502 Bad Gateway</h1></body></html>",
        }));

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();

        await Expect(visit.TestId("toast")).ToContainTextAsync("The server could not be reached properly. Retry.");
        await Expect(visit.Row("tomorrow-nine")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("Bad Gateway")).ToHaveCountAsync(0);
        await visit.Page.UnrouteAsync("**/sessions?tab=past*");
        await visit.TestId("toast").GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(visit.Row("earlier-today")).ToBeVisibleAsync();
        await Expect(visit.TestId("toast")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_lost_network_leaves_the_page_as_it_is_and_says_so_once_per_try()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        await visit.Context.SetOfflineAsync(true);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
        await Expect(visit.TestId("toast")).ToContainTextAsync("Could not reach us. Retry.");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
        await Expect(visit.TestId("toast")).ToContainTextAsync("(×2)");

        await Expect(visit.TestId("toast")).ToHaveCountAsync(1);
        await Expect(visit.Row("tomorrow-nine")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#toasts-bad")).ToHaveRoleAsync(AriaRole.Alert);
        await visit.TestId("toast").GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(visit.TestId("toast")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-app-idle", "true");
    }

    [Fact]
    public async Task Signing_out_in_another_tab_leads_the_next_click_to_the_sign_in_page_and_back()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var other = await visit.Context.NewPageAsync();
        await other.GotoAsync("/sessions");
        await other.Locator("#person-menu summary").ClickAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(other).ToHaveURLAsync(new Uri(visit.Address, "/sign-in").ToString());

        await visit.Row("tomorrow-nine").GetByTestId("cancel-open").ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/sign-in?place=sessions").ToString());
        await visit.TestId("persona-ana").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
    }

    [Fact]
    public async Task A_timeline_that_fails_leaves_the_list_alone_and_can_be_retried()
    {
        // Narrow, the timeline stands below the list and is not asked for before it comes into view.
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ViewportSize = new() { Width = 1000, Height = 900 } });
        await visit.GoAsync("ana", "/sessions");
        visit.Break("/scheduled_events", 503);

        await visit.Page.SetViewportSizeAsync(1280, 900);

        var panel = visit.Page.Locator("aside.timeline");
        await Expect(panel.GetByTestId("panel-error")).ToContainTextAsync("Calendly is not answering. Nothing is wrong with your account.");
        await Expect(visit.Row("tomorrow-nine")).ToContainTextAsync("Jonas Weber");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "ready");
        visit.App.Emulator.Faults.Clear();
        await panel.GetByTestId("panel-retry").ClickAsync();
        await Expect(visit.TestId("day-timeline")).ToContainTextAsync("Maya Lindqvist");
    }

    [Fact]
    public async Task Names_that_cannot_be_read_are_quietly_absent()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.Break("/scheduled_events/", 404, "GET");
        await visit.GoAsync("ana", "/sessions");

        await Expect(visit.Row("tomorrow-nine").Locator(".n")).ToHaveTextAsync("1 invitee");
        await Expect(visit.TestId("toast")).ToHaveCountAsync(0);
        await Expect(visit.TestId("panel-error")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Addresses_that_lead_nowhere_say_so_in_the_layout()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", $"/sessions/{Guid.Empty}");
        await Expect(visit.TestId("panel-error")).ToContainTextAsync("We could not find that session. It may belong to another account.");

        await visit.Page.GotoAsync($"/sessions/{EmulatedIds.Session("priya", "tomorrow")}");
        await Expect(visit.TestId("panel-error")).ToContainTextAsync("We could not find that session. It may belong to another account.");

        await visit.Page.GotoAsync("/nowhere");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nothing lives here");

        await visit.Page.GotoAsync("/sessions?from=2026-02-31&to=2026-01-01");
        await Expect(visit.Page.GetByText("2026-02-31")).ToBeVisibleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_realtor_is_told_that_sessions_are_for_coaches()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", "/sessions");

        await Expect(visit.TestId("panel-forbidden")).ToContainTextAsync("Only a coach can do this.");
        await Expect(visit.TestId("connection-chip")).ToHaveCountAsync(0);
        await visit.Page.GotoAsync("/");
        await Expect(visit.TestId("welcome")).ToContainTextAsync("Good to see you, Rita Campos");
    }
}
