using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.EventTypes;

public sealed class EventTypesHttpTests
{
    private const string Api = "/api/calendly/events/types";

    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_says_what_an_event_type_is_without_color_alone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, "/event-types");

        Assert.Equal(["Deep-dive coaching", "Discovery call", "Listing strategy", "Open-house workshop", "Private visit", "Winter reset"], Names(page));
        var row = Row(page, "discovery-call");
        Assert.Contains("30 or 45 min · One-on-one", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Google Meet +1", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("Google Meet, Zoom", row.QuerySelector(".e")!.GetAttribute("title"));
        Assert.Contains("Shown to realtors", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("#2f7d6d", row.QuerySelector(".bar rect")!.GetAttribute("fill"));
        Assert.Contains("60 min · Group", Row(page, "open-house-workshop").TextContent, StringComparison.Ordinal);
        Assert.Contains("Hidden", Row(page, "private-visit").TextContent, StringComparison.Ordinal);
        var off = Row(page, "winter-reset");
        Assert.Contains("Off in Calendly", off.TextContent, StringComparison.Ordinal);
        Assert.Equal("off", off.GetAttribute("data-status"));
        Assert.Null(off.QuerySelector("[hx-get$=bookability]"));
        Assert.DoesNotContain("Postcard review", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_costs_one_call_cold_and_none_warm()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.ClearJournal();

        (await PageAsync(ana, "/event-types")).Dispose();
        Assert.Equal(["GET /event_types"], app.Emulator.Journal.Select(call => $"{call.Method} {call.Path}"));

        (await PageAsync(ana, "/event-types?q=call&state=active&kind=one-on-one&sort=length")).Dispose();
        (await PageAsync(ana, $"/event-types/{Discovery}")).Dispose();
        Assert.Single(app.Emulator.Journal);

        using var badge = await DashboardApp.GetFragmentAsync(ana, $"/event-types/{Discovery}/bookability");
        Assert.Equal(["/event_types", "/event_type_available_times"], app.Emulator.Journal.Select(call => call.Path));
    }

    [Theory]
    [InlineData("q=CALL", "Discovery call")]
    [InlineData("state=off", "Winter reset")]
    [InlineData("kind=group", "Open-house workshop")]
    [InlineData("state=active&kind=one-on-one&q=p", "Deep-dive coaching|Private visit")]
    [InlineData("sort=position&q=s", "Discovery call|Listing strategy|Open-house workshop|Private visit|Winter reset")]
    [InlineData("sort=length&state=active", "Discovery call|Listing strategy|Deep-dive coaching|Open-house workshop|Private visit")]
    public async Task Search_filters_and_order_are_all_in_the_address(string query, string names)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, $"/event-types?{query}");

        Assert.Equal(names.Split('|'), Names(page));
    }

    [Fact]
    public async Task A_filter_that_hides_everything_is_named_and_can_be_cleared()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, "/event-types?q=yoga&state=active&kind=group");

        Assert.Equal("empty-filtered", State(page));
        Assert.Contains("No active group event type with “yoga” in its name.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/event-types", page.QuerySelectorAll("a").Single(link => link.TextContent == "Clear filters").GetAttribute("href"));
        await EventTypesData.PutAsync(app, "ana");
        using var empty = await PageAsync(ana, "/event-types");
        Assert.Equal("empty-none", State(empty));
        Assert.Contains("No event types yet. Make one in Calendly; it appears here within two minutes.", empty.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_twenty_five_lead_on_and_back()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await EventTypesData.PutAsync(app, "ana", [.. Enumerable.Range(1, 60).Select(number => EventTypesData.Type($"t{number}", $"Type {number:00}"))]);

        using var first = await PageAsync(ana, "/event-types");
        using var second = await PageAsync(ana, Link(first, "next-page")!);
        using var third = await PageAsync(ana, Link(second, "next-page")!);
        using var back = await PageAsync(ana, Link(third, "earlier-page")!);

        Assert.Contains("Showing 25 of 60", first.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Showing 26–50 of 60", second.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((25, 25, 10), (Names(first).Count, Names(second).Count, Names(third).Count));
        Assert.Null(Link(first, "earlier-page"));
        Assert.Null(Link(third, "next-page"));
        Assert.Equal("/event-types", Link(second, "earlier-page"));
        Assert.Equal(Names(second), Names(back));
        using var other = await ana.GetAsync(Link(first, "next-page")!.Replace("?", "?state=off&", StringComparison.Ordinal), Cancel);
        Assert.Equal("PAGE_TOKEN_INVALID", other.ErrorCode());
    }

    [Fact]
    public async Task Hostile_names_links_and_colors_are_only_text()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var longest = new string('x', 300);
        await EventTypesData.PutAsync(
            app,
            "ana",
            EventTypesData.Type("markup", "<img src=x onerror=alert(1)>") with { Color = "red\" onload=\"alert(1)", SchedulingUrl = "javascript:alert(1)" },
            EventTypesData.Type("long", longest) with { SchedulingUrl = "https://calendly.com.hostile.example/long" },
            EventTypesData.Type("rtl", "שיחת היכרות") with { SchedulingUrl = "http://calendly.com/plain" },
            EventTypesData.Type("emoji", "🏡➡️🌊"),
            EventTypesData.Type("none", null) with { PoolingType = "round_robin", DurationOptions = [15, 30, 45] });

        using var page = await PageAsync(ana, "/event-types");

        Assert.Empty(page.QuerySelectorAll("img, [onload], [onerror]"));
        Assert.Contains("<img src=x onerror=alert(1)>", Names(page));
        Assert.Equal("#8a8f87", page.QuerySelector("#type-markup .bar rect")!.GetAttribute("fill"));
        Assert.Equal(longest, page.QuerySelector("#type-long .n a")!.GetAttribute("title"));
        Assert.Equal("auto", page.QuerySelector("#type-rtl .n a")!.GetAttribute("dir"));
        Assert.Contains("Event type without a name", Names(page));
        Assert.Contains("15, 30 or 45 min · Round robin", page.QuerySelector("#type-none")!.TextContent, StringComparison.Ordinal);
        Assert.All(["markup", "long", "rtl"], id => Assert.Null(page.QuerySelector($"#type-{id} [data-copy], #type-{id} a[href*='calendly.com'][href*=plain], #type-{id} a[href^=javascript]")));
        Assert.Contains("javascript:alert(1)", page.QuerySelector("#type-markup .a")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("https://calendly.com/ana/emoji", page.QuerySelector("#type-emoji [data-copy]")!.GetAttribute("data-copy"));
        Assert.Equal("Link to 🏡➡️🌊 copied", page.QuerySelector("#type-emoji [data-copy]")!.GetAttribute("data-said"));
    }

    [Fact]
    public async Task A_badge_tells_the_next_free_time_and_how_many_there_are()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var badge = await FragmentAsync(ana, $"/event-types/{Discovery}/bookability");

        var words = badge.QuerySelector("[data-testid=bookability]")!;
        Assert.Matches(@"^Next free (today|[A-Z][a-z]{2}) \d\d:\d\d · \d+ open in 7 days", words.TextContent);
        Assert.Equal($"/free-times?eventType={Discovery}", words.GetAttribute("href"));
        Assert.Contains("EST", words.QuerySelector("time")!.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_open_for_two_weeks_is_said_with_a_way_to_see_why()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 403, Times = 1 });

        using var refused = await FragmentAsync(ana, $"/event-types/{Discovery}/bookability");
        Assert.Contains("Availability unknown", refused.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Your Calendly plan or role does not allow this.", refused.QuerySelector("[data-state=unknown]")!.GetAttribute("title"));

        await EventTypesData.BookOutAsync(app, "ana", Discovery);
        using var none = await FragmentAsync(ana, $"/event-types/{Discovery}/bookability");
        Assert.Contains("Nothing open for 14 days", none.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/free-times?eventType={Discovery}", none.QuerySelector("a")!.GetAttribute("href"));
        Assert.StartsWith("See why", none.QuerySelector("a")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_leaves_the_list_with_its_age_and_without_a_copy_a_reference()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        (await PageAsync(ana, "/event-types")).Dispose();
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        app.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 503, Times = 100, RetryAfter = TimeSpan.FromSeconds(30) });

        using var stale = await PageAsync(ana, "/event-types?renew=1");
        using var answer = await priya.GetAsync("/event-types", Cancel);
        using var error = await answer.DocumentAsync();

        Assert.Equal("stale", State(stale));
        Assert.Contains("As of 10:00 (6 min ago).", stale.QuerySelector("[data-testid=stale-strip]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(6, Names(stale).Count);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("error", State(error));
        Assert.NotEmpty(error.QuerySelector("[data-testid=request-id]")!.TextContent);
    }

    [Fact]
    public async Task Its_own_page_tells_all_and_a_deleted_one_offers_nothing()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, $"/event-types/{EmulatedIds.EventType("ana", "listing-strategy")}");
        using var deleted = await PageAsync(ana, $"/event-types/{EmulatedIds.EventType("ana", "postcard-review")}");

        var facts = page.QuerySelector(".facts")!.TextContent;
        Assert.All(
            ["Price, pictures & timing of one listing.", "10 min before and after", "+1 646 555 0148. Press 2 for coaching.", "First sale, Out of state, Inherited"],
            words => Assert.Contains(words, facts, StringComparison.Ordinal));
        Assert.Single(page.QuerySelectorAll(".facts b"), mark => mark.TextContent.Trim() == "required");
        Assert.Contains("Deleted in Calendly", deleted.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(deleted.QuerySelectorAll("article form, article [data-copy]"));
    }

    [Fact]
    public async Task The_json_list_pages_as_calendly_does_under_tokens_of_ours()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");

        var first = (await (await ana.GetAsync($"{Api}?count=4", Cancel)).JsonAsync()).GetProperty("data");
        var token = Uri.EscapeDataString(first.GetProperty("pagination").GetProperty("nextPageToken").GetString()!);
        var second = (await (await ana.GetAsync($"{Api}?count=4&pageToken={token}", Cancel)).JsonAsync()).GetProperty("data");

        Assert.Equal(4, first.GetProperty("items").GetArrayLength());
        Assert.Equal(2, second.GetProperty("items").GetArrayLength());
        Assert.Equal("Deep-dive coaching", first.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal("https://calendly.com/ana/deep-dive", first.GetProperty("items")[0].GetProperty("schedulingUrl").GetString());
        Assert.NotNull(second.GetProperty("pagination").GetProperty("previousPageToken").GetString());
        using var otherCount = await ana.GetAsync($"{Api}?count=3&pageToken={token}", Cancel);
        using var otherOwner = await priya.GetAsync($"{Api}?count=4&pageToken={token}", Cancel);
        Assert.Equal(("PAGE_TOKEN_INVALID", "PAGE_TOKEN_INVALID"), (otherCount.ErrorCode(), otherOwner.ErrorCode()));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var aged = await ana.GetAsync($"{Api}?count=4", Cancel);
        Assert.Equal("60", aged.Header("X-Data-Age"));
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.DocumentAsync();
    }

    private static async Task<IHtmlDocument> FragmentAsync(HttpClient client, string path)
    {
        using var answer = await DashboardApp.GetFragmentAsync(client, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.DocumentAsync();
    }

    private static List<string> Names(IHtmlDocument page) => [.. page.QuerySelectorAll("[data-testid=event-type-row] .n b").Select(name => name.TextContent)];

    private static IElement Row(IHtmlDocument page, string slug) => page.QuerySelector($"#type-{EmulatedIds.EventType("ana", slug)}")!;

    private static string? State(IHtmlDocument page) => page.QuerySelector("[data-testid=event-types-panel]")!.GetAttribute("data-state");

    private static string? Link(IHtmlDocument page, string testId) => page.QuerySelector($"[data-testid={testId}]")?.GetAttribute("href");
}
