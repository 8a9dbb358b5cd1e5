using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>Every page and state: axe in light, dark and on a phone; one heading, landmarks, and no sideways scrolling.</summary>
[Collection(typeof(OneAtATime))]
public sealed class AccessibilityTests(Browsers browsers)
{
    // 320 is 1280 at 400 %.
    private static readonly int[] Widths = [1440, 1280, 800, 360, 320];

    private static readonly string Booking = $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "discovery-call")}";

    private static readonly Dictionary<string, Func<Visit, Task>> Reach = new()
    {
        ["sign in"] = async visit => await visit.Page.GotoAsync("/sign-in?problem=denied"),
        ["consent"] = async visit =>
        {
            await visit.GoAsync("mei", "/connection");
            await visit.TestId("connect-button").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Allow" })).ToBeVisibleAsync();
        },
        ["admin"] = visit => visit.GoAsync("adam", "/admin"),
        ["admin, about to disconnect"] = async visit =>
        {
            await visit.GoAsync("adam", "/admin");
            await visit.TestId("admin-disconnect").First.ClickAsync();
            await Expect(visit.TestId("admin-disconnect-confirm")).ToBeVisibleAsync();
        },
        ["admin, wrong word"] = async visit =>
        {
            await visit.GoAsync("adam", "/admin");
            await visit.TestId("revocation-word").FillAsync("revoke");
            await visit.TestId("revocation-confirm").ClickAsync();
            await Expect(visit.Page.GetByText("Type REVOKE in capitals.")).ToBeVisibleAsync();
        },
        ["deliveries"] = async visit =>
        {
            await DeliverAsync(visit.App, SignedDelivery.Body("invitee.created", visit.App.Books(), WorldAccounts.Ana));
            await DeliverAsync(visit.App, SignedDelivery.Body("meeting_recap.created", "https://api.calendly.com/meeting_recaps/A", WorldAccounts.Ana.Uri));
            await DeliverAsync(visit.App, "[]");
            await visit.GoAsync("adam", "/admin/deliveries");
            await Expect(visit.TestId("delivery-row")).ToHaveCountAsync(3);
        },
        ["no deliveries"] = visit => visit.GoAsync("adam", "/admin/deliveries?state=dead"),
        ["deliveries of a result that is none"] = visit => visit.GoAsync("adam", "/admin/deliveries?state=eaten"),
        ["deliveries for admins only"] = visit => visit.GoAsync("ana", "/admin/deliveries"),
        ["notices"] = async visit =>
        {
            var invitee = visit.App.Books("Wilhelmina Featherstonehaugh-Montgomery");
            await DeliverAsync(visit.App, SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana));
            visit.App.Cancels(invitee);
            await DeliverAsync(visit.App, SignedDelivery.Body("invitee.canceled", invitee, WorldAccounts.Ana));
            await visit.GoAsync("ana", "/notices");
            await Expect(visit.TestId("notice")).ToHaveCountAsync(2);
        },
        ["no notices"] = visit => visit.GoAsync("ana", "/notices"),
        ["api"] = async visit => await visit.Page.GotoAsync("/api"),
        ["today"] = visit => visit.GoAsync("ana", "/"),
        ["today of a realtor"] = visit => visit.GoAsync("rita", "/"),
        ["sessions"] = visit => visit.GoAsync("ana", "/sessions"),
        ["past sessions"] = visit => visit.GoAsync("ana", "/sessions?tab=past"),
        ["canceled sessions"] = visit => visit.GoAsync("ana", "/sessions?tab=canceled"),
        ["cancel form in a row"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.OpenCancelAsync(visit.Row("guests"));
        },
        ["reason too long"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.OpenCancelAsync(visit.Row("later-today"));
            await visit.TestId("cancel-reason").FillAsync(new string('x', 1001));
            await visit.TestId("cancel-confirm").ClickAsync();
            await Expect(visit.Page.GetByText("1,001 characters")).ToBeVisibleAsync();
        },
        ["canceled row and toast"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.OpenCancelAsync(visit.Row("later-today"));
            await visit.TestId("cancel-confirm").ClickAsync();
            await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-status", "canceled");
        },
        ["refused in a row"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.OpenCancelAsync(visit.Row("later-today"));
            await visit.TestId("cancel-reason").FillAsync("I have to be elsewhere.");
            visit.App.Clock.Advance(TimeSpan.FromMinutes(94));
            await visit.TestId("cancel-confirm").ClickAsync();
            await Expect(visit.TestId("cancel-refused")).ToBeVisibleAsync();
        },
        ["not yet confirmed"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.OpenCancelAsync(visit.Row("later-today"));
            visit.App.Emulator.Faults.Add(new Fault("/scheduled_events/", FaultKind.DropBefore) { Method = "POST", Times = 10 });
            await visit.TestId("cancel-confirm").ClickAsync();
            await Expect(visit.Row("later-today")).ToHaveAttributeAsync("data-state", "checking");
        },
        ["cancel page"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "guests")}/cancellation"),
        ["cancel page without permission"] = visit => visit.GoAsync("olu", $"/sessions/{EmulatedIds.Session("olu", "tomorrow")}/cancellation"),
        ["session"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "guests")}"),
        ["group session"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "past-group")}"),
        ["hostile session"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "markup")}"),
        ["session with a long name"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "long-name")}"),
        ["canceled session"] = visit => visit.GoAsync("ana", $"/sessions/{EmulatedIds.Session("ana", "canceled-ahead")}"),
        ["session that is not there"] = visit => visit.GoAsync("ana", $"/sessions/{Guid.Empty}"),
        ["not connected"] = visit => visit.GoAsync("mei", "/sessions"),
        ["reconnect needed"] = visit => visit.GoAsync("tom", "/sessions"),
        ["cannot cancel"] = visit => visit.GoAsync("olu", "/sessions"),
        ["calendly is down"] = async visit =>
        {
            visit.Break("/scheduled_events", 503);
            await visit.GoAsync("ana", "/sessions");
        },
        ["older data"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            visit.App.Clock.Advance(TimeSpan.FromMinutes(6));
            visit.Break("/scheduled_events", 503);
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Refresh" }).ClickAsync();
            await Expect(visit.TestId("stale-strip")).ToBeVisibleAsync();
        },
        ["network lost"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.Context.SetOfflineAsync(true);
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
            await Expect(visit.TestId("toast")).ToBeVisibleAsync();
        },
        ["nothing canceled"] = visit => visit.GoAsync("olu", "/sessions?tab=canceled"),
        ["nothing in range"] = visit => visit.GoAsync("ana", "/sessions?from=2027-01-01&to=2027-01-02"),
        ["impossible dates"] = visit => visit.GoAsync("ana", "/sessions?from=2026-02-31&to=2026-01-01"),
        ["for coaches only"] = visit => visit.GoAsync("rita", "/sessions"),
        ["schedules"] = async visit =>
        {
            // With all that the page can hold: two clocks, and no busy times.
            visit.Break("/user_busy_times", 424);
            await visit.GoAsync("ana", "/schedules");
            await visit.Context.AddCookiesAsync([new() { Name = "zone", Value = "Asia%2FKolkata", Url = visit.Address.ToString() }]);
            await visit.Page.ReloadAsync();
            await Expect(visit.TestId("zone-switch")).ToBeVisibleAsync();
            await Expect(visit.TestId("event-type-hours").First).ToBeVisibleAsync();
        },
        ["schedules of a week ahead"] = visit => visit.GoAsync("ana", "/schedules?week=2026-03-09"),
        ["hours with mistakes"] = async visit =>
        {
            await visit.GoAsync("ana", $"/schedules/{EmulatedIds.Schedule("ana", "evenings")}/hours");
            await visit.Page.Locator("#wednesday-1-from").FillAsync("20:00");
            await visit.TestId("hours-review").ClickAsync();
            await Expect(visit.Page.Locator("#wednesday-1-problem")).ToBeVisibleAsync();
            await visit.Page.Locator("#copy-monday").ClickAsync();
        },
        ["hours to be saved"] = async visit =>
        {
            await visit.GoAsync("ana", $"/schedules/{EmulatedIds.Schedule("ana", "evenings")}/hours");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove 18:00–24:00 on Monday" }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add hours to Monday" })).ToBeFocusedAsync();
            await visit.TestId("hours-review").ClickAsync();
            await Expect(visit.TestId("hours-save")).ToBeVisibleAsync();
        },
        ["saved hours"] = async visit =>
        {
            await visit.GoAsync("ana", $"/schedules/{EmulatedIds.Schedule("ana", "evenings")}/hours");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove 18:00–24:00 on Monday" }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add hours to Monday" })).ToBeFocusedAsync();
            await visit.TestId("hours-review").ClickAsync();
            await visit.TestId("hours-save").ClickAsync();
            await Expect(visit.TestId("hours-undo")).ToBeVisibleAsync();
        },
        ["free times"] = visit => visit.GoAsync("ana", "/free-times"),
        ["free times of two weeks"] = visit => visit.GoAsync("rita", "/free-times?view=two-weeks"),
        ["free times of a month"] = visit => visit.GoAsync("ana", "/free-times?view=month"),
        ["free times as a list"] = visit => visit.GoAsync("ana", "/free-times?view=list"),
        ["a chosen time"] = async visit =>
        {
            await visit.GoAsync("rita", "/free-times?view=day&date=2026-03-10");
            await visit.Page.Locator("#slots .free").First.ClickAsync();
            await Expect(visit.TestId("picked")).ToHaveAttributeAsync("data-state", "open");
        },
        ["a time that is taken"] = visit => visit.GoAsync(
            "ana", $"/free-times/slot?eventType={EmulatedIds.EventType("ana", "discovery-call")}&start=2026-03-10T13:05:00Z"),
        ["times as text"] = async visit =>
        {
            await visit.GoAsync("ana", "/free-times");
            await visit.Page.GetByText("Copy times").ClickAsync();
            await Expect(visit.TestId("times-as-text")).ToBeVisibleAsync();
        },
        ["nothing is ever free"] = visit => visit.GoAsync("priya", $"/free-times?eventType={EmulatedIds.EventType("priya", "hill-retreat")}"),
        ["free times of a type that is off"] = visit => visit.GoAsync("ana", $"/free-times?eventType={EmulatedIds.EventType("ana", "winter-reset")}"),
        ["connection"] = visit => visit.GoAsync("ana", "/connection"),
        ["connection not made"] = visit => visit.GoAsync("mei", "/connection?problem=denied"),
        ["connection with limits"] = visit => visit.GoAsync("olu", "/connection"),
        ["connection checked"] = visit => visit.GoAsync("olu", "/connection/check?place=sessions"),
        ["disconnect"] = visit => visit.GoAsync("ana", "/connection/disconnect"),
        ["disconnected"] = async visit =>
        {
            await visit.GoAsync("ana", "/connection/disconnect");
            await visit.TestId("disconnect-confirm").ClickAsync();
            await Expect(visit.TestId("disconnected")).ToBeVisibleAsync();
        },
        ["status"] = visit => visit.GoAsync("ana", "/status"),
        ["status after a check"] = async visit =>
        {
            await visit.GoAsync("ana", "/status");
            await visit.TestId("status-check").ClickAsync();
            await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Checked. All good.");
            await visit.Page.GetByText("Show all 6").ClickAsync();
        },
        ["status while checking"] = async visit =>
        {
            await visit.GoAsync("ana", "/status");

            // The page is at rest only when the check is, so this one's rows are kept from asking.
            await visit.Page.RouteAsync("**/status/check/*", route => route.FulfillAsync(new() { Status = 204 }));
            await visit.Page.RouteAsync("**/status/check", route => route.Request.Method == "GET" ? route.FulfillAsync(new() { Status = 204 }) : route.ContinueAsync());
            await visit.TestId("status-check").ClickAsync();
            await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Checking everything…");
        },
        ["status checked too soon"] = async visit =>
        {
            await visit.GoAsync("ana", "/status");
            await visit.TestId("status-check").ClickAsync();
            await Expect(visit.Page.Locator("#live")).ToHaveTextAsync("Checked. All good.");
            await visit.TestId("status-check").ClickAsync();
            await Expect(visit.TestId("check-refused")).ToBeVisibleAsync();
        },
        ["status while calendly is down"] = async visit =>
        {
            visit.Break("/", 503);
            await visit.GoAsync("ana", "/sessions");
            await visit.GoAsync("ana", "/status");
        },
        ["status while slowed down"] = async visit =>
        {
            visit.App.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(38), Times = 2 });
            await visit.GoAsync("ana", "/sessions");
            await visit.GoAsync("ana", "/status");
        },
        ["status with limits"] = visit => visit.GoAsync("olu", "/status"),
        ["status never connected"] = visit => visit.GoAsync("mei", "/status"),
        ["status of a dead connection"] = async visit =>
        {
            await visit.GoAsync("tom", "/sessions");
            await visit.GoAsync("tom", "/status");
        },
        ["status of a realtor"] = visit => visit.GoAsync("rita", "/status"),
        ["zone picker"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.TestId("zone-picker").Locator("summary").ClickAsync();
            await Expect(visit.Page.Locator("#zone-choice")).ToBeVisibleAsync();
        },
        ["person menu"] = async visit =>
        {
            await visit.GoAsync("ana", "/sessions");
            await visit.Page.Locator("#person-menu summary").ClickAsync();
        },
        ["zone page"] = visit => visit.GoAsync("ana", "/preferences/zone"),
        ["theme page"] = visit => visit.GoAsync("ana", "/preferences/theme"),
        ["event types, one open and one just turned off"] = async visit =>
        {
            await visit.GoAsync("ana", "/event-types");
            await visit.TestId("type-more").First.Locator("summary").ClickAsync();
            await visit.TestId("single-use-link").First.ClickAsync();
            await Expect(visit.TestId("made-link")).ToHaveCountAsync(1);
            await visit.TestId("type-switch").Last.ClickAsync();
            await Expect(visit.TestId("event-type-row").Last).ToHaveAttributeAsync("data-status", "active");
            await visit.TestId("type-switch").Nth(1).ClickAsync();
            await Expect(visit.TestId("undo")).ToBeVisibleAsync();
        },
        ["event types that match nothing"] = visit => visit.GoAsync("ana", "/event-types?q=yoga"),
        ["event types while calendly is down"] = async visit =>
        {
            visit.Break("/event_types", 503);
            await visit.GoAsync("ana", "/event-types");
        },
        ["event types not connected"] = visit => visit.GoAsync("mei", "/event-types"),
        ["event type"] = visit => visit.GoAsync("ana", $"/event-types/{EmulatedIds.EventType("ana", "listing-strategy")}"),
        ["single-use links"] = visit => visit.GoAsync("ana", $"/event-types/{EmulatedIds.EventType("ana", "discovery-call")}/links"),
        ["booking"] = async visit =>
        {
            await visit.GoAsync("luca", $"{Booking}?slot=2026-03-10T13:00:00Z");
            await Expect(visit.TestId("booking")).ToHaveAttributeAsync("data-state", "ready");
        },
        ["booking without the frame"] = async visit =>
        {
            await visit.GoAsync("luca", $"/book/ana-ruiz/{EmulatedIds.EventType("ana", "listing-strategy")}/form");
            await visit.TestId("nearest-slot").First.ClickAsync();
            await visit.TestId("booking-submit").ClickAsync();
            await Expect(visit.TestId("booking-problem")).ToBeVisibleAsync();
        },
        ["time taken"] = visit => visit.GoAsync("luca", $"{Booking}?slot=2026-03-10T13:05:00Z"),
        ["not bookable"] = async visit =>
        {
            visit.Break("/event_types", 503);
            await visit.GoAsync("luca", Booking);
        },
        ["my bookings"] = visit => visit.GoAsync("rita", "/bookings"),
        ["no bookings"] = visit => visit.GoAsync("luca", "/bookings"),
        ["a booking"] = visit => visit.GoAsync("rita", "/bookings/rita-later-today------"),
        ["delegates"] = visit => visit.GoAsync("ana", "/delegates"),
        ["an invitation made"] = async visit =>
        {
            await visit.GoAsync("ana", "/delegates");
            await visit.TestId("invite").ClickAsync();
            await Expect(visit.TestId("invitation")).ToBeVisibleAsync();
        },
        ["an invitation one cannot accept"] = async visit =>
        {
            await visit.GoAsync("ana", "/delegates");
            await visit.TestId("invite").ClickAsync();
            await visit.Page.GotoAsync(await visit.TestId("invitation").Locator("code").InnerTextAsync());
        },
        ["an invitation"] = async visit =>
        {
            await visit.GoAsync("ana", "/delegates");
            await visit.TestId("invite").ClickAsync();
            var link = new Uri(await visit.TestId("invitation").Locator("code").InnerTextAsync()).PathAndQuery;
            await visit.GoAsync("luca", link);
        },
        ["today of a delegate"] = visit => visit.GoAsync("dora", "/"),
        ["sessions of a delegate"] = visit => visit.GoAsync("dora", "/sessions"),
        ["session of a delegate"] = visit => visit.GoAsync("dora", $"/sessions/{EmulatedIds.Session("ana", "guests")}"),
        ["event types of a delegate"] = async visit =>
        {
            await visit.GoAsync("dora", "/event-types");
            await visit.TestId("type-more").First.Locator("summary").ClickAsync();
        },
        ["event type of a delegate"] = visit => visit.GoAsync("dora", $"/event-types/{EmulatedIds.EventType("ana", "listing-strategy")}"),
        ["free times of a delegate"] = visit => visit.GoAsync("dora", "/free-times"),
        ["schedules of a delegate"] = visit => visit.GoAsync("dora", "/schedules"),
        ["status of a delegate"] = visit => visit.GoAsync("dora", "/status"),
        ["not for a delegate"] = visit => visit.GoAsync("dora", $"/sessions/{EmulatedIds.Session("ana", "guests")}/cancellation"),
        ["coaches"] = visit => visit.GoAsync("rita", "/coaches?coach=ana-ruiz&coach=priya-nair"),
        ["coaches before their times are known"] = async visit =>
        {
            await visit.Page.RouteAsync("**/coaches/soonest**", route => route.FulfillAsync(new() { Status = 204 }));
            await visit.GoAsync("rita", "/coaches");
        },
        ["coaches of whom none fits"] = visit => visit.GoAsync("rita", "/coaches?q=nobody"),
        ["coach"] = visit => visit.GoAsync("rita", "/coaches/ana-ruiz"),
        ["coach who cannot be booked"] = visit => visit.GoAsync("rita", "/coaches/mei-tanaka"),
        ["coaches side by side"] = visit => visit.GoAsync("rita", "/coaches/compare?coach=ana-ruiz&coach=priya-nair&coach=tom-wells&week=2026-03-09"),
        ["coaches side by side as a list"] = visit => visit.GoAsync("rita", "/coaches/compare?coach=ana-ruiz&coach=priya-nair&view=list"),
        ["too few to compare"] = visit => visit.GoAsync("rita", "/coaches/compare?coach=ana-ruiz"),
        ["own card"] = visit => visit.GoAsync("ana", "/card"),
        ["own card with mistakes"] = async visit =>
        {
            await visit.GoAsync("mei", "/card");
            await visit.Page.GetByLabel("Name").FillAsync("");
            await visit.Page.GetByLabel("Focus").FillAsync("1,2,3,4,5,6,7");
            await visit.TestId("card-save").ClickAsync();
            await Expect(visit.Page.Locator("#card-tags-problem")).ToBeVisibleAsync();
        },
        ["nothing lives here"] = visit => visit.GoAsync("ana", "/nowhere"),
    };

    private static async Task DeliverAsync(DashboardApp app, string body)
    {
        using var answer = await app.DeliverAsync(body);
        answer.EnsureSuccessStatusCode();
        await app.SettledAsync();
    }

    public static TheoryData<string> States => [.. Reach.Keys];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Everybody_can_use(string state)
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });
        var page = visit.Page;
        await Reach[state](visit);
        if (state != "consent")
        {
            await visit.SettleAsync();
        }

        // Light and wide, then dark and narrow: each of the two costs a second, and they have nothing in common but the words.
        await visit.AssertAccessibleAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 800);
            await visit.AssertFitsAsync();
            if (width == 360)
            {
                await visit.AssertAccessibleAsync();
            }
        }

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
        if (state != "consent")
        {
            await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCountAsync(1);
            await Expect(page.Locator("#live")).ToHaveRoleAsync(AriaRole.Status);
        }

        Assert.Equal(0, await page.EvaluateAsync<int>(
            "document.getAnimations().filter(animation => animation.playState === 'running' && animation.effect.getComputedTiming().duration > 1).length"));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_first_stop_of_the_keyboard_skips_to_the_content()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var skip = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" });
        await Expect(skip).Not.ToBeInViewportAsync();

        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Under_forced_colors_states_keep_a_shape_and_the_current_place_its_mark()
    {
        await using var visit = await Visit.StartAsync(browsers, options: new BrowserNewContextOptions { ForcedColors = ForcedColors.Active });
        await visit.GoAsync("ana", "/sessions");

        await visit.AssertAccessibleAsync();
        var highlight = await visit.Page.EvaluateAsync<string>(
            "(() => { const probe = document.createElement('i'); document.body.append(probe); probe.style.color = 'Highlight'; return getComputedStyle(probe).color; })()");
        await Expect(visit.Page.Locator(".places a[aria-current]")).ToHaveCSSAsync("border-bottom-color", highlight);
        await visit.OpenCancelAsync(visit.Row("tomorrow-nine"));
        await Expect(visit.TestId("cancel-confirm")).ToHaveCSSAsync("border-top-width", "3px");
    }
}
