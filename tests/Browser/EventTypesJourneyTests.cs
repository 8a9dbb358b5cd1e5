using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>What a coach does with event types: find one, share it, turn it off and think better of it.</summary>
[Collection(typeof(OneAtATime))]
public sealed class EventTypesJourneyTests(Browsers browsers)
{
    [Fact]
    public async Task Searching_while_typing_keeps_the_field_and_the_address_and_filters_add_to_it()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/event-types");
        var rows = visit.TestId("event-type-row");
        await Expect(rows).ToHaveCountAsync(6);
        await Expect(Row(visit, "discovery-call").GetByTestId("bookability")).ToContainTextAsync("open in 7 days");

        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" }).PressSequentiallyAsync("i", new() { Delay = 20 });
        await Expect(rows).ToHaveCountAsync(5);
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/event-types?q=i").ToString());
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Group", Exact = true }).ClickAsync();
        await Expect(visit.TestId("event-types-panel")).ToHaveAttributeAsync("data-state", "empty-filtered");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/event-types?q=i&kind=group").ToString());
        await page.GetByRole(AriaRole.Searchbox).FillAsync("o");
        await Expect(rows).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Expect(visit.TestId("event-types-panel")).ToHaveAttributeAsync("data-state", "ready");
        await page.GotoAsync("/event-types?q=yoga");
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(6);
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(string.Empty);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_link_is_copied_and_a_single_use_one_made_listed_and_removed()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        var page = visit.Page;
        await visit.GoAsync("ana", "/event-types");
        var row = Row(visit, "discovery-call");

        await row.GetByTestId("copy-link").ClickAsync();
        await Expect(page.Locator("#live")).ToHaveTextAsync("Link to Discovery call copied");
        await Expect(row.GetByTestId("copy-link")).ToContainTextAsync("Copied");

        await row.GetByTestId("type-more").Locator("summary").ClickAsync();
        await row.GetByTestId("single-use-link").ClickAsync();
        var made = row.GetByTestId("made-link");
        await Expect(made).ToHaveCountAsync(1);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Single-use link for Discovery call made");
        await Expect(made.GetByRole(AriaRole.Button, new() { Name = "Copy" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Single-use link to Discovery call copied");
        await made.GetByRole(AriaRole.Button, new() { Name = "Remove from list" }).ClickAsync();
        await Expect(made).ToHaveCountAsync(0);

        await row.GetByTestId("listing-switch").ClickAsync();
        await Expect(row.GetByTestId("listing-switch")).Not.ToBeCheckedAsync();
        await Expect(row.GetByText("Shown to realtors")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Searchbox).FocusAsync();
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^https://calendly\.com/d/[\w-]+/discovery-call$"));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Turning_off_can_be_undone_and_a_refusal_is_said_in_the_row()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/event-types");
        var row = Row(visit, "discovery-call");
        var flip = row.GetByRole(AriaRole.Switch, new() { Name = "Discovery call can be booked" });
        await Expect(flip).ToBeCheckedAsync();

        await flip.ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "off");
        await Expect(row.Locator(".slot")).ToContainTextAsync("Turned off. 2 sessions stay booked.");
        await Expect(visit.Page.Locator("#live")).ToContainTextAsync("Discovery call is off.");
        await row.GetByTestId("undo").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "active");
        await Expect(row.GetByTestId("bookability")).ToContainTextAsync("open in 7 days");

        visit.Break("/event_types/", 403, "PATCH");
        await flip.ClickAsync();
        await Expect(row.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Your Calendly plan or role does not allow this.");
        await Expect(flip).ToBeCheckedAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/event-types").ToString());
        await visit.SettleAsync();
        await Expect(Row(visit, "private-visit").GetByTestId("bookability")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Expect(Row(visit, "discovery-call").GetByTestId("bookability")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("y");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Link to Discovery call copied");
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("jy");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("jy");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("discovery");
        await Expect(visit.TestId("event-type-row")).ToHaveCountAsync(1);
        var flip = page.GetByRole(AriaRole.Switch, new() { Name = "Discovery call can be booked" });
        await flip.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(flip).Not.ToBeCheckedAsync();
        await Expect(flip).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(flip).ToBeCheckedAsync();
        await Expect(page.GetByTestId("bookability")).ToBeVisibleAsync();
        await page.GetByTestId("bookability").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, $"/free-times?eventType={EmulatedIds.EventType("ana", "discovery-call")}").ToString());
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task All_of_it_works_without_scripts_on_a_phone()
    {
        await using var visit = await Visit.StartAsync(
            browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false, ViewportSize = new() { Width = 360, Height = 800 } });
        var page = visit.Page;
        await visit.GoAsync("ana", "/event-types");
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("discovery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(visit.TestId("event-type-row")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Free times of Discovery call" })).ToBeVisibleAsync();
        await Expect(visit.TestId("copy-link")).ToBeHiddenAsync();
        await visit.TestId("type-more").Locator("summary").ClickAsync();
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Single-use links" }).ClickAsync();
        await visit.TestId("single-use-link").ClickAsync();
        await Expect(visit.TestId("made-link")).ToHaveCountAsync(1);
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Discovery call" }).ClickAsync();
        await visit.TestId("type-switch").ClickAsync();
        await Expect(page.GetByText("Sessions that are booked already stay booked.")).ToBeVisibleAsync();
        await Expect(visit.TestId("type-switch")).Not.ToBeCheckedAsync();
        await visit.AssertFitsAsync();
    }

    private static ILocator Row(Visit visit, string slug) => visit.Page.Locator($"#type-{EmulatedIds.EventType("ana", slug)}");
}
