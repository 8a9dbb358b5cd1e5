using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Addresses, history, paging, time zones and the theme.</summary>
[Collection(typeof(OneAtATime))]
public sealed class NavigationTests(Browsers browsers)
{
    [Fact]
    public async Task Every_view_has_an_address_that_back_forward_and_reload_lead_to()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");
        await page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
        await ExpectTabAsync(visit, "Past", "earlier-today", "/sessions?tab=past");
        await page.GetByRole(AriaRole.Link, new() { Name = "Canceled" }).ClickAsync();
        await ExpectTabAsync(visit, "Canceled", "canceled-by-host", "/sessions?tab=canceled");

        await page.GoBackAsync();
        await ExpectTabAsync(visit, "Past", "earlier-today", "/sessions?tab=past");
        await page.GoBackAsync();
        await ExpectTabAsync(visit, "Upcoming", "tomorrow-nine", "/sessions");
        await page.GoForwardAsync();
        await ExpectTabAsync(visit, "Past", "earlier-today", "/sessions?tab=past");
        await page.ReloadAsync();
        await ExpectTabAsync(visit, "Past", "earlier-today", "/sessions?tab=past");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_filter_is_in_the_address_and_stays_when_it_finds_nothing()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");

        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-03-03");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("from=2026-03-03"));
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-03-03");
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(2);
        await Expect(page.GetByLabel("To", new() { Exact = true })).ToBeFocusedAsync();
        var address = page.Url;
        await page.ReloadAsync();
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(2);
        await Expect(page.GetByLabel("To", new() { Exact = true })).ToHaveValueAsync("2026-03-03");

        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-03-01");
        await Expect(visit.TestId("sessions-panel")).ToHaveAttributeAsync("data-state", "error");
        await Expect(page.GetByLabel("From", new() { Exact = true })).ToHaveValueAsync("2026-03-03");
        await page.GoBackAsync();
        Assert.Equal(address, page.Url);
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
    }

    [Fact]
    public async Task More_rows_come_beneath_the_others_and_the_focus_goes_to_the_first_of_them()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions?tab=past");
        // Of the 25 that Calendly gives, one is still going on.
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(24);
        var href = await visit.TestId("load-more").GetAttributeAsync("href");

        await visit.TestId("load-more").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.TestId("list-end")).ToContainTextAsync("That is everything");
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(26);
        await Expect(visit.Row("past-22")).ToContainTextAsync("Jonas Weber");
        await Expect(visit.Row("past-21").Locator(".n a")).ToBeFocusedAsync();
        visit.AssertNoComplaints();

        await visit.Page.GotoAsync(href!);
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(2);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Earlier page" }).ClickAsync();
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(24);
    }

    [Fact]
    public async Task A_session_has_a_page_and_back_leads_to_the_list()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");

        await visit.Row("guests").Locator(".n a").ClickAsync();
        await Expect(visit.TestId("session-page")).ToContainTextAsync("partner@oneill.example");
        await Expect(visit.TestId("session-page")).ToContainTextAsync("214 Harbor Street");
        await Expect(visit.TestId("invitee")).ToContainTextAsync("Is there a step at the door?");
        await visit.Page.GoBackAsync();
        await Expect(visit.Row("guests")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_zone_comes_from_the_browser_at_sign_in_and_follows_the_picker()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { TimezoneId = "Europe/Berlin" });
        var page = visit.Page;
        await page.GotoAsync("/sign-in?place=sessions");
        await visit.SettleAsync();
        await visit.TestId("persona-ana").ClickAsync();
        await visit.SettleAsync();

        await Expect(visit.TestId("zone-picker")).ToContainTextAsync("Berlin, UTC+1");
        await Expect(visit.Row("tomorrow-nine").Locator("time")).ToHaveTextAsync("15:00–15:30");
        await visit.TestId("zone-picker").Locator("summary").ClickAsync();
        await page.Locator("#zone-choice").SelectOptionAsync("Asia/Kolkata");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
        await Expect(visit.TestId("zone-picker")).ToContainTextAsync("Kolkata, UTC+5:30");
        await Expect(visit.Row("tomorrow-nine").Locator("time")).ToHaveTextAsync("19:30–20:00");
        await Expect(visit.Row("tomorrow-nine")).ToContainTextAsync("15:00 for Jonas");
        await page.ReloadAsync();
        await Expect(visit.Row("tomorrow-nine").Locator("time")).ToHaveTextAsync("19:30–20:00");
    }

    [Fact]
    public async Task The_chosen_theme_is_there_in_the_first_byte_and_keeps_the_page()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");
        await page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
        await Expect(visit.Row("earlier-today")).ToBeVisibleAsync();

        await page.Locator("#person-menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions?tab=past").ToString());
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        var html = await (await page.ReloadAsync())!.TextAsync();
        Assert.Contains("data-theme=\"dark\"", html, StringComparison.Ordinal);
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(19, 20, 18)");
    }

    private static async Task ExpectTabAsync(Visit visit, string tab, string row, string address)
    {
        await Expect(visit.Page.Locator("[data-testid=sessions-tab][aria-current=page]")).ToContainTextAsync(tab);
        await Expect(visit.Row(row)).ToBeVisibleAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, address).ToString());
    }
}
