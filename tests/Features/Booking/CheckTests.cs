using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static CalendlySlices.Tests.Features.Booking.BookingRig;

namespace CalendlySlices.Tests.Features.Booking;

/// <summary>Something is booked when Calendly says so, and never because a browser does.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task What_was_booked_in_the_frame_is_confirmed_from_the_coachs_account()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");
        var booked = Book(app, Nine, nonce, Discovery);
        app.Emulator.ClearJournal();

        using var answer = await CheckAsync(luca, nonce, invitee: booked);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("#book", answer.Header("HX-Retarget"));
        Assert.Contains("session-booked", answer.Header("HX-Trigger"), StringComparison.Ordinal);
        Assert.Equal("Booked: Tue 10 Mar, 13:00–13:30 GMT (UTC)", Words(page.QuerySelector("#booking-title")));
        Assert.Contains("09:00 EDT for Ana", page.QuerySelector("[data-testid=booking-confirmed]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, app.Emulator.Journal.Count);
        Assert.All(app.Emulator.Journal, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task A_booking_that_nobody_told_of_is_found_when_the_form_is_closed()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");
        // At another time than the page was opened for.
        Book(app, "2026-03-10T14:30:00Z", nonce, Discovery);

        using var answer = await CheckAsync(luca, nonce, "closed");

        Assert.Contains("Booked: Tue 10 Mar, 14:30", System.Text.RegularExpressions.Regex.Unescape(answer.Header("HX-Trigger")!), StringComparison.Ordinal);
        using var bookings = await PageAsync(luca, "/bookings");
        Assert.Equal("2026-03-10T14:30:00Z", bookings.QuerySelector("[data-testid=booking-row]")!.GetAttribute("data-start"));
    }

    [Fact]
    public async Task It_is_found_behind_a_hundred_other_sessions_as_well()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");
        var booked = Book(app, Nine, nonce, Discovery);
        app.Emulator.At((desk, _) =>
        {
            var host = desk.World.Events.Single(session => session.Uri == booked.EventUri);
            for (var number = 0; number < 120; number++)
            {
                desk.World.Add(new EmulatedEvent(EmulatedIds.Booking(1_000 + number), host.Type, host.Start.AddDays(-1).AddMinutes(number), host.Hosts) { CreatedAt = host.CreatedAt, UpdatedAt = host.UpdatedAt });
            }

            return true;
        });

        using var answer = await CheckAsync(luca, nonce, "closed");

        Assert.Contains("Booked: Tue 10 Mar, 13:00", System.Text.RegularExpressions.Regex.Unescape(answer.Header("HX-Trigger")!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_been_canceled_since_is_not_told_as_booked()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");
        var booked = Book(app, Nine, nonce, Discovery);
        using (await CheckAsync(luca, nonce, invitee: booked))
        {
        }

        Assert.True(app.Emulator.At((desk, now) => desk.Cancel(booked.Id, null, now)));
        using (await luca.GetAsync($"/bookings/{nonce}", TestContext.Current.CancellationToken))
        {
        }

        using var answer = await CheckAsync(luca, nonce, "closed");
        using var page = await answer.DocumentAsync();

        Assert.Contains("Canceled: Tue 10 Mar", System.Text.RegularExpressions.Regex.Unescape(answer.Header("HX-Trigger")!), StringComparison.Ordinal);
        Assert.DoesNotContain("ooked", answer.Header("HX-Trigger"), StringComparison.Ordinal);
        var told = page.QuerySelector("[data-testid=booking-confirmed]")!;
        Assert.Equal("canceled", told.GetAttribute("data-state"));
        Assert.StartsWith("Canceled: ", told.GetAttribute("data-announce"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_message_with_somebody_elses_booking_proves_nothing_and_shows_nothing_of_theirs()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var theirs = Book(app, Nine, "AAAAAAAAAAAAAAAAAAAAAA", Discovery, "grace@oneill.example");
        var nonce = await OpenAsync(luca, Url);

        using var answer = await CheckAsync(luca, nonce, invitee: theirs);

        var text = await answer.TextAsync();
        Assert.Contains("data-outcome=\"confirming\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("grace", text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(answer.Header("HX-Retarget"));
        using var bookings = await PageAsync(luca, "/bookings");
        Assert.Equal("unconfirmed", bookings.QuerySelector("[data-testid=booking-row]")!.GetAttribute("data-status"));
        Assert.DoesNotContain("grace", bookings.Body!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_booking_of_another_event_type_is_not_this_one()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, Url);
        var other = Book(app, await SoonestAsync(luca, "deep-dive"), nonce, EmulatedIds.EventType("ana", "deep-dive"));

        using var answer = await CheckAsync(luca, nonce, invitee: other);

        Assert.Contains("data-outcome=\"confirming\"", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.calendly.com/scheduled_events/../users/me", "https://api.calendly.com/scheduled_events/../users/me/invitees/1")]
    [InlineData("https://evil.example/scheduled_events/1", "https://evil.example/scheduled_events/1/invitees/2")]
    [InlineData("https://api.calendly.com/scheduled_events/1", "https://api.calendly.com/scheduled_events/2/invitees/3")]
    [InlineData("junk", "")]
    public async Task What_is_no_address_of_calendlys_is_not_followed(string eventUri, string inviteeUri)
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, Url);
        app.Emulator.ClearJournal();

        using var answer = await PostAsync(luca, $"{Url}/check", true, ("attempt", nonce), ("why", "told"), ("event", eventUri), ("invitee", inviteeUri));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Path.StartsWith("/scheduled_events/", StringComparison.Ordinal) && !call.Path.EndsWith("/invitees", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_elses_attempt_is_not_there()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        using var rita = await app.ClientAsync("rita");
        var nonce = await OpenAsync(luca, Url);
        Book(app, Nine, nonce, Discovery);

        using var answer = await CheckAsync(rita, nonce);
        using var page = await rita.GetAsync($"/bookings/{nonce}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task While_calendly_is_down_it_goes_on_confirming()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");
        var booked = Book(app, Nine, nonce, Discovery);
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 503, Times = 100 });

        using (var down = await CheckAsync(luca, nonce, invitee: booked))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
            Assert.Contains("We go on looking", await down.TextAsync(), StringComparison.Ordinal);
            Assert.Contains("unconfirmed=1", string.Join(' ', down.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        }

        app.Emulator.Faults.Clear();
        await app.Services.GetRequiredService<CalendlySlices.Infrastructure.Calendly.CalendlyResilience>().CloseBreakerAsync(TestContext.Current.CancellationToken);

        // Wherever the person is by then.
        using var page = await PageAsync(luca, "/free-times");
        Assert.NotNull(page.QuerySelector("[hx-get='/bookings/news']"));
        using var news = await DashboardApp.GetFragmentAsync(luca, "/bookings/news");
        Assert.Contains("Booked: Discovery call with Ana Ruiz", news.Header("HX-Trigger"), StringComparison.Ordinal);
        using var later = await PageAsync(luca, "/free-times");
        Assert.Null(later.QuerySelector("[hx-get='/bookings/news']"));
    }

    [Fact]
    public async Task A_move_in_the_frame_is_noticed_when_it_is_closed()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        var nonce = await OpenAsync(rita, Url);
        var moved = app.Emulator.At((desk, now) => desk.Move(
            EmulatedIds.Invitee("ana", "later-today", 0), DateTimeOffset.Parse("2026-03-10T15:00:00Z", null), null, EmulatedTracking.None, now));
        Assert.NotNull(moved);

        using var answer = await CheckAsync(rita, nonce, "closed");

        Assert.Contains("Moved: Listing strategy with Ana is now Tue 10 Mar, 08:00", System.Text.RegularExpressions.Regex.Unescape(answer.Header("HX-Trigger")!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_a_look_leads_to_the_booking_or_says_that_there_is_none()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        var nonce = await OpenAsync(luca, $"{Url}?slot={Nine}");

        using (var none = await CheckAsync(luca, nonce, why: "", htmx: false))
        {
            Assert.Contains("Nothing booked yet", await none.TextAsync(), StringComparison.Ordinal);
        }

        Book(app, Nine, nonce, Discovery);
        using var found = await CheckAsync(luca, nonce, why: "", htmx: false);

        Assert.Equal((HttpStatusCode.SeeOther, $"/bookings/{nonce}"), (found.StatusCode, found.Headers.Location!.ToString()));
    }
}
