using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>A realtor finds a coach: by searching, by the soonest time, side by side; a coach writes the own card.</summary>
[Collection(typeof(OneAtATime))]
public sealed class CoachesJourneyTests(Browsers browsers)
{
    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");

    [Fact]
    public async Task The_soonest_times_come_after_the_page_and_lead_to_booking()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", "/");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Coaches" }).First.ClickAsync();

        await Expect(Soonest(visit, "ana-ruiz")).ToHaveAttributeAsync("data-state", "open");
        await Expect(Soonest(visit, "ana-ruiz").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex($"^/book/ana-ruiz/{Discovery}\\?slot=2026-03-02T"));
        await Expect(Soonest(visit, "priya-nair")).ToHaveAttributeAsync("data-state", "open");
        await Expect(Soonest(visit, "tom-wells")).ToHaveTextAsync("Tom Wells has to reconnect Calendly");
        await Expect(visit.Page.Locator("#coaches-found [hx-get]")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Searching_narrows_the_cards_while_one_types_and_the_address_follows()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", "/coaches");
        var search = visit.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" });

        await search.PressSequentiallyAsync("hindi");

        await Expect(visit.TestId("coach-card")).ToHaveCountAsync(1);
        await Expect(search).ToBeFocusedAsync();
        await Expect(search).ToHaveValueAsync("hindi");
        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/coaches?q=hindi").ToString());
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(visit.TestId("coach-card")).ToHaveCountAsync(4);
        await visit.SettleAsync();
        await visit.Page.GetByLabel("Sort").SelectOptionAsync("soonest");
        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/coaches?sort=soonest").ToString());
        await Expect(Soonest(visit, "priya-nair")).ToHaveAttributeAsync("data-state", "open");
        var starts = await visit.Page.Locator("[data-testid=soonest][data-start]").EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.start)");
        Assert.Equal(starts.Order(StringComparer.Ordinal), starts);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_was_found_stays_where_it_is_while_the_mouse_leaves_the_search_for_it()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", "/coaches");
        await visit.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" }).PressSequentiallyAsync("hindi");
        await Expect(visit.TestId("coach-card")).ToHaveCountAsync(1);
        await visit.SettleAsync();

        // Pressing the button takes the focus away, which to the browser is a change of the search.
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Priya Nair", Exact = true }).HoverAsync();
        await visit.Page.Mouse.DownAsync();
        await visit.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 300))");
        await visit.SettleAsync();
        await visit.Page.Mouse.UpAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Uri(visit.Address, "/coaches/priya-nair").ToString());
    }

    [Fact]
    public async Task Two_are_ticked_and_compared_by_keyboard()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("rita", "/coaches");
        var ana = page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare Ana Ruiz" });

        await ana.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(visit.TestId("compare-bar")).ToContainTextAsync("Ana Ruiz: tick another to compare.");
        await Expect(ana).ToBeFocusedAsync();
        await Expect(ana).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare Priya Nair" }).PressAsync("Space");
        await visit.TestId("compare").ClickAsync();
        await visit.SettleAsync();

        await Expect(visit.TestId("compare-coach")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Later" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("week=2026-03-09"));
        var slot = visit.TestId("compare-grid").GetByRole(AriaRole.Link, new() { Name = "Ana Ruiz, Tuesday 10 March, 06:00 to 06:30, open" });
        await Expect(slot).ToHaveAttributeAsync("href", $"/book/ana-ruiz/{Discovery}?slot=2026-03-10T13:00:00Z");
        await slot.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#slots :focus")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("v");
        await Expect(visit.TestId("compare-grid")).ToHaveCountAsync(0);
        await Expect(visit.TestId("compare-list").GetByRole(AriaRole.Heading, new() { Name = "Tuesday 10 March" })).ToBeVisibleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task On_a_phone_the_comparison_is_a_list_with_room_for_a_thumb()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 360, Height = 740 },
            HasTouch = true,
            IsMobile = true,
        });
        await visit.GoAsync("rita", "/coaches/compare?coach=ana-ruiz&coach=priya-nair&week=2026-03-09");

        await Expect(visit.TestId("compare-grid")).ToBeHiddenAsync();
        var slot = visit.TestId("compare-list").Locator("[data-lane=A]").First;
        await Expect(slot).ToBeVisibleAsync();
        var box = await slot.BoundingBoxAsync();
        Assert.True(box!.Height >= 44 && box.Width >= 44, $"{box.Width} by {box.Height} px is too small for a thumb.");
        await visit.AssertFitsAsync();
        await visit.Page.GotoAsync("/coaches");
        await visit.AssertFitsAsync();
        await visit.Page.GotoAsync("/coaches/ana-ruiz");
        await visit.AssertFitsAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Finding_and_comparing_need_no_script()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = visit.Page;
        await visit.GoAsync("rita", "/coaches");

        await Expect(page.Locator("[data-state=looking]:visible")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show soonest" }).ClickAsync();
        await Expect(Soonest(visit, "ana-ruiz")).ToHaveAttributeAsync("data-state", "open");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare Ana Ruiz" }).CheckAsync();
        await page.Locator("#coaches-tag").SelectOptionAsync("Mindset");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare Priya Nair" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare those that are ticked" }).ClickAsync();
        await Expect(visit.TestId("compare-coach")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Ana Ruiz", Exact = true }).ClickAsync();
        await Expect(visit.TestId("offer")).ToHaveCountAsync(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coach_writes_the_own_card_and_is_found_by_it(bool scripts)
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = scripts });
        var page = visit.Page;
        await visit.GoAsync("olu", "/sessions");
        await page.Locator("#person-menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Your card" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("");
        await visit.TestId("card-save").ClickAsync();
        await Expect(page.Locator("#card-name-problem")).ToHaveTextAsync("Write the name that realtors know you by.");

        await page.GetByLabel("Name").FillAsync("Olu Adeyemi");
        await page.GetByLabel("A line about you").FillAsync("Numbers first.");
        await page.GetByLabel("Focus").FillAsync("Investors, Pricing");
        await page.GetByLabel("Languages").FillAsync("English, Yoruba");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Strategy call" }).CheckAsync();
        await visit.TestId("card-agree").CheckAsync();
        await visit.TestId("card-save").ClickAsync();
        await Expect(visit.TestId("card-saved")).ToContainTextAsync("Saved. Realtors see your card.");
        if (scripts)
        {
            await Expect(page.Locator("#live")).ToHaveTextAsync("Saved. Realtors see your card.");
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "See it as realtors do" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Olu Adeyemi");
        await visit.GoAsync("rita", "/coaches?q=yoruba");
        await Expect(visit.TestId("coach-card")).ToHaveCountAsync(1);
        visit.AssertNoComplaints();
    }

    private static ILocator Soonest(Visit visit, string slug) => visit.Page.Locator($"#soonest-{slug}");
}
