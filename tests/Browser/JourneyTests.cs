using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>The main job from end to end: sign in, connect, see sessions, cancel one.</summary>
[Collection(typeof(OneAtATime))]
public sealed class JourneyTests(Browsers browsers)
{
    private const string Reason = "A closing moved to that hour. I am sorry for the short notice.";

    [Fact]
    public async Task Somebody_who_has_never_connected_signs_in_connects_and_cancels_a_session_in_its_row()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;

        await page.GotoAsync("/");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sign-in?place=today").ToString());
        await visit.TestId("persona-mei").ClickAsync();
        await Expect(visit.TestId("panel-disconnected")).ToContainTextAsync("Connect Calendly");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Places", Exact = true }).GetByRole(AriaRole.Link, new() { Name = "Sessions" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sessions");
        await visit.TestId("panel-disconnected").GetByRole(AriaRole.Link, new() { Name = "Connect Calendly" }).ClickAsync();

        await visit.TestId("connect-button").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("to use Calendly?");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Mei Tanaka" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
        var row = visit.Row("tomorrow", "mei");
        await Expect(row).ToContainTextAsync("Dev Patel");
        visit.App.Emulator.ClearJournal();
        var form = await visit.OpenCancelAsync(row);
        await Expect(form).ToContainTextAsync("Cancel Portfolio review with Dev Patel");
        await form.GetByRole(AriaRole.Button, new() { Name = "Closing moved" }).ClickAsync();
        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync(Reason);
        await Expect(form.Locator("output")).ToHaveTextAsync("62 of 1,000");
        await Expect(visit.TestId("cancel-preview")).ToContainTextAsync($"Dev gets this by email from Calendly: {Reason}");
        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(row).ToContainTextAsync("Canceled by you");
        await Expect(row.Locator(".n b")).ToHaveCSSAsync("text-decoration-line", "line-through");
        await Expect(visit.TestId("toast")).ToContainTextAsync("Canceled. Dev has been told.");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Portfolio review with Dev Patel: Canceled by you");
        AssertCanceled(visit, EmulatedIds.Session("mei", "tomorrow"), Reason);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_same_journey_needs_no_script()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = visit.Page;

        await page.GotoAsync("/");
        await visit.TestId("persona-mei").ClickAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Places", Exact = true }).GetByRole(AriaRole.Link, new() { Name = "Sessions" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sessions");
        await visit.TestId("panel-disconnected").GetByRole(AriaRole.Link, new() { Name = "Connect Calendly" }).ClickAsync();
        await visit.TestId("connect-button").ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Mei Tanaka" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await visit.TestId("connection-continue").ClickAsync();

        await visit.Row("tomorrow", "mei").GetByTestId("cancel-open").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Cancel a session");
        await Expect(visit.TestId("cancel-preset").First).ToBeHiddenAsync();
        visit.App.Emulator.ClearJournal();
        await visit.TestId("cancel-reason").FillAsync(Reason);
        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(visit.TestId("session-canceled")).ToContainTextAsync("Canceled by you");
        await Expect(visit.TestId("session-canceled")).ToContainTextAsync(Reason);
        AssertCanceled(visit, EmulatedIds.Session("mei", "tomorrow"), Reason);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sessions" }).First.ClickAsync();
        await Expect(visit.Row("tomorrow", "mei")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Canceled" }).ClickAsync();
        await Expect(visit.Row("tomorrow", "mei")).ToContainTextAsync("Canceled by you");
        await page.ReloadAsync();
        Assert.Single(visit.Cancellations());
    }

    [Fact]
    public async Task Without_scripts_a_reason_that_is_too_long_comes_back_with_its_text()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "tomorrow-nine")}/cancellation");
        var text = new string('x', 1001);

        await visit.TestId("cancel-reason").FillAsync(text);
        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync(text);
        await Expect(visit.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "1,001 characters" })).ToBeVisibleAsync();
        Assert.Empty(visit.Cancellations());
    }

    [Fact]
    public async Task Filters_and_paging_need_no_script()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("ana", "/sessions?tab=past");
        var first = await visit.TestId("session-row").First.GetAttributeAsync("data-uuid");

        await visit.TestId("load-more").ClickAsync();
        await Expect(visit.TestId("list-end")).ToBeVisibleAsync();
        Assert.NotEqual(first, await visit.TestId("session-row").First.GetAttributeAsync("data-uuid"));
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Upcoming" }).ClickAsync();
        await visit.Page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-03-03");
        await visit.Page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-03-03");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Expect(visit.TestId("session-row")).ToHaveCountAsync(2);
        await Expect(visit.TestId("day-group")).ToHaveAttributeAsync("data-day", "2026-03-03");
    }

    [Fact]
    public async Task A_person_with_nothing_but_a_keyboard_signs_in_and_cancels()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await page.GotoAsync("/sessions");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, visit.TestId("persona-ana"));
        await page.Keyboard.PressAsync("Space");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
        await visit.SettleAsync();

        var row = visit.Row("later-today");
        await TabToAsync(page, row.GetByTestId("cancel-open"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(row.GetByTestId("cancel-reason")).ToBeFocusedAsync();
        await AssertFocusShowsAsync(page);
        await page.Keyboard.TypeAsync("Flat tire");
        await page.Keyboard.PressAsync("Escape");
        await Expect(row.GetByTestId("cancel-form")).ToHaveCountAsync(0);
        await Expect(row.GetByTestId("cancel-open")).ToBeFocusedAsync();
        Assert.Empty(visit.Cancellations());

        await page.Keyboard.PressAsync("c");
        await Expect(row.GetByTestId("cancel-reason")).ToBeFocusedAsync();
        await TabToAsync(page, row.GetByRole(AriaRole.Button, new() { Name = "Illness" }));
        await page.Keyboard.PressAsync("Space");
        await Expect(row.GetByTestId("cancel-reason")).ToBeFocusedAsync();
        await TabToAsync(page, row.GetByTestId("cancel-confirm"));
        await page.Keyboard.PressAsync("Enter");

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(visit.Row("group").GetByTestId("cancel-open")).ToBeFocusedAsync();
        await AssertFocusShowsAsync(page);
        AssertCanceled(visit, EmulatedIds.Session("ana", "later-today"), "I am ill today and have to cancel. I am sorry.");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Control_and_enter_send_the_reason_as_typed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);

        await visit.Page.Keyboard.TypeAsync("Line one");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.TypeAsync("<b>line two</b>");
        await visit.Page.Keyboard.PressAsync("Control+Enter");

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        AssertCanceled(visit, EmulatedIds.Session("ana", "tomorrow-nine"), "Line one\n<b>line two</b>");
    }

    [Fact]
    public async Task Single_keys_walk_the_rows_and_are_off_while_typing()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        var rows = visit.TestId("session-row");
        await Expect(rows.Nth(1).Locator(".n a")).ToBeFocusedAsync();
        await visit.OpenCancelAsync(visit.Row("later-today"));
        await page.Keyboard.TypeAsync("jack");
        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync("jack");
        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/");
        await visit.SettleAsync();
        await page.Keyboard.TypeAsync("gs");
        await Expect(page).ToHaveURLAsync(new Uri(visit.Address, "/sessions").ToString());
    }

    private static void AssertCanceled(Visit visit, string id, string reason)
    {
        var call = Assert.Single(visit.Cancellations());
        Assert.Equal($"/scheduled_events/{id}/cancellation", call.Path);
        Assert.Equal(201, call.Status);
        using var body = JsonDocument.Parse(call.Body);
        Assert.Equal(reason, body.RootElement.GetProperty("reason").GetString());
    }

    private static async Task TabToAsync(IPage page, ILocator goal)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            if (await goal.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                await AssertFocusShowsAsync(page);
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"60 presses of Tab do not reach {goal}.");
    }

    private static async Task AssertFocusShowsAsync(IPage page)
    {
        var style = await page.EvaluateAsync<string>("(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`)(getComputedStyle(document.activeElement))");
        Assert.Equal("solid 2px", style);
    }
}
