using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Finding a free time: by week, month, day and list; by keyboard alone; on a phone; without scripts.</summary>
[Collection(typeof(OneAtATime))]
public sealed class FreeTimesJourneyTests(Browsers browsers)
{
    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");
    private static readonly string Start = $"/free-times?eventType={Discovery}";

    [Fact]
    public async Task A_coach_steps_through_weeks_month_day_and_list()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", Start);

        await Expect(visit.TestId("week-grid").GetByRole(AriaRole.Button)).ToHaveCountAsync(41);
        await Expect(page.Locator("#why-2026-03-07")).ToHaveTextAsync("No hours on this day");
        await page.GetByRole(AriaRole.Link, new() { Name = "Later" }).ClickAsync();
        await Expect(page.Locator("#why-2026-03-11")).ToHaveTextAsync("All busy: 1 calendar block");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, $"{Start}&date=2026-03-09").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Month", Exact = true }).ClickAsync();
        await page.Locator("[data-day='2026-03-10']").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.TestId("week-grid").GetByRole(AriaRole.Button)).ToHaveCountAsync(25);
        await page.GetByRole(AriaRole.Link, new() { Name = "List", Exact = true }).ClickAsync();
        await Expect(visit.TestId("times-list").GetByRole(AriaRole.Heading).First).ToContainTextAsync("Today, Mon 2 March");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show eight weeks" }).ClickAsync();
        await Expect(visit.TestId("times-list").Locator("[data-day='2026-04-20']")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(visit.TestId("times-list").Locator("[data-day='2026-04-20']")).ToHaveCountAsync(0);
        await page.GetByLabel("Event type").SelectOptionAsync(new SelectOptionValue { Label = "Deep-dive coaching, 60 min" });
        await Expect(visit.TestId("times-list").Locator("[data-day='2026-03-10']")).ToContainTextAsync("12 open");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_chosen_time_is_confirmed_and_one_taken_meanwhile_offers_the_nearest()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", $"{Start}&date=2026-03-10");
        var nine = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Tuesday 10 March, 06:00 to 06:30, open" });

        await nine.ClickAsync();
        await Expect(visit.TestId("picked")).ToContainTextAsync("Tue 10 Mar, 06:00–06:30 MST (UTC−7), 09:00 EDT for Ana Ruiz");
        await Expect(nine).ToHaveAttributeAsync("aria-pressed", "true");
        visit.App.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, 10, 13, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 10, 13, 30, 0, TimeSpan.Zero));
        await nine.ClickAsync();
        await Expect(visit.TestId("picked")).ToContainTextAsync("has just been taken. Closest free:");
        await visit.TestId("nearest-slot").First.ClickAsync();
        await Expect(visit.TestId("picked")).ToHaveAttributeAsync("data-state", "open");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_grid_is_one_tab_stop_and_arrows_move_among_its_times()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", $"{Start}&date=2026-03-09");
        var slots = page.Locator("#slots .free");

        Assert.Equal(1, await slots.EvaluateAllAsync<int>("all => all.filter(slot => slot.tabIndex === 0).length"));
        await slots.First.FocusAsync();
        await Expect(slots.First).ToHaveTextAsync("10:30");
        await page.Keyboard.PressAsync("ArrowDown");
        await AssertFocusAsync(page, "2026-03-09T14:45:00Z");
        await page.Keyboard.PressAsync("ArrowRight");
        await AssertFocusAsync(page, "2026-03-10T14:45:00Z");
        await page.Keyboard.PressAsync("ArrowRight");
        await AssertFocusAsync(page, "2026-03-12T14:45:00Z");
        await page.Keyboard.PressAsync("Home");
        await AssertFocusAsync(page, "2026-03-12T14:15:00Z");
        await page.Keyboard.PressAsync("End");
        await AssertFocusAsync(page, "2026-03-12T21:00:00Z");
        await page.Keyboard.PressAsync("ArrowLeft");
        await AssertFocusAsync(page, "2026-03-10T21:00:00Z");
        await page.Keyboard.PressAsync("Enter");
        await Expect(visit.TestId("picked")).ToContainTextAsync("Tue 10 Mar, 17:00–17:30 EDT");
        Assert.Equal(1, await slots.EvaluateAllAsync<int>("all => all.filter(slot => slot.tabIndex === 0).length"));

        await page.Keyboard.PressAsync("PageDown");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("date=2026-03-16"));
        await page.Keyboard.PressAsync("v");
        await Expect(visit.TestId("times-list")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("v");
        await Expect(visit.TestId("week-grid")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("t");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("date=2026-03-02"));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Times_older_than_a_minute_are_read_again_without_moving_the_focus()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await page.Clock.InstallAsync();
        await visit.GoAsync("ana", $"{Start}&date=2026-03-09");
        var taken = page.Locator("button[value='2026-03-09T14:45:00Z']");
        await Expect(taken).ToBeVisibleAsync();
        await page.Locator("button[value='2026-03-10T14:00:00Z']").FocusAsync();
        visit.App.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, 9, 14, 45, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 9, 15, 0, 0, TimeSpan.Zero));
        visit.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await page.Clock.RunForAsync(61_000);

        await Expect(taken).ToHaveCountAsync(0);
        await AssertFocusAsync(page, "2026-03-10T14:00:00Z");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task On_a_phone_one_day_is_shown_at_a_time()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        await visit.GoAsync("ana", $"{Start}&date=2026-03-10");

        await Expect(visit.Page.Locator(".column:visible")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("#slots .free:visible")).ToHaveCountAsync(25);
        await visit.Page.Locator("#strip-2026-03-12").ClickAsync();
        await Expect(visit.Page.Locator("#slots .free:visible")).ToHaveCountAsync(17);
        await visit.AssertFitsAsync();
        var box = await visit.Page.Locator("#slots .free:visible").First.BoundingBoxAsync();
        Assert.True(box!.Height >= 44, $"{box.Height} px is too small for a thumb.");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Finding_and_choosing_a_time_needs_no_script()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = visit.Page;
        await visit.GoAsync("ana", "/free-times");

        await page.GetByLabel("Event type").SelectOptionAsync(new SelectOptionValue { Label = "Deep-dive coaching, 60 min" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "List", Exact = true }).ClickAsync();
        await visit.TestId("times-list").GetByRole(AriaRole.Button, new() { Name = "Tuesday 10 March, 09:00 to 10:00, open" }).ClickAsync();
        await Expect(visit.TestId("picked")).ToContainTextAsync("Tue 10 Mar, 09:00–10:00 EDT (UTC−4)");
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to all times" }).ClickAsync();
        await page.GetByText("Copy times").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Times as text" }).ClickAsync();
        await Expect(visit.TestId("times-as-text")).ToContainTextAsync("Deep-dive coaching, 60 min. Times in America/New_York:");
    }

    [Fact]
    public async Task The_next_times_are_copied_in_the_receivers_zone()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = visit.Page;
        await visit.GoAsync("ana", $"{Start}&date=2026-03-10");

        await page.GetByText("Copy times").ClickAsync();
        await page.GetByLabel("Written for").FillAsync("Asia/Kolkata");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change zone" }).ClickAsync();
        await Expect(visit.TestId("times-as-text")).ToContainTextAsync("Times in Asia/Kolkata");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied", Exact = true })).ToBeVisibleAsync();
        // Our own policy forbids reading the clipboard, so it is pasted.
        await page.GetByLabel("Written for").FillAsync("");
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.GetByLabel("Written for")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"Tue 10 Mar, 18:30–19:00 IST \(UTC\+5:30\)"));
        visit.AssertNoComplaints();
    }

    private static async Task AssertFocusAsync(IPage page, string start) =>
        await Expect(page.Locator($"button[value='{start}']")).ToBeFocusedAsync();
}
