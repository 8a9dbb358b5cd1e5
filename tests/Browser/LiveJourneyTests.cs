using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>What happens elsewhere while somebody has a page open.</summary>
[Collection(typeof(OneAtATime))]
public sealed class LiveJourneyTests(Browsers browsers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_canceled_by_its_invitee_changes_its_row_and_nothing_else_in_every_open_page()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/");
        await LiveAsync(second);
        var page = visit.Page;
        var row = visit.Row("later-today");
        await Expect(row.Locator(".who").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(?!\\d).+"));
        await visit.SettleAsync();
        var head = row.Locator("xpath=ancestor::section[@data-testid='day-group']//h2/span");
        var before = await head.InnerTextAsync();
        await page.EvaluateAsync("for (const row of document.querySelectorAll('.row')) row.same = true");
        await row.Locator(".n > a").FocusAsync();
        await page.EvaluateAsync("scrollTo(0, 200)");
        await page.EvaluateAsync("new MutationObserver(() => { if (document.querySelector('.row[data-tint]')) window.tinted = true; }).observe(document.body, { subtree: true, attributes: true, childList: true })");

        await CancelAsync(visit, "later-today");

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(row).ToContainTextAsync("Canceled by invitee");
        await Expect(second.Locator($"#{await row.GetAttributeAsync("id")}")).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(page.Locator("#live")).ToContainTextAsync("was canceled by the invitee");
        await Expect(row.Locator(".n > a")).ToBeFocusedAsync();
        await Expect(head).Not.ToHaveTextAsync(before);
        Assert.True(await page.EvaluateAsync<bool>("window.tinted === true"));
        await Expect(row).Not.ToHaveAttributeAsync("data-tint", string.Empty);
        Assert.Equal(1, await page.Locator(".row").EvaluateAllAsync<int>("rows => rows.filter(row => !row.same).length"));
        Assert.Equal(200, await page.EvaluateAsync<int>("Math.round(scrollY)"));
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_new_session_waits_above_the_list_until_it_is_asked_for()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var canceled = await visit.Context.NewPageAsync();
        await canceled.GotoAsync("/sessions?tab=canceled");
        await LiveAsync(canceled);
        var rows = await visit.Page.Locator(".row").CountAsync();

        var id = await BookAsync(visit);

        var pill = visit.TestId("new-sessions");
        await Expect(pill).ToHaveTextAsync("1 new, show");
        await Expect(visit.Page.Locator(".row")).ToHaveCountAsync(rows);
        await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("1 new session");
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        await pill.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator($"#session-{id} .n > a")).ToBeFocusedAsync();
        await Expect(pill).ToHaveCountAsync(0);
        await canceled.Locator("html[data-app-idle=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Expect(canceled.GetByTestId("new-sessions")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_form_that_somebody_is_filling_in_stays_and_the_row_says_that_it_changed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var row = visit.Row("later-today");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync("Half a sentence");

        await CancelAsync(visit, "later-today");

        var note = visit.TestId("changed-meanwhile");
        await Expect(note).ToBeVisibleAsync();
        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync("Half a sentence");
        await Expect(visit.TestId("cancel-reason")).ToBeFocusedAsync();
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        await note.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.TestId("session-page")).ToHaveAttributeAsync("data-status", "canceled");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Ones_own_cancellation_is_said_once_and_reaches_the_other_tab()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/sessions");
        await LiveAsync(second);
        var reads = 0;
        visit.Page.Request += (_, request) => reads += request.Url.EndsWith("/row?live=1", StringComparison.Ordinal) ? 1 : 0;
        var row = visit.Row("later-today");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-confirm").ClickAsync();

        var there = second.Locator($"#{await row.GetAttributeAsync("id")}");
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(there).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(there).ToContainTextAsync("Canceled by you");
        await visit.SettleAsync();
        Assert.Equal(0, reads);
        Assert.Single(visit.Cancellations());
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task When_too_much_was_missed_the_list_is_read_anew_once()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var reads = 0;
        visit.Page.Request += (_, request) => reads += new Uri(request.Url).AbsolutePath == "/sessions" ? 1 : 0;
        var row = visit.Row("later-today");
        await row.Locator(".n > a").FocusAsync();
        CancelAtCalendly(visit, "later-today");

        await AddAsync(visit, ChangeKind.Sessions);
        await AddAsync(visit, ChangeKind.Sessions);

        await Expect(row).ToHaveCountAsync(0);
        await visit.SettleAsync();
        Assert.InRange(reads, 1, 2);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_was_loaded_further_down_stays_and_knows_of_what_is_new_in_it()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var booked = visit.App.Emulator.Book(30);
        await GoLiveAsync(visit, "ana", "/sessions");
        await visit.TestId("load-more").ClickAsync();
        await Expect(visit.TestId("list-end")).ToBeVisibleAsync();
        await visit.SettleAsync();
        var rows = await visit.TestId("session-row").CountAsync();
        var reading = visit.Page.Locator($"#session-{booked[20]} .n > a");
        await reading.FocusAsync();
        var place = await TopAsync(reading);
        CancelAtCalendly(visit, "later-today");

        await AddAsync(visit, ChangeKind.Sessions);

        await Expect(visit.TestId("session-row")).ToHaveCountAsync(rows - 1);
        await Expect(reading).ToBeFocusedAsync();
        await visit.SettleAsync();
        Assert.InRange(await TopAsync(reading), place - 1, place + 1);

        // Behind all the others.
        var fresh = Assert.Single(visit.App.Emulator.Book(1));
        await AddAsync(visit, ChangeKind.Session, fresh);
        await visit.TestId("new-sessions").ClickAsync();
        await Expect(visit.Page.Locator($"#session-{fresh} .n > a")).ToBeFocusedAsync();
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(rows);
        visit.AssertNoComplaints();

        static Task<double> TopAsync(ILocator it) => it.EvaluateAsync<double>("it => it.getBoundingClientRect().top");
    }

    [Fact]
    public async Task The_page_of_a_session_follows_it()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", $"/sessions/{EmulatedIds.Session("ana", "later-today")}");

        await CancelAsync(visit, "later-today");

        await Expect(visit.TestId("session-page")).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(visit.Page.Locator("#live")).ToContainTextAsync("Canceled by invitee");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Event_types_follow_as_well()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/event-types");
        var id = EmulatedIds.EventType("ana", "discovery-call");
        var row = visit.Page.Locator($"#type-{id}");
        await Expect(row).ToHaveAttributeAsync("data-status", "active");
        visit.App.Emulator.At((desk, now) =>
        {
            Assert.True(desk.World.TryGetEventType(id, out var type));
            desk.World.Replace((type with { Active = false }).ChangedAt(now));
            return true;
        });

        await AddAsync(visit, ChangeKind.EventType, id);

        await Expect(row).ToHaveAttributeAsync("data-status", "off");
        await visit.SettleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_booking_canceled_at_calendly_changes_its_row_and_its_page_for_whoever_booked_it()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "rita", "/bookings");
        var page = visit.Page;
        var row = page.Locator("#booking-rita-later-today------");
        var alone = await visit.Context.NewPageAsync();
        await alone.GotoAsync("/bookings/rita-later-today------");
        await LiveAsync(alone);
        await Expect(row).ToHaveAttributeAsync("data-status", "booked");
        await row.Locator(".n > a").FocusAsync();
        await page.EvaluateAsync("for (const row of document.querySelectorAll('.row')) row.same = true");

        CancelAtCalendly(visit, "later-today");
        await AddAsync(visit, ChangeKind.Booking, "rita-later-today------", "rita");

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(alone.GetByTestId("booking-page")).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Listing strategy with Ana Ruiz, Mon 2 Mar: Canceled by Rita Alvarez");
        await Expect(row.Locator(".n > a")).ToBeFocusedAsync();
        Assert.Equal(1, await page.Locator(".row").EvaluateAllAsync<int>("rows => rows.filter(row => !row.same).length"));
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_is_read_anew_behind_the_dialog_has_the_focus_again_when_it_closes()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "rita", "/bookings/rita-later-today------");
        var link = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Book another" });
        await link.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.TestId("booking-modal")).ToBeVisibleAsync();
        await visit.SettleAsync();
        CancelAtCalendly(visit, "later-today");
        await AddAsync(visit, ChangeKind.Booking, "rita-later-today------", "rita");
        await Expect(visit.TestId("booking-page")).ToHaveAttributeAsync("data-status", "canceled");

        await visit.Page.Keyboard.PressAsync("Escape");

        await Expect(visit.TestId("booking-modal")).ToBeHiddenAsync();
        await Expect(link).ToBeFocusedAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_is_being_read_anew_while_the_dialog_closes_has_the_focus_again_as_well()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "rita", "/bookings/rita-later-today------");
        var link = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Book another" });
        await link.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.TestId("booking-modal")).ToBeVisibleAsync();
        await visit.SettleAsync();
        var answer = await HoldNextAsync(visit.Page, "**/bookings/rita-later-today------");
        CancelAtCalendly(visit, "later-today");
        await AddAsync(visit, ChangeKind.Booking, "rita-later-today------", "rita");
        await answer.Given;

        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(link).ToBeFocusedAsync();
        answer.LetGo();

        await Expect(visit.TestId("booking-page")).ToHaveAttributeAsync("data-status", "canceled");
        await visit.SettleAsync();
        await Expect(link).ToBeFocusedAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_changes_once_more_while_it_is_being_read_is_shown_as_it_is_then()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var letGo = await HoldRowAsync(visit);
        var row = visit.Row("later-today");

        await visit.Page.EvaluateAsync("document.addEventListener('session', () => setTimeout(() => document.body.dataset.heard = '', 100))");
        await CancelAsync(visit, "later-today");
        await Expect(visit.Page.Locator("body[data-heard]")).ToHaveCountAsync(1);
        letGo();

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await visit.SettleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_was_replaced_while_it_was_being_read_is_read_once_more()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var letGo = await HoldRowAsync(visit);
        var row = visit.Row("later-today");
        await row.EvaluateAsync("row => row.dataset.before = ''");

        await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Which sessions" }).Locator("[aria-current]").ClickAsync();
        await Expect(row).Not.ToHaveAttributeAsync("data-before", string.Empty);
        CancelAtCalendly(visit, "later-today");
        letGo();

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await visit.SettleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_list_that_was_being_read_gives_way_to_the_one_that_was_asked_for_meanwhile()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        await visit.SettleAsync();
        var answer = await HoldNextAsync(visit.Page, "**/sessions?shown=*");
        await AddAsync(visit, ChangeKind.Sessions);
        await answer.Given;

        await visit.Page.Locator("#tab-canceled").ClickAsync();
        await Expect(visit.Page.Locator("#tab-canceled")).ToHaveAttributeAsync("aria-current", "page");
        answer.LetGo();

        await visit.SettleAsync();
        await Expect(visit.Page.Locator("#tab-canceled")).ToHaveAttributeAsync("aria-current", "page");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_form_that_was_opened_while_its_row_was_being_read_stays_as_well()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var letGo = await HoldRowAsync(visit);

        await visit.Row("later-today").GetByTestId("cancel-open").ClickAsync();
        await visit.TestId("cancel-reason").FillAsync("Half a sentence");
        letGo();

        await Expect(visit.TestId("changed-meanwhile")).ToBeVisibleAsync();
        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync("Half a sentence");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_the_list_of_bookings_does_not_know_comes_with_the_whole_list()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "rita", "/bookings");
        await Expect(visit.TestId("booking-row")).ToHaveCountAsync(3);
        CancelAtCalendly(visit, "later-today");

        await AddAsync(visit, ChangeKind.Booking, "from-elsewhere", "rita");
        await Expect(visit.Page.Locator("#booking-rita-later-today------")).ToHaveAttributeAsync("data-status", "canceled");
        await visit.SettleAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Without_a_stream_the_page_asks_every_two_minutes_and_takes_the_stream_again()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.RouteAsync("**/live?**", route => route.AbortAsync());
        await visit.Page.Clock.InstallAsync();
        await visit.GoAsync("ana", "/sessions");
        await visit.Page.Clock.FastForwardAsync(3_000);
        await Expect(visit.Page.Locator("html[data-live=polling]")).ToHaveCountAsync(1);
        await Expect(visit.TestId("live-word")).ToContainTextAsync("2 min");
        await Expect(visit.TestId("toast")).ToHaveCountAsync(0);

        await CancelAsync(visit, "later-today");
        await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "active");
        await LaterAsync();
        await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(visit.Page.Locator("html[data-live=polling]")).ToHaveCountAsync(1);

        await visit.Page.UnrouteAllAsync();
        await LaterAsync();
        await Expect(visit.Page.Locator("html[data-live=live]")).ToHaveCountAsync(1);
        visit.AssertNoComplaints();

        // At rest, because a request that two minutes go by in has taken too long.
        async Task LaterAsync()
        {
            await visit.SettleAsync();
            await visit.Page.Clock.FastForwardAsync(150_000);
        }
    }

    [Fact]
    public async Task A_hidden_page_hears_nothing_and_catches_up_once_when_it_is_looked_at_again()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var pages = visit.App.Services.GetRequiredService<OpenPages>();
        await HideAsync(visit.Page, hidden: true);
        while (pages.UserIds.Count > 0)
        {
            await Task.Delay(10, Cancel);
        }

        var reads = 0;
        visit.Page.Request += (_, request) => reads += request.Url.EndsWith("/row?live=1", StringComparison.Ordinal) ? 1 : 0;
        CancelAtCalendly(visit, "later-today");
        for (var index = 0; index < 5; index++)
        {
            await AddAsync(visit, ChangeKind.Session, EmulatedIds.Session("ana", "later-today"));
        }

        await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "active");
        await HideAsync(visit.Page, hidden: false);
        await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "canceled");
        await visit.SettleAsync();
        Assert.Equal(1, reads);
        await Expect(visit.Page.Locator("html[data-live=live]")).ToHaveCountAsync(1);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_fourth_page_is_live_and_the_first_asks_now_and_then_without_fighting()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        for (var index = 0; index < 3; index++)
        {
            var other = await visit.Context.NewPageAsync();
            await other.GotoAsync("/sessions");
            await LiveAsync(other);
        }

        await Expect(visit.Page.Locator("html[data-live=polling]")).ToHaveCountAsync(1);
        await AddAsync(visit, ChangeKind.Connection);
        foreach (var other in visit.Context.Pages.Skip(1))
        {
            await Expect(other.Locator("html[data-live=live]")).ToHaveCountAsync(1);
        }

        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Signing_out_in_one_tab_is_said_in_the_other()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/");
        await second.Locator("#person-menu summary").ClickAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator("html[data-live=off]")).ToHaveCountAsync(1);
        await Expect(visit.TestId("toast")).ToContainTextAsync("You are signed out.");
        await Expect(visit.TestId("live-word")).ToContainTextAsync("Updates off");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_page_that_may_not_look_any_more_says_so_and_loses_nothing_of_what_was_typed()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/sessions");
        await visit.OpenCancelAsync(visit.Row("later-today"));
        await visit.TestId("cancel-reason").FillAsync("Half a sentence");

        // As it is with a token that has run out: whatever somebody has pressed would load the page anew.
        await visit.Page.RouteAsync("**/row?live=1", route => route.FulfillAsync(new() { Status = 401, Headers = new Dictionary<string, string> { ["HX-Refresh"] = "true" } }));
        await CancelAsync(visit, "tomorrow-nine");

        await Expect(visit.TestId("toast")).ToContainTextAsync("This page no longer follows changes.");
        await Expect(visit.Page.Locator("html[data-live=off]")).ToHaveCountAsync(1);
        await visit.SettleAsync();
        await Expect(visit.TestId("cancel-reason")).ToHaveValueAsync("Half a sentence");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_bell_counts_opens_by_keyboard_and_is_marked_as_read()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/");
        await Expect(visit.TestId("bell-count")).ToHaveAttributeAsync("data-unread", "0");
        await visit.TestId("bell").Locator("summary").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.TestId("bell-empty")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();

        await NoticeAsync(visit, "booked/1", NoticeKind.Booked, new NoticeFacts("Maya Chen", "Discovery call", new DateTimeOffset(2026, 3, 3, 14, 0, 0, TimeSpan.Zero)));

        await Expect(visit.TestId("bell-count")).ToHaveAttributeAsync("data-unread", "1");
        await Expect(visit.TestId("notice")).ToContainTextAsync("Maya Chen booked Discovery call, Tue 3 Mar, 09:00");
        await Expect(visit.Page.Locator("#bell-said")).ToHaveTextAsync("1 unread notice");
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.TestId("mark-read").ClickAsync();
        await Expect(visit.TestId("bell-count")).ToHaveAttributeAsync("data-unread", "0");
        await Expect(visit.TestId("mark-read")).ToHaveCountAsync(0);
        await visit.SettleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.TestId("bell").Locator("summary")).ToBeFocusedAsync();
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_page_of_notices_follows_and_counts_what_is_read()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await GoLiveAsync(visit, "ana", "/notices");
        var page = visit.TestId("notices-page");
        await Expect(page).ToHaveAttributeAsync("data-state", "empty-none");

        await NoticeAsync(visit, "booked/1", NoticeKind.Booked, new NoticeFacts("Maya Chen", "Discovery call", new DateTimeOffset(2026, 3, 3, 14, 0, 0, TimeSpan.Zero)));

        await Expect(page.GetByTestId("notice")).ToHaveAttributeAsync("data-read", "false");
        await Expect(page).ToContainTextAsync("1 unread notice");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "All notices on a page" })).ToHaveCountAsync(0);
        await visit.SettleAsync();
        await visit.AssertAccessibleAsync();
        await page.GetByTestId("mark-read").ClickAsync();
        await Expect(page.GetByTestId("notice")).ToHaveAttributeAsync("data-read", "true");
        await Expect(page).Not.ToContainTextAsync("1 unread notice");
        await Expect(page.GetByTestId("mark-read")).ToHaveCountAsync(0);
        await Expect(visit.TestId("bell-count")).ToHaveAttributeAsync("data-unread", "0");
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Without_scripts_there_is_a_page_of_notices_and_no_claim_to_be_live()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("ana", "/");
        await NoticeAsync(visit, "booked/1", NoticeKind.Booked, new NoticeFacts("Maya Chen", "Discovery call"));
        await Expect(visit.TestId("live-word")).ToContainTextAsync("Updates off");
        await visit.TestId("bell").Locator("summary").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "See the notices" }).ClickAsync();
        await Expect(visit.TestId("notice")).ToContainTextAsync("Maya Chen booked Discovery call");
        await visit.TestId("mark-read").ClickAsync();
        await Expect(visit.TestId("notice")).ToHaveAttributeAsync("data-read", "true");
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_want_less_motion_and_it_is_said_all_the_same()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });
        await GoLiveAsync(visit, "ana", "/sessions");
        await visit.Page.EvaluateAsync("document.addEventListener('animationstart', event => { if (event.animationName === 'changed') window.moved = true; })");

        await CancelAsync(visit, "later-today");

        await Expect(visit.Page.Locator("#live")).ToContainTextAsync("was canceled by the invitee");
        await Expect(visit.Row("later-today")).Not.ToHaveAttributeAsync("data-tint", string.Empty);
        Assert.False(await visit.Page.EvaluateAsync<bool>("window.moved === true"));
    }

    [Fact]
    public async Task Bell_word_pill_and_tint_look_right_at_every_width()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ColorScheme = scheme });
            await GoLiveAsync(visit, "ana", "/sessions");
            await NoticeAsync(visit, "booked/1", NoticeKind.Booked, new NoticeFacts("Maya Chen", "Discovery call", new DateTimeOffset(2026, 3, 3, 14, 0, 0, TimeSpan.Zero)));
            await NoticeAsync(visit, "gap/1", NoticeKind.GapFilled, new NoticeFacts(Start: new DateTimeOffset(2026, 3, 2, 14, 10, 0, TimeSpan.Zero), End: new DateTimeOffset(2026, 3, 2, 14, 50, 0, TimeSpan.Zero), Count: 3));
            await BookAsync(visit);
            await Expect(visit.TestId("new-sessions")).ToBeVisibleAsync();
            await CancelAsync(visit, "later-today");
            await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "canceled");
            await visit.SettleAsync();
            foreach (var width in new[] { 1280, 800, 360 })
            {
                await visit.Page.SetViewportSizeAsync(width, 900);
                await visit.AssertFitsAsync();
                await visit.AssertAccessibleAsync();
                await visit.TestId("bell").Locator("summary").ClickAsync();
                await Expect(visit.TestId("notice")).ToHaveCountAsync(2);
                await visit.AssertFitsAsync();
                await visit.AssertAccessibleAsync();
                await visit.Page.Keyboard.PressAsync("Escape");
            }
        }
    }

    private static async Task GoLiveAsync(Visit visit, string persona, string path)
    {
        await visit.GoAsync(persona, path);
        await LiveAsync(visit.Page);
    }

    private static Task LiveAsync(IPage page) => Expect(page.Locator("html[data-live=live][data-app-idle=true]")).ToHaveCountAsync(1);

    // The browser that the tests run in has no tab to hide.
    private static async Task HideAsync(IPage page, bool hidden) => await page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); document.dispatchEvent(new Event('visibilitychange')); }", hidden);

    // The next answer from there has been given, and arrives once it is let go.
    private static async Task<(Task Given, Action LetGo)> HoldNextAsync(IPage page, string addresses)
    {
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrives = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(addresses, async route =>
        {
            var answer = await route.FetchAsync();
            given.SetResult();
            await arrives.Task;
            await route.FulfillAsync(new() { Response = answer });
        }, new() { Times = 1 });
        return (given.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel), arrives.SetResult);
    }

    // The row on Ana's page of sessions is being read, and the answer is held back.
    private static async Task<Action> HoldRowAsync(Visit visit)
    {
        await GoLiveAsync(visit, "ana", "/sessions");
        await visit.SettleAsync();
        var answer = await HoldNextAsync(visit.Page, "**/row?live=1");
        await AddAsync(visit, ChangeKind.Session, EmulatedIds.Session("ana", "later-today"));
        await answer.Given;
        return answer.LetGo;
    }

    private static void CancelAtCalendly(Visit visit, string key) => Assert.True(visit.App.Emulator.At((desk, now) =>
    {
        desk.World.TryGetEvent(EmulatedIds.Session("ana", key), out var session);
        return desk.Cancel(session!.Invitees.First(invitee => invitee.IsActive).Id, "Flight delayed", now);
    }));

    private static async Task CancelAsync(Visit visit, string key)
    {
        CancelAtCalendly(visit, key);
        await AddAsync(visit, ChangeKind.Session, EmulatedIds.Session("ana", key));
    }

    private static async Task<string> BookAsync(Visit visit)
    {
        var id = Assert.Single(visit.App.Emulator.Book(1));
        await AddAsync(visit, ChangeKind.Session, id);
        return id;
    }

    private static async Task AddAsync(Visit visit, string kind, string? subject = null, string persona = "ana") =>
        await visit.App.Services.GetRequiredService<Changes>().AddAsync(await IdAsync(visit, persona), kind, subject);

    private static async Task NoticeAsync(Visit visit, string topic, string kind, NoticeFacts facts)
    {
        var userId = await IdAsync(visit, "ana");
        await using var connection = await visit.App.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await visit.App.Services.GetRequiredService<Notices>().TryAddAsync(connection, transaction, userId, topic, kind, null, facts);
        await transaction.CommitAsync(Cancel);
        visit.App.Services.GetRequiredService<Changes>().Wake();
    }

    private static Task<long> IdAsync(Visit visit, string persona) =>
        visit.App.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);
}
