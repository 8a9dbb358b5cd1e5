using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static CalendlySlices.Tests.Features.Booking.BookingRig;

namespace CalendlySlices.Tests.Features.MyBookings;

public sealed class MyBookingsTests
{
    private const string LaterToday = "rita-later-today------";

    private static readonly string Invitee = EmulatedIds.Invitee("ana", "later-today", 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_our_own_record_and_costs_no_call()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.ClearJournal();

        using var page = await PageAsync(rita, "/bookings");

        Assert.Equal(["Listing strategy", "Deep-dive coaching", "Open-house workshop"], page.QuerySelectorAll("[data-testid=booking-row] .n").Select(cell => Words(cell)));
        var first = page.QuerySelector("[data-testid=booking-row]")!;
        Assert.Equal("Mon 2 Mar09:30–10:15", Words(first.QuerySelector(".t")));
        Assert.Contains("11:30 EST for Ana", Words(first.QuerySelector(".e")), StringComparison.Ordinal);
        Assert.Equal($"/mock-widget/cancellations/{Invitee}", first.QuerySelector("[data-testid=booking-cancel]")!.GetAttribute("href"));
        Assert.Equal($"/mock-widget/reschedulings/{Invitee}", first.QuerySelector("[data-testid=booking-move]")!.GetAttribute("href"));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task Nothing_booked_leads_to_the_coaches()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        using var page = await PageAsync(luca, "/bookings");

        Assert.Equal("empty-none", page.QuerySelector("[data-testid=bookings]")!.GetAttribute("data-state"));
        Assert.NotNull(page.QuerySelector("main a[href='/coaches']"));
    }

    [Theory]
    [InlineData("adam", "For realtors and coaches", "Realtors and coaches book sessions. Your account looks after other things.")]
    [InlineData("dora", "View only", "You can look, not change. Ask Ana Ruiz to do this.")]
    public async Task Whoever_does_not_book_is_told_who_does(string persona, string title, string message)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona);

        foreach (var path in new[] { "/bookings", Url })
        {
            using var page = await PageAsync(client, path);

            Assert.Equal(title, Words(page.QuerySelector("main h1, main h2")));
            Assert.Contains(message, Words(page.QuerySelector("main")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_row_asks_calendly_and_shows_what_became_of_the_booking()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        Assert.True(app.Emulator.At((desk, now) => desk.Cancel(Invitee, "Flight delayed", now)));

        using var answer = await DashboardApp.GetFragmentAsync(rita, $"/bookings/{LaterToday}/row");
        using var row = await answer.DocumentAsync();

        var cell = row.QuerySelector("[data-testid=booking-row]")!;
        Assert.Equal("canceled", cell.GetAttribute("data-status"));
        Assert.Contains("Canceled by Rita Alvarez", cell.TextContent, StringComparison.Ordinal);
        Assert.Contains("“Flight delayed”", cell.TextContent, StringComparison.Ordinal);
        Assert.Null(cell.QuerySelector("[data-testid=booking-cancel]"));
    }

    [Fact]
    public async Task A_row_asks_once_whether_the_list_comes_alone_or_in_its_page()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, "/bookings");
        using var alone = await DashboardApp.GetFragmentAsync(rita, "/bookings");
        using var list = await alone.DocumentAsync();
        using var asked = await DashboardApp.GetFragmentAsync(rita, $"/bookings/{LaterToday}/row");
        using var row = await asked.DocumentAsync();

        Assert.Equal(["load, look", "load, look", "load, look"], Triggers(page));
        Assert.Equal(Triggers(page), Triggers(list));
        Assert.Equal(["look"], Triggers(row));

        static IEnumerable<string?> Triggers(AngleSharp.Dom.IParentNode of) => of.QuerySelectorAll("[data-testid=booking-row]").Select(row => row.GetAttribute("hx-trigger"));
    }

    // Otherwise a page that is told of the change would look, and so make the next one, for ever.
    [Fact]
    public async Task Looking_at_a_booking_that_is_as_it_was_changes_nothing()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using var list = await PageAsync(rita, "/bookings");
        var addresses = list.QuerySelectorAll("[data-testid=booking-row]").Select(row => row.GetAttribute("hx-get")!).ToList();
        var changes = app.Services.GetRequiredService<Changes>();

        var seen = await LookAsync();
        var last = await changes.LastIdAsync(Cancel);
        var again = await LookAsync();

        Assert.Equal(3, seen.Count);
        Assert.Equal(seen, again);
        Assert.Equal(last, await changes.LastIdAsync(Cancel));

        async Task<List<string>> LookAsync()
        {
            var rows = new List<string>();
            foreach (var address in addresses)
            {
                using var answer = await DashboardApp.GetFragmentAsync(rita, address);
                using var row = await answer.DocumentAsync();
                Assert.Equal("ready", row.QuerySelector("[data-testid=booking-row]")!.GetAttribute("data-state"));
                rows.Add(Words(row.QuerySelector("[data-testid=booking-row]")));
            }

            return rows;
        }
    }

    [Fact]
    public async Task What_the_session_is_called_by_now_stays_with_the_booking()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var answer = await DashboardApp.GetFragmentAsync(rita, "/bookings/rita-long-name--------/row");
        using var row = await answer.DocumentAsync();
        using var list = await PageAsync(rita, "/bookings");

        var name = Words(row.QuerySelector(".n"));
        Assert.NotEqual("Deep-dive coaching", name);
        Assert.Equal(name, Words(list.QuerySelector("#booking-rita-long-name-------- .n")));
    }

    [Fact]
    public async Task The_page_of_a_canceled_booking_gives_the_reason_beside_who_canceled()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        Assert.True(app.Emulator.At((desk, now) => desk.Cancel(Invitee, "Flight delayed", now)));

        using var page = await PageAsync(rita, $"/bookings/{LaterToday}");

        var state = page.QuerySelectorAll(".facts dt").Single(term => term.TextContent == "State").NextElementSibling!;
        Assert.Equal("Canceled by Rita Alvarez\n“Flight delayed”", state.TextContent);
    }

    [Fact]
    public async Task A_move_at_calendly_is_followed_to_the_new_time()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        var first = app.Emulator.At((desk, now) => desk.Move(Invitee, DateTimeOffset.Parse("2026-03-10T15:00:00Z", null), null, EmulatedTracking.None, now))!;
        var second = app.Emulator.At((desk, now) => desk.Move(first.Id, DateTimeOffset.Parse("2026-03-12T15:00:00Z", null), null, EmulatedTracking.None, now));
        Assert.NotNull(second);

        using var page = await PageAsync(rita, $"/bookings/{LaterToday}");

        var booking = page.QuerySelector("[data-testid=booking-page]")!;
        Assert.Equal(("booked", "2026-03-12T15:00:00Z"), (booking.GetAttribute("data-status"), booking.GetAttribute("data-start")));
        Assert.Contains("Moved from Mon 2 Mar, 09:30", booking.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/mock-widget/cancellations/{second.Id}", booking.QuerySelector("[data-testid=booking-cancel]")!.GetAttribute("href"));
    }

    [Fact]
    public async Task While_calendly_is_down_the_booking_is_shown_as_it_was_known()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 503, Times = 10 });

        using var page = await PageAsync(rita, $"/bookings/{LaterToday}");

        Assert.Equal("stale", page.QuerySelector("[data-testid=booking-page]")!.GetAttribute("data-state"));
        Assert.Contains("As known before.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Mon 2 Mar, 09:30–10:15 MST", page.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_calendar_file_is_one_that_calendars_take()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var answer = await rita.GetAsync($"/bookings/{LaterToday}/calendar.ics", Cancel);

        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("session.ics", answer.Content.Headers.ContentDisposition!.FileName);
        var file = await answer.TextAsync();
        Assert.Contains("DTSTART:20260302T163000Z\r\nDTEND:20260302T171500Z\r\n", file, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Listing strategy with Ana Ruiz\r\n", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("luca", LaterToday, 404)]
    [InlineData("priya", LaterToday, 404)]
    [InlineData("rita", "AAAAAAAAAAAAAAAAAAAAAA", 404)]
    [InlineData("rita", "not%20an%20id", 400)]
    [InlineData("rita", "short", 400)]
    [InlineData("dora", LaterToday, 403)]
    [InlineData("adam", LaterToday, 403)]
    public async Task A_booking_is_there_for_whoever_booked_it_alone(string persona, string id, int status)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona);
        app.Emulator.ClearJournal();

        foreach (var path in new[] { $"/bookings/{id}", $"/bookings/{id}/row", $"/bookings/{id}/calendar.ics" })
        {
            using var answer = await client.GetAsync(path, Cancel);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task A_form_that_was_only_opened_is_no_booking()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, Url);

        using var page = await luca.GetAsync($"/bookings/{nonce}", Cancel);
        using var list = await PageAsync(luca, "/bookings");

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Empty(list.QuerySelectorAll("[data-testid=booking-row]"));
    }

    [Fact]
    public async Task What_is_over_is_no_longer_asked_about()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Clock.Advance(TimeSpan.FromHours(3));
        app.Emulator.ClearJournal();

        using var page = await PageAsync(rita, $"/bookings/{LaterToday}");

        Assert.Contains("Done", page.QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("[data-testid=booking-cancel]"));
        Assert.Empty(app.Emulator.Journal);
    }
}
