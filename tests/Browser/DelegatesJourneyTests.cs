using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>A coach lets an assistant look, and the assistant looks.</summary>
[Collection(typeof(OneAtATime))]
public sealed class DelegatesJourneyTests(Browsers browsers)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coach_invites_somebody_accepts_in_another_browser_and_is_removed_again(bool scripts)
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions
        {
            JavaScriptEnabled = scripts,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        await visit.GoAsync("ana", "/sessions");
        await visit.Page.Locator("#person-menu summary").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Delegates" }).ClickAsync();
        await Expect(visit.TestId("delegate")).ToHaveCountAsync(1);
        await visit.TestId("invite").ClickAsync();
        var link = await visit.TestId("invitation").Locator("code").InnerTextAsync();
        if (scripts)
        {
            await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Invitation link made");
            await Expect(visit.TestId("copy-invitation")).ToBeFocusedAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Invitation link copied");
        }

        await using var elsewhere = await (await browsers.ChromiumAsync()).NewContextAsync(new() { BaseURL = visit.Address.ToString(), JavaScriptEnabled = scripts });
        elsewhere.SetDefaultTimeout(Browsers.Patience);
        var assistant = await elsewhere.NewPageAsync();
        await assistant.GotoAsync(link);
        await assistant.GetByTestId("persona-luca").ClickAsync();
        await Expect(assistant.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Look at Ana Ruiz’s calendar");
        await assistant.GetByTestId("accept").ClickAsync();
        await Expect(assistant.GetByTestId("view-only")).ToHaveTextAsync("Ana Ruiz’s calendar, view only");
        await assistant.GotoAsync($"/sessions/{EmulatedIds.Session("ana", "guests")}");
        await Expect(assistant.GetByTestId("session-page")).ToBeVisibleAsync();
        await Expect(assistant.GetByTestId("cancel-open")).ToHaveCountAsync(0);

        await visit.Page.GotoAsync("/delegates");
        await Expect(visit.TestId("delegate")).ToHaveCountAsync(2);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Luca Ferri" }).ClickAsync();
        await Expect(visit.TestId("delegate")).ToHaveCountAsync(1);
        await assistant.ReloadAsync();
        await Expect(assistant.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_delegates_day_by_keyboard_meets_nothing_that_changes_anything()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("dora", "/");
        await Expect(visit.TestId("view-only")).ToHaveTextAsync("Ana Ruiz’s calendar, view only");
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Places", Exact = true }).GetByRole(AriaRole.Link)).ToHaveTextAsync(
            ["Today", "Sessions", "Event types", "Free times", "Schedules"]);

        foreach (var name in new[] { "Sessions", "Event types", "Free times", "Schedules", "Today" })
        {
            var link = page.GetByRole(AriaRole.Navigation, new() { Name = "Places", Exact = true }).GetByRole(AriaRole.Link, new() { Name = name });
            await link.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
            await visit.SettleAsync();
            await Expect(page.Locator("main").GetByRole(AriaRole.Switch)).ToHaveCountAsync(0);
            await Expect(page.Locator("main form[method=post], main [hx-post], main [data-testid=cancel-open], main [data-testid=edit-hours]")).ToHaveCountAsync(0);
        }

        // The keys that open a coach's cancel form find none.
        await visit.Row("later-today").GetByRole(AriaRole.Link).First.FocusAsync();
        foreach (var key in new[] { "c", "x", "Delete" })
        {
            await page.Keyboard.PressAsync(key);
        }

        await visit.SettleAsync();
        await Expect(visit.TestId("cancel-form")).ToHaveCountAsync(0);
        Assert.All(visit.App.Emulator.Journal, call => Assert.Equal("GET", call.Method));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_other_browser_too()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        await using var elsewhere = await (await browsers.ChromiumAsync()).NewContextAsync(new() { BaseURL = visit.Address.ToString() });
        var other = await elsewhere.NewPageAsync();
        await other.GotoAsync("/test/go?as=ana&to=/sessions");

        await visit.Page.Locator("#person-menu summary").ClickAsync();
        await visit.TestId("sign-out-everywhere").ClickAsync();

        await Expect(visit.TestId("sign-in-problem")).ToHaveTextAsync("You are signed out on every device.");
        await other.ReloadAsync();
        await Expect(other).ToHaveURLAsync(new Uri(visit.Address, "/sign-in?place=sessions").ToString());
    }
}
