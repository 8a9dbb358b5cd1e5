using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Seeing schedules, and changing hours.</summary>
[Collection(typeof(OneAtATime))]
public sealed class SchedulesJourneyTests(Browsers browsers)
{
    private static readonly string Discovery = $"/schedules/event-types/{EmulatedIds.EventType("ana", "discovery-call")}/hours";

    [Fact]
    public async Task The_page_shows_the_hours_steps_through_weeks_and_leads_to_the_hours_of_an_event_type()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/schedules");

        await Expect(visit.TestId("schedule")).ToHaveCountAsync(2);
        await Expect(visit.TestId("used-by").First).ToContainTextAsync("Used by 5 event types");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Week after" }).ClickAsync();
        await Expect(visit.TestId("week")).ToHaveTextAsync("Mon 9 Mar – Sun 15 Mar");
        await Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("week=2026-03-09$"));
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Week after" })).ToBeFocusedAsync();
        await visit.SettleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Hours of Discovery call" }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Hours of Discovery call");
        visit.AssertNoComplaints();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hours_are_added_removed_copied_saved_and_undone_by_keyboard_alone(bool scripts)
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = scripts, Locale = "en-GB" });
        var page = visit.Page;
        await visit.GoAsync("ana", Discovery);

        await PressAsync("Add hours to Tuesday");
        await Expect(page.Locator("#tuesday-2-from")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("1800");
        await Expect(page.Locator("#tuesday-2-from")).ToHaveValueAsync("18:00");
        await page.Locator("#tuesday-2-to").FocusAsync();
        await page.Keyboard.TypeAsync("1930");
        await Expect(page.Locator("#tuesday-2-to")).ToHaveValueAsync("19:30");

        await PressAsync("Remove 13:30–17:30 on Tuesday");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add hours to Tuesday" })).ToBeFocusedAsync();
        await Expect(page.Locator("#tuesday-1-from")).ToHaveValueAsync("18:00");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#copy-tuesday")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        var wednesday = page.Locator("input[name=copy-tuesday][value=wednesday]");
        await wednesday.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await PressAsync("Copy Tuesday to the ticked days");
        await Expect(page.Locator("#wednesday-1-to")).ToHaveValueAsync("19:30");
        await Expect(page.Locator("#copy-tuesday")).ToBeFocusedAsync();

        // Enter in a field asks for the review, and removes nothing.
        await page.Locator("#wednesday-1-to").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Save these hours?");
        await visit.SettleAsync();
        await Expect(visit.TestId("hours-change")).ToHaveTextAsync(
            ["Tuesday 09:00–12:30, 13:30–17:30 → 09:00–12:30, 18:00–19:30", "Wednesday 09:00–12:30, 13:30–17:30 → 09:00–12:30, 18:00–19:30"]);
        await Expect(visit.TestId("hours-affects")).ToContainTextAsync("no longer follows “Working hours”");

        await PressAsync("Save hours");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Saved");
        await PressAsync("Undo");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The former hours are back");
        Assert.Equal(2, visit.App.Emulator.Journal.Count(call => call.Method == "PATCH"));
        visit.AssertNoComplaints();

        async Task PressAsync(string name)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await visit.SettleAsync();
        }
    }

    [Fact]
    public async Task Of_two_people_editing_the_second_chooses()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", Discovery);
        var other = await visit.Context.NewPageAsync();
        await other.GotoAsync(Discovery);
        await other.GetByRole(AriaRole.Button, new() { Name = "Remove 13:30–17:30 on Monday" }).ClickAsync();
        await other.GetByTestId("hours-review").ClickAsync();
        await other.GetByTestId("hours-save").ClickAsync();
        await Expect(other.GetByTestId("hours-saved")).ToBeVisibleAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove 09:00–12:30 on Friday" }).Or(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove 10:00–15:00 on Friday" })).ClickAsync();
        await visit.SettleAsync();
        await visit.TestId("hours-review").ClickAsync();

        var conflict = visit.TestId("hours-conflict");
        await Expect(conflict).ToBeVisibleAsync();
        await Expect(conflict.GetByRole(AriaRole.Row, new() { Name = "Monday" })).ToContainTextAsync("09:00–12:30");
        await visit.AssertAccessibleAsync();
        await visit.TestId("conflict-theirs").ClickAsync();
        await Expect(visit.Page.Locator("#monday-1-from")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("#friday-0-from")).ToHaveCountAsync(1);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task On_a_phone_nothing_has_to_be_scrolled_sideways()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true });
        await visit.GoAsync("ana", "/schedules");
        await visit.AssertFitsAsync();

        await visit.Page.GotoAsync(Discovery);
        await visit.SettleAsync();
        await visit.AssertFitsAsync();
        await visit.Page.Locator("#copy-monday").ClickAsync();
        await visit.AssertFitsAsync();
    }

    [Fact]
    public async Task Coming_back_to_the_window_reads_the_schedules_again_and_keeps_the_focus()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/schedules");
        var link = visit.Page.Locator($"#edit-{EmulatedIds.Schedule("ana", "evenings")}");
        await link.FocusAsync();
        visit.App.Emulator.ClearJournal();

        await visit.Page.EvaluateAsync("window.dispatchEvent(new Event('focus'))");
        await visit.SettleAsync();

        Assert.Contains(visit.App.Emulator.Journal, call => call.Path == "/user_availability_schedules");
        await Expect(link).ToBeFocusedAsync();
    }
}
