using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public sealed class ScheduledEventsHttpTests
{
    private const string Api = "/api/calendly/events/scheduled";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_three_tabs_together_hold_every_session()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        var upcoming = await AllRowsAsync(ana, "/sessions");
        var past = await AllRowsAsync(ana, "/sessions?tab=past");
        var canceled = await AllRowsAsync(ana, "/sessions?tab=canceled");

        // What ended today stands under both: it is past, and part of today.
        Assert.Equal((13, 26, 3), (upcoming.Count, past.Count, canceled.Count));
        Assert.Equal([EmulatedIds.Session("ana", "earlier-today")], upcoming.Intersect(past));
        Assert.Equal(41, upcoming.Union(past).Union(canceled).Count());
        Assert.All([upcoming, past, canceled], rows => Assert.Equal(rows.Count, rows.Distinct().Count()));
    }

    [Fact]
    public async Task The_list_costs_two_calls_cold_and_none_warm()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.ClearJournal();

        using var cold = await PageAsync(ana, "/sessions");
        Assert.Equal(["/event_types", "/scheduled_events"], app.Emulator.Journal.Select(call => call.Path).Order());
        app.Emulator.ClearJournal();
        using var warm = await PageAsync(ana, "/sessions");

        Assert.Equal(Rows(cold), Rows(warm));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task Pages_lead_on_and_back()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var first = await PageAsync(ana, "/sessions?tab=past");
        var more = first.QuerySelector("[data-testid=load-more]")!.GetAttribute("href")!;
        Assert.Contains("more exist", first.QuerySelector(".more")!.TextContent, StringComparison.Ordinal);
        using var second = await PageAsync(ana, more);
        var earlier = second.QuerySelectorAll(".more a").Single(link => link.TextContent.Contains("Earlier", StringComparison.Ordinal)).GetAttribute("href")!;
        using var again = await PageAsync(ana, earlier);

        Assert.Contains("That is everything", second.QuerySelector("[data-testid=list-end]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(26, Rows(first).Count + Rows(second).Count);
        Assert.Empty(Rows(first).Intersect(Rows(second)));
        Assert.Equal(Rows(first), Rows(again));
    }

    [Theory]
    [InlineData(null, 25)]
    [InlineData(0, 25)]
    [InlineData(25, 25)]
    [InlineData(26, 50)]
    [InlineData(51, 75)]
    [InlineData(65_535, 100)]
    public async Task A_page_that_reads_its_list_anew_gets_as_many_rows_as_it_had_in_one_call(int? shown, int asked)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.ClearJournal();

        using var page = await PageAsync(ana, $"/sessions?tab=past{(shown is null ? "" : $"&shown={shown}")}");

        var call = Assert.Single(app.Emulator.Journal, call => call.Path == "/scheduled_events");
        Assert.Contains($"count={asked}", call.Query, StringComparison.Ordinal);
        Assert.Equal(asked == 25 ? 24 : 26, Rows(page).Count);
    }

    [Fact]
    public async Task A_list_of_several_pages_leads_on_in_pages_of_the_same_size()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Book(60);

        using var first = await PageAsync(ana, "/sessions?shown=50");
        using var second = await PageAsync(ana, first.QuerySelector("[data-testid=load-more]")!.GetAttribute("href")!);

        Assert.Equal(50, Rows(first).Count);
        Assert.Contains("Load 50 more", first.QuerySelector("[data-testid=load-more]")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(Rows(second));
        Assert.Empty(Rows(first).Intersect(Rows(second)));
    }

    [Theory]
    [InlineData("/sessions?tab=past", "/sessions?tab=canceled&pageToken=")]
    [InlineData("/sessions?tab=past", "/sessions?tab=past&sort=soonest&pageToken=")]
    [InlineData("/sessions?tab=past", "/sessions?tab=past&from=2026-01-01&pageToken=")]
    public async Task A_page_of_another_list_has_expired(string list, string other)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, list);
        var token = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), page.QuerySelector("[data-testid=load-more]")!.GetAttribute("href")).Query)["pageToken"]!;
        app.Emulator.ClearJournal();

        using var answer = await ana.GetAsync(other + Uri.EscapeDataString(token), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("PAGE_TOKEN_INVALID", answer.ErrorCode());
        Assert.Contains("Start from the first page.", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Path == "/scheduled_events");
    }

    [Fact]
    public async Task A_page_token_is_its_owners_alone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        var token = (await DataAsync(ana, "?count=2")).GetProperty("pagination").GetProperty("nextPageToken").GetString()!;

        using var answer = await priya.GetAsync($"{Api}?count=2&pageToken={Uri.EscapeDataString(token)}", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("PAGE_TOKEN_INVALID", answer.ErrorCode());
    }

    [Fact]
    public async Task Sessions_stand_under_the_days_of_the_readers_zone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, "/sessions");
        using var moved = await DashboardApp.PostFormAsync(ana, "/preferences/zone", ("zone", "Asia/Tokyo"));
        using var tokyo = await PageAsync(ana, "/sessions");

        Assert.Equal("Today, Mon 2 March 5 sessions", Words(page.QuerySelector(".day-head")!));
        Assert.Equal("2026-03-02", page.QuerySelector("[data-testid=day-group]")!.GetAttribute("data-day"));
        Assert.Contains("Times in EST (UTC−5)", Words(page.QuerySelector(".head")!), StringComparison.Ordinal);
        Assert.Contains("Times in JST (UTC+9)", Words(tokyo.QuerySelector(".head")!), StringComparison.Ordinal);
        Assert.Equal(["Yesterday, Mon 2 March 1 session", "Today, Tue 3 March 4 sessions"], tokyo.QuerySelectorAll(".day-head").Take(2).Select(Words));
    }

    [Fact]
    public async Task Dates_and_sort_narrow_and_turn_the_list()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var day = await PageAsync(ana, "/sessions?from=2026-03-03&to=2026-03-03");
        using var turned = await PageAsync(ana, "/sessions?from=2026-03-03&to=2026-03-03&sort=latest");
        using var today = await PageAsync(ana, "/sessions?range=today");

        Assert.Equal([EmulatedIds.Session("ana", "tomorrow-nine"), EmulatedIds.Session("ana", "guests")], Rows(day));
        Assert.Equal(Rows(day).Reverse(), Rows(turned));
        Assert.All(today.QuerySelectorAll("[data-testid=day-group]"), group => Assert.Equal("2026-03-02", group.GetAttribute("data-day")));
        Assert.Equal("true", today.QuerySelectorAll("a").Single(link => link.TextContent == "Today" && link.GetAttribute("aria-current") == "true").GetAttribute("aria-current"));
        Assert.Contains("Clear filters", today.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ana", "/sessions?from=2026-03-07&to=2026-03-07", "empty-filtered", "No upcoming session in this range.")]
    [InlineData("ana", "/sessions?tab=past&from=2020-01-01&to=2020-01-02", "empty-filtered", "No past session in this range.")]
    [InlineData("olu", "/sessions?tab=canceled", "empty-none", "Nothing canceled. Good.")]
    public async Task An_empty_list_says_why(string persona, string path, string state, string words)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona);

        using var page = await PageAsync(client, path);
        var panel = page.QuerySelector("[data-testid=sessions-panel]")!;

        Assert.Equal(state, panel.GetAttribute("data-state"));
        Assert.Contains(words, Words(panel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sessions_own_page_has_people_answers_guests_and_place()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, $"/sessions/{EmulatedIds.Session("ana", "guests")}");
        var words = Words(page.QuerySelector("[data-testid=session-page]")!);

        Assert.Equal("Private visit with Grace O'Neill", page.QuerySelector("h1")!.TextContent);
        foreach (var expected in new[]
        {
            "Tue 3 Mar, 13:00–14:30 EST (UTC−5)", "214 Harbor Street, Floor 3, New York", "Ring the second bell.", "partner@oneill.example, lawyer@oneill.example",
            "Bring the floor plans & the <old> deed.", "grace@oneill.example", "Is there a step at the door?No", "Tue 3 Mar, 18:00", "Ana Ruiz", "Cancel session",
        })
        {
            Assert.Contains(expected, words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebodys_links_for_canceling_and_moving_never_leave_the_server()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        var html = await ana.GetStringAsync($"/sessions/{EmulatedIds.Session("ana", "tomorrow-nine")}", Cancel);

        Assert.DoesNotContain("calendly.com/cancellations", html, StringComparison.Ordinal);
        Assert.DoesNotContain("calendly.com/reschedulings", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("markup", "javascript:")]
    [InlineData("right-to-left", "http://slices.webex.example")]
    public async Task Only_an_https_address_becomes_a_link(string session, string scheme)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, $"/sessions/{EmulatedIds.Session("ana", session)}");

        Assert.DoesNotContain(page.QuerySelectorAll("[href], [src], [action]"), element =>
            element.Attributes.Any(attribute => attribute.Value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(scheme, page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_names_and_answers_is_text_everywhere()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var id = EmulatedIds.Session("ana", "markup");
        string[] pages = ["/sessions", $"/sessions/{id}", $"/sessions/invitees?ids={id}&at=0", $"/sessions/{id}/row", $"/sessions/{id}/cancellation", "/sessions/day"];

        foreach (var path in pages)
        {
            var html = await ana.GetStringAsync(path, Cancel);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>Which", html, StringComparison.Ordinal);
        }

        using var detail = await PageAsync(ana, pages[1]);
        Assert.Contains("Listing strategy <script>alert(1)</script> & co", detail.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("<img src=x onerror=alert(1)>", detail.Body.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sessions", "sessions-panel")]
    [InlineData("/", "sessions-panel")]
    [InlineData("/sessions/{id}", "session-page")]
    public async Task One_address_is_a_page_for_a_browser_and_a_fragment_for_htmx(string template, string handle)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var path = template.Replace("{id}", EmulatedIds.Session("ana", "tomorrow-nine"), StringComparison.Ordinal);
        using var restore = new HttpRequestMessage(HttpMethod.Get, path);
        restore.Headers.Add("HX-Request", "true");
        restore.Headers.Add("HX-History-Restore-Request", "true");

        using var whole = await ana.GetAsync(path, Cancel);
        using var fragment = await DashboardApp.GetFragmentAsync(ana, path);
        using var restored = await ana.SendAsync(restore, Cancel);

        foreach (var answer in new[] { whole, fragment, restored })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("HX-Request", answer.Headers.Vary);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.Equal("mock", answer.Header("X-Calendly-Mode"));
            Assert.NotEmpty(answer.Header("X-Request-Id")!);
            Assert.Contains($"data-testid=\"{handle}\"", await answer.TextAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("<html", await whole.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("<html", await restored.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("<html", await fragment.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("mock-band", await fragment.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_read_once_and_kept_ten_minutes()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/sessions");
        var names = page.QuerySelector("[hx-get^='/sessions/invitees']")!.GetAttribute("hx-get")!;
        app.Emulator.ClearJournal();

        var html = await ana.GetStringAsync(names, Cancel);
        Assert.Contains("Jonas Weber", html, StringComparison.Ordinal);
        Assert.Contains("8 people", html, StringComparison.Ordinal);
        Assert.Contains("for Jonas", html, StringComparison.Ordinal);
        Assert.Equal(13, app.Emulator.Journal.Count);

        app.Clock.Advance(TimeSpan.FromMinutes(9));
        await ana.GetStringAsync(names, Cancel);
        Assert.Equal(13, app.Emulator.Journal.Count);

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await ana.GetStringAsync(names, Cancel);
        Assert.Equal(26, app.Emulator.Journal.Count);
    }

    [Fact]
    public async Task Names_that_cannot_be_read_are_quietly_absent()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var (jonas, grace) = (EmulatedIds.Session("ana", "tomorrow-nine"), EmulatedIds.Session("ana", "guests"));
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{jonas}/invitees", FaultKind.Status) { Status = 500, Times = 3 });

        using var answer = await DashboardApp.GetFragmentAsync(ana, $"/sessions/invitees?ids={jonas},{grace}&at=0,0");
        var html = await answer.TextAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Grace O&#x27;Neill", html, StringComparison.Ordinal);
        Assert.DoesNotContain(jonas, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_leaves_the_list_with_its_age_and_later_takes_the_actions_away()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var fresh = await PageAsync(ana, "/sessions");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 501, Times = 1_000 });

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        using var stale = await PageAsync(ana, "/sessions");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        using var old = await PageAsync(ana, "/sessions");

        Assert.Equal("stale", stale.QuerySelector("[data-testid=sessions-panel]")!.GetAttribute("data-state"));
        Assert.Equal("As of 10:00 (6 min ago). Calendly is not answering. Nothing is wrong with your account. Retry", Words(stale.QuerySelector("[data-testid=stale-strip]")!));
        Assert.Equal(Rows(fresh), Rows(stale));
        Assert.NotEmpty(stale.QuerySelectorAll("a[data-testid=cancel-open]"));
        Assert.Contains("(16 min ago)", Words(old.QuerySelector("[data-testid=stale-strip]")!), StringComparison.Ordinal);
        Assert.Empty(old.QuerySelectorAll("a[data-testid=cancel-open]"));
        Assert.All(old.QuerySelectorAll("button[data-testid=cancel-open]"), button => Assert.True(button.HasAttribute("disabled")));
        Assert.Contains("Canceling is off until Calendly answers again.", old.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Status", 503, "CALENDLY_UNAVAILABLE", "Calendly is not answering. Nothing is wrong with your account.")]
    [InlineData("BadJson", 502, "CALENDLY_BAD_RESPONSE", "Calendly's answer made no sense to us.")]
    [InlineData("EmptyBody", 502, "CALENDLY_BAD_RESPONSE", "Calendly's answer made no sense to us.")]
    [InlineData("Drop", 503, "CALENDLY_UNAVAILABLE", "Calendly is not answering.")]
    public async Task Without_a_copy_the_panel_shows_its_own_error(string kind, int status, string code, string words)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", Enum.Parse<FaultKind>(kind)) { Status = 503, Times = 1_000 });

        using var answer = await ana.GetAsync("/sessions", Cancel);
        using var page = await answer.DocumentAsync();
        var panel = page.QuerySelector("[data-testid=sessions-panel]")!;

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, answer.ErrorCode());
        Assert.Equal("error", panel.GetAttribute("data-state"));
        Assert.Contains(words, panel.TextContent, StringComparison.Ordinal);
        Assert.Equal("/sessions", panel.QuerySelector("[data-testid=panel-retry]")!.GetAttribute("href"));
        Assert.Equal(answer.Header("X-Request-Id"), panel.QuerySelector("[data-testid=request-id]")!.TextContent);
        Assert.Equal(3, panel.QuerySelectorAll("[data-testid=sessions-tab]").Length);
    }

    [Fact]
    public async Task A_slow_down_without_a_copy_is_waited_out_by_the_panel_itself()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(42) });

        using var answer = await ana.GetAsync("/sessions", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("42", answer.Header("Retry-After"));
        Assert.Contains("Calendly asked us to wait 42 s. We will retry by ourselves.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("click, load delay:42s", page.QuerySelector("[data-testid=panel-retry]")!.GetAttribute("hx-trigger"));
    }

    [Fact]
    public async Task Json_holds_items_in_camel_case_with_calendlys_values_as_they_are()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await ana.GetAsync($"{Api}?count=1&status=active&minStartTime=2026-03-03", Cancel);
        var envelope = await answer.JsonAsync();
        var item = envelope.GetProperty("data").GetProperty("items")[0];

        Assert.Equal(JsonValueKind.Null, envelope.GetProperty("error").ValueKind);
        Assert.Equal($"https://api.calendly.com/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}", item.GetProperty("uri").GetString());
        Assert.Equal("2026-03-03T14:00:00.000000Z", item.GetProperty("startTime").GetString());
        Assert.Equal(1, item.GetProperty("inviteesCounter").GetProperty("active").GetInt32());
        Assert.Equal("google_conference", item.GetProperty("location").GetProperty("type").GetString());
        Assert.Equal("America/New_York", envelope.GetProperty("data").GetProperty("query").GetProperty("timezone").GetString());
        Assert.Equal("2026-03-03T05:00:00.000000Z", envelope.GetProperty("data").GetProperty("query").GetProperty("minStartTime").GetString());
        Assert.Null(answer.Header("X-Data-Age"));
    }

    [Fact]
    public async Task Json_pages_lead_through_all_sessions_and_back()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var pages = new List<JsonElement> { await DataAsync(ana, "?count=10") };

        while (pages[^1].GetProperty("pagination").GetProperty("nextPageToken").GetString() is { } next)
        {
            Assert.True(pages.Count < 10, "The pages do not end.");
            pages.Add(await DataAsync(ana, $"?count=10&pageToken={Uri.EscapeDataString(next)}"));
        }

        var uris = pages.SelectMany(Uris).ToList();
        Assert.Equal((5, 41, 41), (pages.Count, uris.Count, uris.Distinct().Count()));
        for (var index = pages.Count - 1; index > 0; index--)
        {
            var previous = pages[index].GetProperty("pagination").GetProperty("previousPageToken").GetString()!;
            Assert.Equal(Uris(pages[index - 1]), Uris(await DataAsync(ana, $"?count=10&pageToken={Uri.EscapeDataString(previous)}")));
        }
    }

    [Fact]
    public async Task Old_json_says_how_old()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await DataAsync(ana, "?count=1");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 501, Times = 10 });
        app.Clock.Advance(TimeSpan.FromSeconds(372));

        using var answer = await ana.GetAsync($"{Api}?count=1", Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("372", answer.Header("X-Data-Age"));
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}.");
        return await answer.DocumentAsync();
    }

    private static async Task<List<string?>> AllRowsAsync(HttpClient client, string path)
    {
        var rows = new List<string?>();
        for (var next = path; next is not null;)
        {
            Assert.True(rows.Count < 100, "The list does not end.");
            using var page = await PageAsync(client, next);
            rows.AddRange(Rows(page));
            next = page.QuerySelector("[data-testid=load-more]")?.GetAttribute("href");
        }

        return rows;
    }

    private static async Task<JsonElement> DataAsync(HttpClient client, string query)
    {
        using var answer = await client.GetAsync(Api + query, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.JsonAsync()).GetProperty("data");
    }

    private static List<string?> Uris(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("uri").GetString())];

    private static IReadOnlyList<string?> Rows(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("[data-testid=session-row]").Select(row => row.GetAttribute("data-uuid"))];

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
