using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using static CalendlySlices.Tests.Features.Booking.BookingRig;

namespace CalendlySlices.Tests.Features.Booking;

/// <summary>The page around Calendly's form: what it frames, and what it says when there is nothing to frame.</summary>
public sealed class BookingHttpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_frames_calendlys_form_for_the_chosen_time_with_what_it_needs_to_know()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, $"{Url}?slot={Nine}");

        Assert.Equal("Book Discovery call with Ana", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("Tue 10 Mar, 06:00–06:30 MST (UTC−7)09:00 EDT for Ana", Words(page.QuerySelector(".when")));
        var frame = page.QuerySelector("[data-testid=booking-widget]")!;
        Assert.Equal("Calendly booking form", frame.GetAttribute("title"));
        Assert.Null(frame.GetAttribute("src"));
        Assert.StartsWith("/mock-widget/ana/discovery-call/2026-03-10T13:00:00Z?", frame.GetAttribute("data-src"), StringComparison.Ordinal);
        var parameters = FrameParameters(page);
        Assert.Equal("localhost", parameters["embed_domain"]);
        Assert.Equal("Inline", parameters["embed_type"]);
        Assert.Equal("0", parameters["hide_gdpr_banner"]);
        Assert.Equal("Rita Campos", parameters["name"]);
        // The address with which she booked last.
        Assert.Equal("rita@slices-realty.example", parameters["email"]);
        Assert.Equal("dashboard", parameters["utm_source"]);
        Assert.Matches("^[A-Za-z0-9_-]{22}$", parameters["utm_content"]);
        Assert.Equal(parameters["utm_content"], page.QuerySelector("form[data-check] input[name=attempt]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Two_forms_that_are_open_are_two_attempts()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        Assert.NotEqual(await OpenAsync(luca, Url), await OpenAsync(luca, Url));
    }

    [Fact]
    public async Task Without_a_time_the_form_opens_on_the_event_type()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");

        using var page = await PageAsync(luca, Url);

        Assert.StartsWith("/mock-widget/ana/discovery-call?", page.QuerySelector("[data-testid=booking-widget]")!.GetAttribute("data-src"), StringComparison.Ordinal);
        Assert.False(FrameParameters(page).ContainsKey("email"));
        Assert.Null(page.QuerySelector(".when"));
    }

    [Theory]
    [InlineData(false, "frame-src 'self'")]
    [InlineData(true, "frame-src https://calendly.com")]
    public async Task Only_pages_of_booking_may_frame_and_only_calendly(bool real, string allowed)
    {
        await using var app = real ? DashboardApp.Real() : new DashboardApp();
        using var client = await app.ClientAsync(real ? null : "luca");

        using var booking = await client.GetAsync(Url, Cancel);
        using var other = await client.GetAsync("/preferences/theme", Cancel);

        Assert.Contains(allowed, booking.Header("Content-Security-Policy")!.Split("; "));
        Assert.DoesNotContain("frame-src", other.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_is_taken_offers_the_three_nearest_one_press_each()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.AddBusy("ana", DateTimeOffset.Parse(Nine, null), DateTimeOffset.Parse(Nine, null).AddMinutes(30));

        using var answer = await rita.GetAsync($"{Url}?slot={Nine}", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("SLOT_TAKEN", answer.ErrorCode());
        Assert.StartsWith("Tue 10 Mar, 06:00–06:30 MST (UTC−7) is not open.", Words(page.QuerySelector("[role=alert]")), StringComparison.Ordinal);
        var nearest = page.QuerySelectorAll("[data-testid=nearest-slot]");
        Assert.Equal(3, nearest.Length);
        using var next = await rita.GetAsync(nearest[0].GetAttribute("href"), Cancel);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Where_a_coach_has_too_little_others_follow()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.AddBusy("ana", DateTimeOffset.Parse("2026-03-02T15:00:00Z", null), DateTimeOffset.Parse("2026-05-30T00:00:00Z", null));

        using var page = await PageAsync(rita, $"{Url}?slot={Nine}");

        var nearest = page.QuerySelectorAll("[data-testid=nearest-slot]");
        Assert.Equal(3, nearest.Length);
        Assert.All(nearest, link => Assert.StartsWith("/book/priya-nair/", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Contains("One to one with Priya", nearest[0].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/book/nobody/{discovery}", 404, "NOT_FOUND")]
    [InlineData("/book/olu-adeyemi/{olu}", 404, "NOT_FOUND")]
    [InlineData("/book/ana-ruiz/{hidden}", 404, "NOT_FOUND")]
    [InlineData("/book/priya-nair/{discovery}", 404, "NOT_FOUND")]
    [InlineData("/book/Ana%20Ruiz/{discovery}", 400, "VALIDATION_FAILED")]
    [InlineData("/book/ana-ruiz/not%20an%20id", 400, "VALIDATION_FAILED")]
    [InlineData("/book/ana-ruiz/{discovery}?slot=tomorrow", 400, "VALIDATION_FAILED")]
    [InlineData("/book/ana-ruiz/{discovery}?slot=9999-12-31T23:59:59Z", 400, "VALIDATION_FAILED")]
    [InlineData("/book/ana-ruiz/{discovery}?attempt=x", 400, "VALIDATION_FAILED")]
    [InlineData("/book/ana-ruiz/{discovery}?slot=2026-03-02T14:00:00Z", 409, "SLOT_TAKEN")]
    public async Task What_cannot_be_booked_says_why(string path, int status, string code)
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        path = path.Replace("{discovery}", Discovery, StringComparison.Ordinal)
            .Replace("{hidden}", EmulatedIds.EventType("ana", "private-visit"), StringComparison.Ordinal)
            .Replace("{olu}", EmulatedIds.EventType("olu", "strategy-call"), StringComparison.Ordinal);

        foreach (var form in new[] { "", "/form" })
        {
            using var answer = await luca.GetAsync(path.Contains('?', StringComparison.Ordinal) ? path.Replace("?", $"{form}?", StringComparison.Ordinal) : path + form, Cancel);

            Assert.Equal((status, code), ((int)answer.StatusCode, answer.ErrorCode()));
        }

        Assert.Equal(0, PostsTo(app, "/invitees"));
    }

    [Fact]
    public async Task An_event_type_that_is_off_is_not_offered_and_the_coachs_others_are()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var luca = await app.ClientAsync("luca");
        using (await DashboardApp.PostFormAsync(ana, $"/event-types/{Discovery}/activation", ("active", "false")))
        {
        }

        using var answer = await luca.GetAsync(Url, Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("EVENT_TYPE_OFF", answer.ErrorCode());
        Assert.Equal("Ana no longer offers this", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["Deep-dive coaching60 min", "Listing strategy45 min"], page.QuerySelectorAll(".starts a").Select(link => Words(link)));
    }

    [Fact]
    public async Task A_coach_whose_connection_has_ended_can_be_booked_at_calendly_only()
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        app.Emulator.EndGrants("ana");

        using var answer = await luca.GetAsync(Url, Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CALENDLY_UNAVAILABLE"), (answer.StatusCode, answer.ErrorCode()));
        Assert.StartsWith("Ana Ruiz’s connection to Calendly has to be renewed first", Words(page.QuerySelector("[role=alert] p")), StringComparison.Ordinal);
        Assert.Equal("/mock-widget/ana", page.QuerySelector(".notice a.primary")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/form")]
    public async Task Trying_again_asks_for_the_same_page_and_the_same_time(string page)
    {
        await using var app = new DashboardApp();
        using var luca = await app.ClientAsync("luca");
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 503, Times = 100 });

        using var answer = await luca.GetAsync($"{Url}{page}?slot={Nine}", Cancel);
        using var hindered = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CALENDLY_UNAVAILABLE"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Equal($"{Url}{page}?slot={Nine}", hindered.QuerySelector("[data-testid=panel-retry]")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_coach_books_with_others_and_not_with_themselves()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");

        using var own = await ana.GetAsync(Url, Cancel);
        using var others = await priya.GetAsync(Url, Cancel);

        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN_ROLE"), (own.StatusCode, own.ErrorCode()));
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
    }

    [Theory]
    [InlineData("dora", "You can look, not change. Ask Ana Ruiz to do this.")]
    [InlineData("adam", "Realtors and coaches book sessions.")]
    public async Task Whoever_does_not_book_is_told_so_and_opens_nothing(string persona, string words)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona);
        app.Emulator.ClearJournal();

        foreach (var path in new[] { Url, $"{Url}/form", "/bookings" })
        {
            using var answer = await client.GetAsync(path, Cancel);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains(words, await answer.TextAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task When_times_cannot_be_read_the_form_is_framed_all_the_same()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 503, Times = 10 });

        using var page = await PageAsync(rita, $"{Url}?slot={Nine}");

        Assert.Contains("could not be asked", page.QuerySelector("[data-testid=booking-notice]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2026-03-10", FrameParameters(page)["date"]);
    }
}
