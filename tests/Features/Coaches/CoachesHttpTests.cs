using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Coaches;

public sealed class CoachesHttpTests
{
    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_directory_shows_those_who_have_agreed_and_calls_nobody()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.ClearJournal();

        using var page = await PageAsync(rita, "/coaches");

        Assert.Equal(["ana-ruiz", "priya-nair", "mei-tanaka", "tom-wells"], Slugs(page));
        var ana = Card(page, "ana-ruiz");
        Assert.Equal("AR", ana.QuerySelector(".face")!.TextContent);
        Assert.Contains("New York, 10:00 there now", Words(ana), StringComparison.Ordinal);
        Assert.Equal(["Listings", "Negotiation", "First-time sellers"], ana.QuerySelectorAll(".tags li").Select(tag => tag.TextContent));
        Assert.Contains("Speaks English, Spanish", Words(ana), StringComparison.Ordinal);
        Assert.Equal(["Deep-dive coaching 60 min", "Discovery call 30 min", "Listing strategy 45 min"], ana.QuerySelectorAll(".offers li").Select(Words));
        Assert.Equal("looking", Soonest(page, "ana-ruiz").GetAttribute("data-state"));
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task Whoever_cannot_be_booked_comes_last_with_the_reason_and_a_way_to_write()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, "/coaches");

        var (mei, tom) = (Card(page, "mei-tanaka"), Card(page, "tom-wells"));
        Assert.Equal("Not taking bookings here", Soonest(page, "mei-tanaka").TextContent);
        Assert.Equal("Tom Wells has to reconnect Calendly", Soonest(page, "tom-wells").TextContent);
        Assert.Equal("mailto:mei@slices-coaching.example", mei.QuerySelector(".foot a")!.GetAttribute("href"));
        Assert.All([mei, tom], card => Assert.Equal("closed", card.GetAttribute("data-state")));
        Assert.All([mei, tom], card => Assert.Null(card.QuerySelector("input")));
    }

    [Fact]
    public async Task The_soonest_time_is_the_first_that_calendly_offers_and_leads_to_booking_it()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using var ana = await app.ClientAsync("ana");
        var offered = (await (await ana.GetAsync($"/api/calendly/availability/free?eventUri=https://api.calendly.com/event_types/{Discovery}&startTime=2026-03-02&endTime=2026-03-20", Cancel)).JsonAsync())
            .GetProperty("data").GetProperty("items")[0].GetProperty("startTime").GetDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

        using var times = await (await DashboardApp.GetFragmentAsync(rita, "/coaches/soonest")).DocumentAsync();

        var soonest = Soonest(times, "ana-ruiz");
        Assert.Equal(("open", offered), (soonest.GetAttribute("data-state"), soonest.GetAttribute("data-start")));
        Assert.Equal($"/book/ana-ruiz/{Discovery}?slot={offered}", soonest.QuerySelector("a")!.GetAttribute("href"));
        Assert.StartsWith("Soonest: today ", Words(soonest), StringComparison.Ordinal);
        Assert.Empty(times.QuerySelectorAll("[hx-get]"));
        Assert.Empty(times.QuerySelectorAll("[data-testid=soonest][data-state=closed]"));
    }

    [Fact]
    public async Task Without_scripts_one_page_waits_for_the_soonest_times()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, "/coaches?soonest=1");
        using var plain = await rita.GetAsync("/coaches/soonest?tag=Mindset", Cancel);

        Assert.Equal(["open", "open", "closed", "closed"], page.QuerySelectorAll("[data-testid=soonest]").Select(line => line.GetAttribute("data-state")));
        Assert.Equal((HttpStatusCode.Redirect, "/coaches?tag=Mindset&soonest=1"), (plain.StatusCode, plain.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task What_is_known_is_on_the_page_at_once_until_it_is_too_old()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using var luca = await app.ClientAsync("luca");
        using (await rita.GetAsync("/coaches?soonest=1", Cancel))
        {
        }

        using var known = await PageAsync(luca, "/coaches");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        using var older = await PageAsync(luca, "/coaches");
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        using var forgotten = await PageAsync(luca, "/coaches");

        Assert.Equal("open", Soonest(known, "ana-ruiz").GetAttribute("data-state"));
        Assert.Empty(known.QuerySelectorAll("#coaches-found [hx-get]"));
        Assert.Equal("open", Soonest(older, "ana-ruiz").GetAttribute("data-state"));
        Assert.Single(older.QuerySelectorAll("#coaches-found [hx-get]"));
        Assert.Equal("looking", Soonest(forgotten, "ana-ruiz").GetAttribute("data-state"));
    }

    [Fact]
    public async Task While_calendly_is_down_an_earlier_answer_is_shown_with_its_age_and_none_is_made_up()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using (await rita.GetAsync("/coaches?q=Ruiz&soonest=1", Cancel))
        {
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 501, Times = 100 });
        using var page = await PageAsync(rita, "/coaches?soonest=1");

        var (ana, priya) = (Soonest(page, "ana-ruiz"), Soonest(page, "priya-nair"));
        Assert.Equal("open", ana.GetAttribute("data-state"));
        Assert.EndsWith("As of 6 min ago: Calendly is not answering", Words(ana), StringComparison.Ordinal);
        Assert.Equal(("unknown", "Calendly is not answering"), (priya.GetAttribute("data-state"), Words(priya)));
    }

    [Theory]
    [InlineData("q=ruiz", "ana-ruiz")]
    [InlineData("q=HINDI", "priya-nair")]
    [InlineData("q=discovery", "ana-ruiz")]
    [InlineData("q=negotiation", "ana-ruiz,tom-wells")]
    [InlineData("q=negotiation+spanish", "ana-ruiz")]
    [InlineData("tag=Marketing", "mei-tanaka")]
    [InlineData("q=nobody", "")]
    public async Task Search_looks_at_everything_on_a_card_and_tags_narrow_it(string query, string slugs)
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, $"/coaches?{query}");

        Assert.Equal(slugs, string.Join(',', Slugs(page)));
        Assert.Equal(slugs.Length == 0 ? "empty-filtered" : "ready", page.QuerySelector("#coaches-found")!.GetAttribute("data-state"));
    }

    [Fact]
    public async Task Free_today_hides_whoever_is_known_not_to_be_and_keeps_the_unknown_last()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero));

        using var before = await PageAsync(rita, "/coaches?free=today");
        using var answer = await DashboardApp.GetFragmentAsync(rita, "/coaches/soonest?free=today");
        using var after = await answer.DocumentAsync();
        using var week = await PageAsync(rita, "/coaches?free=week");

        Assert.Equal(["ana-ruiz", "priya-nair"], Slugs(before));
        Assert.Equal("#coaches-found", answer.Header("HX-Retarget"));
        Assert.DoesNotContain("ana-ruiz", Slugs(after));
        Assert.Contains("ana-ruiz", Slugs(week));
        Assert.DoesNotContain("mei-tanaka", Slugs(week));
    }

    [Fact]
    public async Task Ticks_survive_a_filter_that_hides_them_and_four_are_the_most()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, 4, Cancel);

        using var hidden = await PageAsync(rita, "/coaches?q=priya&coach=ana-ruiz&coach=priya-nair");
        using var full = await PageAsync(rita, "/coaches?coach=ana-ruiz&coach=coach-01&coach=coach-02&coach=coach-03");

        Assert.Equal("ana-ruiz", hidden.QuerySelector("#coaches-found input[type=hidden]")!.GetAttribute("value"));
        Assert.Equal("/coaches/compare?coach=ana-ruiz&coach=priya-nair", hidden.QuerySelector("[data-testid=compare]")!.GetAttribute("href"));
        Assert.Equal(["coach-04", "priya-nair"], full.QuerySelectorAll("[data-testid=compare-coach]:disabled").Select(box => box.GetAttribute("value")));
    }

    [Fact]
    public async Task A_filter_s_address_replaces_the_one_before_it()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var answer = await DashboardApp.GetFragmentAsync(rita, "/coaches?q=first+time&tag=First-time+sellers&free=week&sort=soonest&coach=ana-ruiz");

        Assert.Equal("/coaches?q=first%20time&tag=First-time%20sellers&free=week&sort=soonest&coach=ana-ruiz", answer.Header("HX-Replace-Url"));
    }

    [Fact]
    public async Task A_coach_s_page_shows_each_event_type_with_the_free_times_of_seven_days()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.ClearJournal();

        using var page = await PageAsync(rita, "/coaches/ana-ruiz");

        Assert.Equal(3, app.Emulator.Journal.Count);
        Assert.All(app.Emulator.Journal, call => Assert.Equal("/event_type_available_times", call.Path));
        Assert.Equal(["Deep-dive coaching", "Discovery call", "Listing strategy"], page.QuerySelectorAll("[data-testid=offer] h2").Select(Words));
        var discovery = page.QuerySelector($"[data-testid=offer][data-id='{Discovery}']")!;
        Assert.Equal($"/book/ana-ruiz/{Discovery}", discovery.QuerySelector("[data-testid=book]")!.GetAttribute("href"));
        var first = discovery.QuerySelector(".free")!;
        Assert.Equal($"/book/ana-ruiz/{Discovery}?slot={first.QuerySelector("time")!.GetAttribute("datetime")}", first.GetAttribute("href"));
        Assert.Contains("All times MST (UTC−7)", Words(page.Body!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coach_who_cannot_be_booked_has_a_page_that_says_why_and_calls_nobody()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.ClearJournal();

        using var mei = await PageAsync(rita, "/coaches/mei-tanaka");
        using var tom = await PageAsync(rita, "/coaches/tom-wells");

        Assert.Contains("Not taking bookings here You can still write to Mei Tanaka.", Words(mei.Body!), StringComparison.Ordinal);
        Assert.Contains("Tom Wells has to reconnect Calendly", Words(tom.Body!), StringComparison.Ordinal);
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task A_connection_that_turns_out_dead_is_told_on_the_card_and_the_coach_goes_last()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        var ana = (await app.Services.GetRequiredService<ListedCoaches>().FindAsync("ana-ruiz", Cancel))!.UserId;
        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(ana, 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);

        using var page = await PageAsync(rita, "/coaches");
        using var own = await PageAsync(rita, "/coaches/ana-ruiz");

        Assert.Equal(["priya-nair", "ana-ruiz", "mei-tanaka", "tom-wells"], Slugs(page));
        Assert.Equal("Ana Ruiz has to reconnect Calendly", Soonest(page, "ana-ruiz").TextContent);
        Assert.Equal("closed", own.QuerySelector("[data-testid=coach]")!.GetAttribute("data-state"));
    }

    [Fact]
    public async Task Nothing_of_a_coach_s_calendar_tokens_or_account_is_in_what_a_realtor_gets()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, 3, 14, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 3, 15, 0, 0, TimeSpan.Zero));
        var people = app.Services.GetRequiredService<People>();
        var token = (await app.Services.GetRequiredService<ITokenStore>().ReadAsync(await people.FindOrAddAsync("persona:ana", Cancel), Cancel))!.AccessToken.Reveal();

        foreach (var path in new[] { "/coaches?soonest=1", "/coaches/ana-ruiz", "/coaches/compare?coach=ana-ruiz&coach=priya-nair" })
        {
            var text = await (await rita.GetAsync(path, Cancel)).TextAsync();

            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain("USRANARUIZ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ana@slices-coaching.example", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://calendly.com", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_delegate_sees_one_calendar_and_no_directory()
    {
        await using var app = new DashboardApp();
        using var dora = await app.ClientAsync("dora");

        foreach (var path in new[] { "/coaches", "/coaches/ana-ruiz", "/coaches/soonest", "/coaches/compare?coach=ana-ruiz&coach=priya-nair" })
        {
            using var answer = await dora.GetAsync(path, Cancel);

            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN_ROLE"), (answer.StatusCode, answer.ErrorCode()));
            Assert.Contains("You look at Ana Ruiz’s calendar, and at no other.", WebUtility.HtmlDecode(await answer.TextAsync()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_time_picked_from_a_listed_coach_can_be_booked_here_until_the_coach_leaves_the_list()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        var slot = $"/free-times/slot?eventType={Discovery}&start=2026-03-10T13:00:00Z";

        using var listed = await (await DashboardApp.GetFragmentAsync(rita, slot)).DocumentAsync();
        var cards = app.Services.GetRequiredService<CoachCards>();
        await cards.HideAsync((await app.Services.GetRequiredService<ListedCoaches>().FindAsync("ana-ruiz", Cancel))!.UserId, Cancel);
        using var hidden = await DashboardApp.GetFragmentAsync(rita, slot);

        Assert.Equal($"/book/ana-ruiz/{Discovery}?slot=2026-03-10T13:00:00Z", listed.QuerySelector("[data-testid=book]")!.GetAttribute("href"));
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (hidden.StatusCode, hidden.ErrorCode()));
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path) => await (await client.GetAsync(path, Cancel)).DocumentAsync();

    private static List<string> Slugs(IHtmlDocument page) => [.. page.QuerySelectorAll("[data-testid=coach-card]").Select(card => card.GetAttribute("data-slug")!)];

    private static IElement Card(IHtmlDocument page, string slug) => page.QuerySelector($"#coach-{slug}")!;

    private static IElement Soonest(IHtmlDocument page, string slug) => page.QuerySelector($"#soonest-{slug}")!;

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
