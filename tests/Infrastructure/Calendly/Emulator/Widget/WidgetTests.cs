using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator.Widget;

/// <summary>The stand-in for Calendly's booking page, without scripts. Ana's discovery call can be had on Tuesday 3 March at
/// 16:00 UTC, which is 11:00 for her.</summary>
public sealed class WidgetTests : IAsyncDisposable
{
    private const string Discovery = "/mock-widget/ana/discovery-call";
    private const string Four = "2026-03-03T16:00:00Z";
    private const string Embedded = "embed_type=Inline&embed_domain=localhost";

    private readonly DashboardApp _app = new();
    private string? _token;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_chooses_a_host_a_type_a_time_and_books()
    {
        using var browser = await _app.ClientAsync();
        using var profile = await OpenAsync(browser, $"/mock-widget/ana?{Embedded}&utm_content=attempt-7&utm_source=dashboard");
        Assert.DoesNotContain("Private visit", profile.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Winter reset", profile.Body.TextContent, StringComparison.Ordinal);

        using var times = await FollowAsync(browser, profile, "Discovery call, 30 min");
        Assert.Equal(12, times.QuerySelectorAll("[data-start^='2026-03-03']").Length);
        Assert.Contains("Times in America/New_York", times.Body!.TextContent, StringComparison.Ordinal);
        using var details = await OpenAsync(browser, times.QuerySelector($"[data-start='{Four}']")!.GetAttribute("href")!);
        Assert.Contains("Discovery call with Ana Ruiz, 30 min, Tue 3 Mar, 11:00–11:30 EST (UTC−5)", details.Body!.TextContent, StringComparison.Ordinal);
        using var answer = await SendAsync(browser, details, ("name", "Luca Bianchi"), ("email", "luca@realty.example"), ("guests", "partner@realty.example; other@realty.example"), ("place", "1"), ("q0", "A flat"));
        using var booked = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.OK, "booked"), (answer.StatusCode, Step(booked)));
        var told = Assert.Single(Messages(booked));
        Assert.Equal("calendly.event_scheduled", told.GetProperty("event").GetString());
        Assert.Equal(["event", "invitee"], told.GetProperty("payload").EnumerateObject().Select(field => field.Name));
        var invitee = await ReadAsync(told.GetProperty("payload").GetProperty("invitee").GetProperty("uri").GetString()!);
        Assert.Equal(told.GetProperty("payload").GetProperty("event").GetProperty("uri").GetString(), invitee.GetProperty("event").GetString());
        Assert.Equal(("Luca Bianchi", "luca@realty.example", "active", "America/New_York"), (Text(invitee, "name"), Text(invitee, "email"), Text(invitee, "status"), Text(invitee, "timezone")));
        Assert.Equal("""{"utm_campaign":null,"utm_source":"dashboard","utm_medium":null,"utm_content":"attempt-7","utm_term":null,"salesforce_uuid":null}""", invitee.GetProperty("tracking").GetRawText());
        Assert.Equal("""[{"question":"What brings you here?","answer":"A flat","position":0}]""", invitee.GetProperty("questions_and_answers").GetRawText());
        Assert.Equal(JsonValueKind.Null, invitee.GetProperty("scheduling_method").ValueKind);
        var session = await ReadAsync(Text(invitee, "event"));
        Assert.Equal(("2026-03-03T16:00:00.000000Z", "zoom", 2), (Text(session, "start_time"), Text(session.GetProperty("location"), "type"), session.GetProperty("event_guests").GetArrayLength()));
        using var again = await OpenAsync(browser, Discovery);
        Assert.Null(again.QuerySelector($"[data-start='{Four}']"));
    }

    [Theory]
    [InlineData("", "calendly.event_type_viewed")]
    [InlineData("/2026-03-03T16:00:00Z", "calendly.event_type_viewed calendly.date_and_time_selected")]
    [InlineData("/2026-03-03T11:00:00-05:00", "calendly.event_type_viewed calendly.date_and_time_selected")]
    [InlineData("/2026-03-03T16:00:00Z?picked=1", "calendly.date_and_time_selected")]
    [InlineData("/2026-03-03T03:00:00Z", "")]
    public async Task Each_page_has_its_messages(string more, string messages)
    {
        using var browser = await _app.ClientAsync();
        using var page = await OpenAsync(browser, Discovery + more, anyStatus: true);
        Assert.Equal(messages, string.Join(' ', Messages(page).Select(message => message.GetProperty("event").GetString())));
        Assert.All(Messages(page), message => Assert.Equal("{}", message.GetProperty("payload").GetRawText()));
    }

    [Theory]
    [InlineData("", "false")]
    [InlineData("?embed_type=Inline", "false")]
    [InlineData("?embed_domain=localhost", "false")]
    [InlineData("?embed_domain=localhost&embed_type=Sideways", "false")]
    [InlineData("?embed_domain=localhost&embed_type=Inline", "true")]
    public async Task Only_a_page_that_says_how_it_is_embedded_is_told_anything(string query, string embedded)
    {
        using var browser = await _app.ClientAsync();
        using var page = await OpenAsync(browser, Discovery + query);
        Assert.Equal(embedded, page.QuerySelector("[data-testid=mock-widget]")!.GetAttribute("data-embedded"));
    }

    [Fact]
    public async Task What_is_prefilled_is_filled_in_and_shown_as_received()
    {
        using var browser = await _app.ClientAsync();
        using var page = await OpenAsync(
            browser,
            $"/mock-widget/ana/private-visit/2026-03-07T01:00:00Z?first_name=Luca&last_name=Bianchi&email=luca%40realty.example&guests=a%40b.example,c%40d.example&a1=No&location=The%20%3Cpier%3E&hide_gdpr_banner=1&salesforce_uuid=s-1&timezone=Europe/London");

        Assert.Equal("Luca Bianchi", Value(page, "name"));
        Assert.Equal("luca@realty.example", Value(page, "email"));
        Assert.Equal("a@b.example, c@d.example", Value(page, "guests"));
        Assert.Equal("The <pier>", Value(page, "placeText"));
        Assert.Equal("Europe/London", Value(page, "timezone"));
        Assert.Equal(["1", "No"], page.QuerySelectorAll<IHtmlInputElement>("input[type=radio]").Where(radio => radio.IsChecked).Select(radio => radio.Value));
        Assert.Equal(
            ["first_name", "last_name", "email", "guests", "a1", "location", "hide_gdpr_banner", "salesforce_uuid", "timezone"],
            page.QuerySelectorAll("[data-testid=widget-received] dt").Select(name => name.TextContent));
        Assert.Null(page.QuerySelector("[data-testid=widget-cookies]"));
        using var plain = await OpenAsync(browser, Discovery);
        Assert.NotNull(plain.QuerySelector("[data-testid=widget-cookies]"));
        Assert.Null(plain.QuerySelector("[data-testid=widget-received]"));
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field_and_nothing_is_booked()
    {
        using var browser = await _app.ClientAsync();
        using var details = await OpenAsync(browser, $"{Discovery}/{Four}?{Embedded}");
        using var answer = await SendAsync(browser, details, ("name", " "), ("email", "luca"), ("guests", "nobody"), ("q0", ""));
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "details"), (answer.StatusCode, Step(page)));
        Assert.Equal(
            ["Name can't be blank.", "That is not an email address.", "Guests are email addresses, with commas between them.", "This needs an answer."],
            page.QuerySelectorAll(".problem:not([hidden])").Select(problem => problem.TextContent));
        Assert.Equal("luca", Value(page, "email"));
        Assert.Empty(Messages(page));
        Assert.Equal(41, await SessionsAsync());
    }

    [Fact]
    public async Task Our_own_pages_may_frame_it_and_it_runs_one_script()
    {
        using var browser = await _app.ClientAsync();
        using var answer = await browser.GetAsync(Discovery, Cancel);
        using var page = await answer.DocumentAsync();

        var policy = answer.Header("Content-Security-Policy")!;
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Null(answer.Header("X-Frame-Options"));
        var script = Assert.Single(page.Scripts);
        Assert.Contains($"script-src 'nonce-{script.GetAttribute("nonce")}'", policy, StringComparison.Ordinal);
        using var code = await browser.GetAsync(script.GetAttribute("src"), Cancel);
        Assert.Equal(HttpStatusCode.OK, code.StatusCode);
        using var elsewhere = await browser.GetAsync("/sign-in", Cancel);
        Assert.Equal("DENY", elsewhere.Header("X-Frame-Options"));
    }

    [Theory]
    [InlineData("/mock-widget/zoe", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/zoe/discovery-call", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/ana/postcard-review", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/ana/winter-reset", HttpStatusCode.OK, "off")]
    [InlineData("/mock-widget/ana/discovery-call/soon", HttpStatusCode.Conflict, "taken")]
    [InlineData("/mock-widget/d/nothing/discovery-call", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/cancellations/nobody", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/reschedulings/nobody", HttpStatusCode.NotFound, "missing")]
    [InlineData("/mock-widget/ana/open-house-workshop/2026-03-02T19:00:00Z", HttpStatusCode.OK, "details")]
    public async Task What_is_not_there_is_said_in_words(string path, HttpStatusCode status, string step)
    {
        using var browser = await _app.ClientAsync();
        using var answer = await browser.GetAsync(path, Cancel);
        using var page = await answer.DocumentAsync();
        Assert.Equal((status, step), (answer.StatusCode, Step(page)));
    }

    [Fact]
    public async Task A_single_use_link_works_once()
    {
        using var browser = await _app.ClientAsync();
        var answer = await _app.Emulator.HandleAsync(
            new EmulatorCall("POST", "/scheduling_links")
            {
                Authorization = $"Bearer {_app.Emulator.Grant("ana", ["scheduling_links:write"]).AccessToken.Reveal()}",
                ContentType = "application/json",
                Body = Encoding.UTF8.GetBytes($$"""{"max_event_count": 1, "owner_type": "EventType", "owner": "https://api.calendly.com/event_types/{{EmulatedIds.EventType("ana", "discovery-call")}}"}"""),
            },
            Cancel);
        using var link = JsonDocument.Parse(answer.Body);
        var path = link.RootElement.GetProperty("resource").GetProperty("booking_url").GetString()!.Replace("https://calendly.com", "/mock-widget", StringComparison.Ordinal);

        using var times = await OpenAsync(browser, path);
        using var details = await OpenAsync(browser, times.QuerySelector($"[data-start='{Four}']")!.GetAttribute("href")!);
        using var booked = await SendAsync(browser, details, ("name", "Luca"), ("email", "luca@realty.example"), ("q0", "A flat"));
        using var again = await browser.GetAsync(path, Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (booked.StatusCode, again.StatusCode));
        using var oneOff = await OpenAsync(browser, $"/mock-widget/d/{EmulatedIds.Link(EmulatedIds.EventType("olu", "march-catch-up"), 0)}/march-catch-up");
        Assert.Equal("times", Step(oneOff));
    }

    [Fact]
    public async Task An_invitee_cancels_behind_the_own_link_and_only_once()
    {
        using var browser = await _app.ClientAsync();
        var invitee = EmulatedIds.Invitee("ana", "tomorrow-nine", 0);
        using var question = await OpenAsync(browser, $"/mock-widget/cancellations/{invitee}");
        using var answer = await SendAsync(browser, question, ("reason", "My train is late"));
        using var page = await answer.DocumentAsync();
        using var again = await OpenAsync(browser, $"/mock-widget/cancellations/{invitee}");

        Assert.Equal(("canceled", "gone"), (Step(page), Step(again)));
        var session = await ReadAsync($"/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}");
        Assert.Equal("canceled", Text(session, "status"));
        Assert.Equal(
            """{"canceled_by":"Jonas Weber","reason":"My train is late","canceler_type":"invitee","created_at":"2026-03-02T15:00:00.000000Z"}""",
            session.GetProperty("cancellation").GetRawText());
    }

    [Fact]
    public async Task Who_leaves_a_group_leaves_the_others_in_it()
    {
        using var browser = await _app.ClientAsync();
        using var question = await OpenAsync(browser, $"/mock-widget/cancellations/{EmulatedIds.Invitee("ana", "group", 0)}");
        using var answer = await SendAsync(browser, question, ("reason", ""));

        var session = await ReadAsync($"/scheduled_events/{EmulatedIds.Session("ana", "group")}");
        Assert.Equal(("active", """{"total":8,"active":7,"limit":12}"""), (Text(session, "status"), session.GetProperty("invitees_counter").GetRawText()));
        var invitee = await ReadAsync($"/scheduled_events/{EmulatedIds.Session("ana", "group")}/invitees/{EmulatedIds.Invitee("ana", "group", 0)}");
        Assert.Equal(("canceled", JsonValueKind.Null), (Text(invitee, "status"), invitee.GetProperty("cancellation").GetProperty("reason").ValueKind));
    }

    [Fact]
    public async Task A_move_makes_a_new_event_ties_both_invitees_together_and_tells_nobody()
    {
        using var browser = await _app.ClientAsync();
        var id = EmulatedIds.Invitee("ana", "tomorrow-nine", 0);
        using var times = await OpenAsync(browser, $"/mock-widget/reschedulings/{id}?{Embedded}");
        using var question = await OpenAsync(browser, times.QuerySelector($"[data-start='{Four}']")!.GetAttribute("href")!);
        using var answer = await SendAsync(browser, question, ("reason", "Later, please"));
        using var page = await answer.DocumentAsync();

        Assert.Equal("moved", Step(page));
        Assert.All([times, question, page], shown => Assert.Empty(Messages(shown)));
        var old = await ReadAsync($"/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}/invitees/{id}");
        Assert.Equal(("canceled", true, "Later, please"), (Text(old, "status"), old.GetProperty("rescheduled").GetBoolean(), Text(old.GetProperty("cancellation"), "reason")));
        var moved = await ReadAsync(Text(old, "new_invitee"));
        Assert.Equal(("active", false, Text(old, "uri"), "Jonas Weber"), (Text(moved, "status"), moved.GetProperty("rescheduled").GetBoolean(), Text(moved, "old_invitee"), Text(moved, "name")));
        Assert.Equal(JsonValueKind.Null, moved.GetProperty("tracking").GetProperty("utm_campaign").ValueKind);
        Assert.Equal("canceled", Text(await ReadAsync(Text(old, "event")), "status"));
        Assert.Equal("2026-03-03T16:00:00.000000Z", Text(await ReadAsync(Text(moved, "event")), "start_time"));
        using var again = await OpenAsync(browser, $"/mock-widget/reschedulings/{id}");
        Assert.Equal("gone", Step(again));
    }

    [Theory]
    [InlineData("booksSilently", "booked", 1, false)]
    [InlineData("tellsButDidNotBook", "booked", 0, true)]
    [InlineData("slotTaken", "taken", 0, false)]
    [InlineData("movesOld", "booked", 1, true)]
    public async Task A_knob_changes_one_booking_and_then_is_over(string knob, string step, int booked, bool tells)
    {
        using var browser = await _app.ClientAsync();
        using var turned = await browser.PostAsJsonAsync("/test/widget", new { knob }, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, turned.StatusCode);
        using var details = await OpenAsync(browser, $"{Discovery}/{Four}?{Embedded}");
        using var answer = await SendAsync(browser, details, ("name", "Luca"), ("email", "luca@realty.example"), ("q0", "A flat"));
        using var page = await answer.DocumentAsync();

        Assert.Equal((step, tells), (Step(page), Messages(page).Count == 1));
        Assert.Equal(41 + booked, await SessionsAsync());
        using var times = await OpenAsync(browser, Discovery);
        Assert.Equal(knob == "tellsButDidNotBook", times.QuerySelector($"[data-start='{Four}']") is not null);
        using var next = await OpenAsync(browser, $"{Discovery}/2026-03-03T20:30:00Z?{Embedded}");
        using var usual = await SendAsync(browser, next, ("name", "Luca"), ("email", "luca@realty.example"), ("q0", "A flat"));
        using var last = await usual.DocumentAsync();
        Assert.Equal(("booked", 1), (Step(last), Messages(last).Count));
    }

    [Fact]
    public async Task A_told_booking_that_is_none_looks_like_one()
    {
        using var browser = await _app.ClientAsync();
        using var details = await OpenAsync(browser, $"{Discovery}/{Four}?{Embedded}&mock=tellsButDidNotBook");
        using var answer = await SendAsync(browser, details, ("name", "Luca"), ("email", "luca@realty.example"), ("q0", "A flat"));
        using var page = await answer.DocumentAsync();

        var uri = Assert.Single(Messages(page)).GetProperty("payload").GetProperty("invitee").GetProperty("uri").GetString()!;
        Assert.Matches(@"\Ahttps://api\.calendly\.com/scheduled_events/[0-9a-f-]{36}/invitees/[0-9a-f-]{36}\z", uri);
        Assert.Equal(404, (await CallAsync(uri)).Status);
    }

    [Fact]
    public async Task An_old_session_of_the_same_address_is_moved_instead()
    {
        using var browser = await _app.ClientAsync();
        using var details = await OpenAsync(browser, $"{Discovery}/{Four}?{Embedded}&mock=movesOld&utm_content=attempt-9");
        using var answer = await SendAsync(browser, details, ("name", "Jonas"), ("email", "Jonas.Weber@weber.example"), ("q0", "A flat"));
        using var page = await answer.DocumentAsync();

        Assert.Equal("booked", Step(page));
        Assert.Empty(Messages(page));
        var old = await ReadAsync($"/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}/invitees/{EmulatedIds.Invitee("ana", "tomorrow-nine", 0)}");
        Assert.True(old.GetProperty("rescheduled").GetBoolean());
        Assert.Equal("attempt-9", Text((await ReadAsync(Text(old, "new_invitee"))).GetProperty("tracking"), "utm_content"));
    }

    [Fact]
    public async Task Knobs_of_a_page_are_asked_for_in_the_address_or_by_hook()
    {
        using var browser = await _app.ClientAsync();
        using var turned = await browser.PostAsJsonAsync("/test/widget", new { knob = "neverLoads", times = 2 }, Cancel);
        for (var load = 0; load < 2; load++)
        {
            using var answer = await browser.GetAsync(Discovery, Cancel);
            Assert.Equal("<!doctype html><title>Nothing</title>", await answer.TextAsync());
            Assert.Null(answer.Header("X-Frame-Options"));
        }

        using var usual = await OpenAsync(browser, Discovery);
        Assert.Equal("times", Step(usual));
        using var late = await OpenAsync(browser, $"{Discovery}?mock=late,junk,wrongOrigin,nonsense&delayMs=9000");
        var main = late.QuerySelector("main")!;
        Assert.Equal(("9000", "true", true), (main.GetAttribute("data-late"), main.GetAttribute("data-junk"), main.HasAttribute("hidden")));
        Assert.StartsWith("""{"event":"calendly.event_scheduled","payload":{"event":{"uri":"https://api.calendly.com/""", main.GetAttribute("data-forged"), StringComparison.Ordinal);
        using var again = await browser.PostAsJsonAsync("/test/widget", new { knob = "late", delayMs = 100, times = 5 }, Cancel);
        using var cleared = await browser.DeleteAsync("/test/widget", Cancel);
        using var clean = await OpenAsync(browser, Discovery);
        Assert.False(clean.QuerySelector("main")!.HasAttribute("hidden"));
        foreach (var wrong in new object[] { new { knob = "late", times = 0 }, new { knob = "Late" }, new { knob = "late", delayMs = -1 }, new { } })
        {
            using var refused = await browser.PostAsJsonAsync("/test/widget", wrong, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_tester_acts_for_the_invitee()
    {
        using var browser = await _app.ClientAsync();
        using var booked = await browser.PostAsJsonAsync(
            "/test/calendly/sessions", new { account = "ana", eventType = "discovery-call", start = Four, name = "Luca", email = "luca@realty.example", utmContent = "attempt-1" }, Cancel);
        var invitee = Text(await booked.JsonAsync(), "invitee");
        Assert.Equal("attempt-1", Text((await ReadAsync(invitee)).GetProperty("tracking"), "utm_content"));

        using var moved = await browser.PostAsJsonAsync("/test/calendly/move", new { invitee, start = "2026-03-03T20:30:00Z" }, Cancel);
        var second = Text(await moved.JsonAsync(), "invitee");
        Assert.Equal(second, Text(await ReadAsync(invitee), "new_invitee"));
        using var canceled = await browser.PostAsJsonAsync("/test/calendly/cancel", new { @event = Text(await moved.JsonAsync(), "event"), reason = "Ill" }, Cancel);
        Assert.Equal(("canceled", "Ill"), (Text(await ReadAsync(second), "status"), Text((await ReadAsync(second)).GetProperty("cancellation"), "reason")));

        using var twice = await browser.PostAsJsonAsync("/test/calendly/cancel", new { invitee = second }, Cancel);
        using var closed = await browser.PostAsJsonAsync("/test/calendly/sessions", new { account = "ana", eventType = "discovery-call", start = "2026-03-03T03:00:00Z", name = "Luca", email = "luca@realty.example" }, Cancel);
        using var nobody = await browser.PostAsJsonAsync("/test/calendly/sessions", new { account = "ana", eventType = "discovery-call", start = Four }, Cancel);
        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.BadRequest], new[] { twice, closed, nobody }.Select(answer => answer.StatusCode));
    }

    [Fact]
    public async Task A_dashboard_that_has_kept_its_lists_shows_the_booking_at_once()
    {
        using var ana = await _app.ClientAsync("ana");
        Assert.DoesNotContain("Luca Bianchi", await ana.GetStringAsync("/sessions", Cancel), StringComparison.Ordinal);
        using var details = await OpenAsync(ana, $"{Discovery}/{Four}");
        using var answer = await SendAsync(ana, details, ("name", "Luca Bianchi"), ("email", "luca@realty.example"), ("q0", "A flat"));
        var page = await ana.GetStringAsync("/sessions", Cancel);
        Assert.Contains("data-start=\"2026-03-03T16:00:00Z\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_reads_over_http_what_was_booked_here_and_the_other_way_round()
    {
        using var browser = await _app.ClientAsync();
        using var details = await OpenAsync(browser, $"{Discovery}/{Four}");
        using var answer = await SendAsync(browser, details, ("name", "Luca"), ("email", "luca@realty.example"), ("q0", "A flat"));
        using var other = await _app.ClientAsync();
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        using var list = await other.GetAsync($"/mock/calendly/scheduled_events?user={Uri.EscapeDataString(WorldAccounts.Ana.Uri)}&invitee_email=luca%40realty.example", Cancel);
        Assert.Equal(1, (await list.JsonAsync()).GetProperty("collection").GetArrayLength());
        using var booked = await other.PostAsJsonAsync(
            "/mock/calendly/invitees",
            new
            {
                event_type = $"https://api.calendly.com/event_types/{EmulatedIds.EventType("ana", "discovery-call")}",
                start_time = "2026-03-03T20:30:00Z",
                invitee = new { name = "Rita", email = "rita@realty.example", timezone = "America/Phoenix" },
                location = new { kind = "google_conference" },
                questions_and_answers = new[] { new { question = "What brings you here?", answer = "Two flats" } },
            },
            Cancel);
        Assert.Equal((HttpStatusCode.Created, "10"), (booked.StatusCode, booked.Header("X-RateLimit-Limit")));
        using var times = await OpenAsync(browser, Discovery);
        Assert.Null(times.QuerySelector("[data-start='2026-03-03T20:30:00Z']"));
    }

    [Fact]
    public async Task Two_weeks_are_shown_at_a_time_up_to_the_last_day()
    {
        using var browser = await _app.ClientAsync();
        using var first = await OpenAsync(browser, $"{Discovery}?date=2026-02-01&month=2026-02");
        Assert.DoesNotContain(first.Links, link => link.TextContent == "Earlier");
        using var second = await FollowAsync(browser, first, "Later");
        Assert.NotNull(second.QuerySelector("[data-start^='2026-03-16']"));
        using var back = await FollowAsync(browser, second, "Earlier");
        Assert.NotNull(back.QuerySelector($"[data-start='{Four}']"));
        using var last = await OpenAsync(browser, $"{Discovery}?date=2026-04-25");
        Assert.DoesNotContain(last.Links, link => link.TextContent == "Later");
        using var none = await OpenAsync(browser, "/mock-widget/priya/hill-retreat");
        Assert.Contains("No times in these two weeks.", none.Body!.TextContent, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private string Token => _token ??= _app.Emulator.Grant("ana", [.. CalendlyScopes.Usual, "scheduled_events:write"]).AccessToken.Reveal();

    private static async Task<IHtmlDocument> OpenAsync(HttpClient browser, string address, bool anyStatus = false)
    {
        using var answer = await browser.GetAsync(address, Cancel);
        Assert.True(anyStatus || answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode}");
        return await answer.DocumentAsync();
    }

    private static Task<IHtmlDocument> FollowAsync(HttpClient browser, IHtmlDocument page, string words) =>
        OpenAsync(browser, page.Links.Single(link => link.TextContent == words).GetAttribute("href")!);

    /// <summary>Sends the form of the page as a browser without scripts would, with these fields filled in.</summary>
    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, IHtmlDocument page, params (string Name, string Value)[] filled)
    {
        var form = (IHtmlFormElement)page.QuerySelector("[data-testid=widget-form]")!;
        var kept = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Type is "hidden" || (input.Type is "radio" && input.IsChecked))
            .Where(input => filled.All(field => field.Name != input.Name))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value));
        using var content = new FormUrlEncodedContent(kept.Concat(filled.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        return await browser.PostAsync(form.GetAttribute("action"), content, Cancel);
    }

    private static string? Step(IHtmlDocument page) => page.QuerySelector("[data-testid=mock-widget]")?.GetAttribute("data-step");

    private static string Value(IHtmlDocument page, string name) => page.QuerySelector<IHtmlInputElement>($"input[name={name}]")!.Value;

    private static List<JsonElement> Messages(IHtmlDocument page)
    {
        using var messages = JsonDocument.Parse(page.QuerySelector("[data-testid=mock-widget]")!.GetAttribute("data-messages")!);
        return [.. messages.RootElement.Clone().EnumerateArray()];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private Task<EmulatorAnswer> CallAsync(string address) => _app.Emulator.HandleAsync(
        new EmulatorCall("GET", address.Replace("https://api.calendly.com", string.Empty, StringComparison.Ordinal)) { Authorization = $"Bearer {Token}" }, Cancel);

    private async Task<JsonElement> ReadAsync(string address)
    {
        var answer = await CallAsync(address);
        Assert.True(answer.Status == 200, $"{address}: {answer.Status}");
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.GetProperty("resource").Clone();
    }

    private async Task<int> SessionsAsync()
    {
        using var list = JsonDocument.Parse((await CallAsync($"/scheduled_events?user={Uri.EscapeDataString(WorldAccounts.Ana.Uri)}&count=100")).Body);
        return list.RootElement.GetProperty("collection").GetArrayLength();
    }
}
