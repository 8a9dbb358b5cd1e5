using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Emulator.Widget;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Booking in Calendly's form, and every way on when that form does not play along.</summary>
[Collection(typeof(OneAtATime))]
public sealed class BookingJourneyTests(Browsers browsers)
{
    private const string Nine = "2026-03-10T13:00:00Z";

    private static readonly string Url = $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "discovery-call")}";
    private static readonly string AtNine = $"{Url}?slot={Nine}";

    // A page of Rita's from which booking opens in the dialog.
    private const string Former = "/bookings/rita-later-today------";

    [Fact]
    public async Task A_realtor_books_the_chosen_time_in_calendlys_form()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("luca", AtNine);
        await AssertStateAsync(visit, "ready");
        var frame = Frame(visit);

        await Expect(frame.GetByLabel("Name")).ToHaveValueAsync("Luca Ferri");
        await FillAsync(frame);
        await frame.GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();

        await Expect(visit.TestId("booking-confirmed")).ToContainTextAsync("Booked: Tue 10 Mar, 13:00–13:30 GMT (UTC)");
        await Expect(visit.TestId("booking-confirmed")).ToContainTextAsync("09:00 EDT for Ana");
        await Expect(visit.Page.Locator("#booking-title")).ToBeFocusedAsync();
        await visit.AssertAccessibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "See the booking" }).ClickAsync();
        await Expect(visit.TestId("booking-page")).ToHaveAttributeAsync("data-status", "booked");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_form_that_never_loads_is_given_up_after_eight_seconds_and_may_be_tried_again()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.Clock.InstallAsync();
        visit.App.Emulator.Knobs.Add(WidgetKnob.NeverLoads);
        await visit.GoAsync("luca", AtNine);
        await AssertStateAsync(visit, "loading");

        await visit.Page.Clock.FastForwardAsync(8_000);

        await AssertStateAsync(visit, "failed");
        await Expect(visit.TestId("booking-fallback")).ToBeVisibleAsync();
        await Expect(visit.TestId("booking-fallback")).ToContainTextAsync("Calendly’s booking form has not loaded");
        await visit.AssertAccessibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await AssertStateAsync(visit, "ready");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_form_that_comes_late_is_still_taken()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.Clock.InstallAsync();
        visit.App.Emulator.Knobs.Add(WidgetKnob.Late, delayMs: 60_000);
        await visit.GoAsync("luca", AtNine);
        await Expect(Frame(visit).Locator("main")).ToBeAttachedAsync();

        await visit.Page.Clock.FastForwardAsync(9_000);
        await AssertStateAsync(visit, "failed");
        await visit.Page.Clock.FastForwardAsync(52_000);

        await AssertStateAsync(visit, "ready");
        await Expect(visit.TestId("booking-widget")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_the_frame_our_own_form_books_as_well()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.Clock.InstallAsync();
        visit.App.Emulator.Knobs.Add(WidgetKnob.NeverLoads);
        await visit.GoAsync("luca", AtNine);
        await visit.Page.Clock.FastForwardAsync(8_000);
        await AssertStateAsync(visit, "failed");
        await visit.TestId("booking-fallback").GetByRole(AriaRole.Link, new() { Name = "Book without it" }).ClickAsync();
        await Expect(visit.Page.Locator("#booking-title")).ToBeFocusedAsync();

        await visit.TestId("booking-submit").ClickAsync();
        await Expect(visit.TestId("booking-problem")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.Page.GetByLabel("Email").FillAsync("luca@ferri.example");
        await visit.Page.GetByLabel("What brings you here?").FillAsync("A flat in Leeds");
        await visit.Page.GetByLabel("Google Meet").CheckAsync();
        await visit.TestId("booking-submit").ClickAsync();

        await Expect(visit.TestId("booking-confirmed")).ToContainTextAsync("Calendly sends the invitation to luca@ferri.example.");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_the_frame_claims_and_calendly_does_not_know_stays_unconfirmed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.Clock.InstallAsync();
        visit.App.Emulator.Knobs.Add(WidgetKnob.TellsButDidNotBook);
        await visit.GoAsync("luca", AtNine);
        await FillAsync(Frame(visit));
        await Frame(visit).GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();
        // Its words are in the page from the start: only the state says that the minute has begun.
        await AssertStateAsync(visit, "confirming");
        await Expect(visit.TestId("booking-confirming")).ToHaveTextAsync("Confirming with Calendly…");
        await visit.SettleAsync();

        await visit.Page.Clock.FastForwardAsync(61_000);

        await AssertStateAsync(visit, "unconfirmed");
        await Expect(visit.TestId("booking-unconfirmed")).ToBeVisibleAsync();
        await Expect(visit.TestId("booking-unconfirmed")).ToContainTextAsync("Calendly says you booked, we cannot see it yet.");
        await Expect(visit.TestId("booking-confirmed")).ToHaveCountAsync(0);
        await visit.AssertAccessibleAsync();
        await visit.TestId("booking-unconfirmed").GetByRole(AriaRole.Link, new() { Name = "My bookings" }).ClickAsync();
        await Expect(visit.TestId("booking-row")).ToHaveAttributeAsync("data-status", "unconfirmed");
    }

    [Theory]
    [InlineData(nameof(WidgetKnob.Junk), 12)]
    [InlineData(nameof(WidgetKnob.WrongOrigin), 1)]
    public async Task Messages_that_are_none_or_come_from_elsewhere_are_counted_and_change_nothing(string knob, int ignored)
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.App.Emulator.Knobs.Add(Enum.Parse<WidgetKnob>(knob));
        await visit.GoAsync("luca", AtNine);
        await AssertStateAsync(visit, "ready");
        await Expect(Frame(visit).GetByLabel("Name")).ToBeVisibleAsync();

        await Expect(visit.TestId("booking")).ToHaveAttributeAsync("data-ignored", $"{ignored}");
        await AssertStateAsync(visit, "ready");
        Assert.True(await visit.TestId("booking-widget").EvaluateAsync<int>("frame => frame.offsetHeight") is >= 630 and < 4100);
        Assert.DoesNotContain(visit.App.Emulator.Journal, call => call.Path == "/scheduled_events");
        await FillAsync(Frame(visit));
        await Frame(visit).GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();
        await Expect(visit.TestId("booking-confirmed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task In_the_dialog_a_keyboard_gets_in_and_out_and_is_asked_before_it_leaves()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("rita", Former);
        var link = page.GetByRole(AriaRole.Link, new() { Name = "Book another" });
        await link.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        var dialog = visit.TestId("booking-modal");
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Book Listing strategy with Ana" })).ToBeFocusedAsync();
        await AssertStateAsync(visit, "ready");
        await visit.AssertAccessibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Close the booking" })).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(link).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Frame(visit).GetByTestId("widget-times").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(Frame(visit).GetByTestId("widget-form")).ToBeVisibleAsync();
        await LeaveDialogAsync(visit);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task After_going_back_a_time_still_opens_in_the_dialog()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("luca", "/coaches/compare?coach=ana-ruiz&coach=priya-nair");
        var thisWeek = visit.Page.Locator("[data-testid=compare-grid] a[href*='slot=2026-03-04']").First;
        await Expect(thisWeek).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Which week" }).GetByRole(AriaRole.Link).Last.ClickAsync();
        await Expect(thisWeek).ToHaveCountAsync(0);
        await page.GoBackAsync();

        await thisWeek.ClickAsync();

        await Expect(visit.TestId("booking-modal")).ToBeVisibleAsync();
        await AssertStateAsync(visit, "ready");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_was_booked_without_a_word_is_found_when_the_dialog_is_closed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", Former);
        visit.App.Emulator.Knobs.Add(WidgetKnob.BooksSilently);
        await BookInDialogAsync(visit);

        await LeaveDialogAsync(visit);

        await Expect(visit.TestId("toast")).ToContainTextAsync("Booked: ");
    }

    [Fact]
    public async Task What_was_moved_in_the_frame_is_noticed_when_the_dialog_is_closed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", Former);
        visit.App.Emulator.Knobs.Add(WidgetKnob.MovesOld);
        await BookInDialogAsync(visit);

        await LeaveDialogAsync(visit);

        await Expect(visit.TestId("toast")).ToContainTextAsync("Moved: ");
    }

    [Fact]
    public async Task Without_scripts_everything_is_links_and_forms()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = visit.Page;
        await visit.GoAsync("luca", AtNine);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Book at Calendly" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Book here without it" }).ClickAsync();
        await page.GetByLabel("Email").FillAsync("luca@ferri.example");
        await page.GetByLabel("What brings you here?").FillAsync("A flat in Leeds");
        await page.GetByLabel("Zoom").CheckAsync();
        await visit.TestId("booking-submit").ClickAsync();

        await Expect(visit.TestId("booking-page")).ToHaveAttributeAsync("data-status", "booked");
        await visit.TestId("booking-move").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "My bookings" }).First.ClickAsync();
        await Expect(visit.TestId("booking-row")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_booking_that_is_canceled_at_calendly_is_canceled_here_on_return()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("rita", "/bookings");
        var row = visit.Page.Locator("#booking-rita-next-month-------");
        var tab = await visit.Context.RunAndWaitForPageAsync(() => row.GetByTestId("booking-cancel").ClickAsync());
        await tab.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).First.ClickAsync();
        // Not while it is on its way to this: a browser may then never say that it has closed it.
        await Expect(tab.GetByRole(AriaRole.Heading, new() { Name = "This event is canceled" })).ToBeVisibleAsync();
        await tab.CloseAsync();

        await visit.Page.EvaluateAsync("dispatchEvent(new Event('focus'))");

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        visit.AssertNoComplaints();
    }

    private static IFrameLocator Frame(Visit visit) => visit.Page.FrameLocator("[data-testid=booking-widget]");

    private static Task AssertStateAsync(Visit visit, string state) => Expect(visit.TestId("booking")).ToHaveAttributeAsync("data-state", state);

    private static async Task FillAsync(IFrameLocator frame)
    {
        await frame.GetByLabel("Email", new() { Exact = true }).FillAsync("luca@ferri.example");
        await frame.GetByLabel("What brings you here?").FillAsync("A flat in Leeds");
    }

    // Rita's former booking was of a strategy session, which asks for more.
    private static async Task BookInDialogAsync(Visit visit)
    {
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Book another" }).ClickAsync();
        var frame = Frame(visit);
        await frame.GetByTestId("widget-times").GetByRole(AriaRole.Link).Last.ClickAsync();
        await frame.GetByLabel("Email", new() { Exact = true }).FillAsync("rita@slices-realty.example");
        await frame.GetByLabel("What would make this hour worth it?").FillAsync("A price I can defend");
        await frame.GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();
        await Expect(frame.GetByTestId("widget-form")).ToHaveCountAsync(0);
    }

    // A time has been chosen, so that leaving is asked about.
    private static async Task LeaveDialogAsync(Visit visit)
    {
        var dialog = visit.TestId("booking-modal");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close the booking" }).First.ClickAsync();
        await Expect(dialog.GetByText("Leave without booking?")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Stay" })).ToBeFocusedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave", Exact = true }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }
}
