using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Coaches;

public sealed class CompareHttpTests
{
    private const string Two = "/coaches/compare?coach=ana-ruiz&coach=priya-nair";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_coach_is_a_lane_with_a_letter_and_costs_one_call_for_four_weeks()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.ClearJournal();

        using var page = await PageAsync(rita, Two);
        using var next = await PageAsync(rita, page.QuerySelector("#later")!.GetAttribute("href")!);

        Assert.Equal(2, app.Emulator.Journal.Count(call => call.Path == "/event_type_available_times"));
        Assert.Equal(["A Ana Ruiz", "B Priya Nair"], page.QuerySelectorAll("[data-testid=compare-coach]").Select(lane => $"{lane.GetAttribute("data-letter")} {lane.QuerySelector("a")!.TextContent}"));
        Assert.Contains("One to one, 45 min", page.QuerySelectorAll("[data-testid=compare-coach]")[1].TextContent, StringComparison.Ordinal);
        Assert.EndsWith("&week=2026-03-09", page.QuerySelector("#later")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.NotEqual(Starts(page), Starts(next));
        Assert.NotEmpty(page.QuerySelectorAll("[data-testid=compare-grid] [data-lane=A]"));
    }

    [Fact]
    public async Task A_time_that_everybody_has_is_outlined_and_only_such_a_time()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, $"{Two}&week=2026-03-09&hours=all");

        var common = Starts(page, "A").Intersect(Starts(page, "B")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(common, page.QuerySelectorAll("[data-testid=compare-list] li[data-common=true]").Select(line => line.GetAttribute("data-start")));
        Assert.Equal(common.Count * 2, page.QuerySelectorAll("[data-testid=compare-grid] .free.common").Length);
        Assert.StartsWith(common.Count == 0 ? "No time is open for both" : $"{common.Count} time", page.QuerySelector("[data-testid=summary]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_slot_names_its_coach_and_time_and_leads_to_booking_it()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, $"{Two}&week=2026-03-09");

        var slot = page.QuerySelector("[data-testid=compare-grid] [data-day='2026-03-10'] [data-lane=A]")!;
        Assert.StartsWith("Ana Ruiz, Tuesday 10 March, 06:00 to 06:30, open", slot.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal($"/book/ana-ruiz/{EmulatedIds.EventType("ana", "discovery-call")}?slot=2026-03-10T13:00:00Z", slot.GetAttribute("href"));
    }

    [Fact]
    public async Task The_list_has_the_same_times_as_the_grid_of_all_hours()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var grid = await PageAsync(rita, $"{Two}&week=2026-03-09&hours=all");
        using var list = await PageAsync(rita, $"{Two}&week=2026-03-09&view=list");

        Assert.Null(list.QuerySelector("[data-testid=compare-grid]"));
        Assert.Equal(
            grid.QuerySelectorAll("[data-testid=compare-grid] a").Select(slot => slot.GetAttribute("href")).Order(StringComparer.Ordinal),
            list.QuerySelectorAll("[data-testid=compare-list] li a").Select(slot => slot.GetAttribute("href")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_coach_whose_times_cannot_be_read_says_so_in_the_own_lane_alone()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 403, Times = 1 });

        using var page = await PageAsync(rita, "/coaches/compare?coach=tom-wells&coach=ana-ruiz&coach=priya-nair");

        var lanes = page.QuerySelectorAll("[data-testid=compare-coach]").Select(lane => lane.QuerySelector(".small")!.TextContent).ToList();
        Assert.Equal("Tom Wells has to reconnect Calendly", lanes[0]);
        Assert.Single(lanes, words => words.EndsWith("is not offered at the moment", StringComparison.Ordinal));
        Assert.Single(lanes, words => words.EndsWith(" open", StringComparison.Ordinal));
        Assert.StartsWith("What is open for all three is not known", page.QuerySelector("[data-testid=summary]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing open", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/coaches/compare?coach=ana-ruiz&coach=priya-nair&week=2026-03-02", page.QuerySelector("[data-testid=compare-coach] .button")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Four_fit_and_the_others_are_named()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, 3, Cancel);

        using var page = await PageAsync(rita, $"{Two}&coach=mei-tanaka&coach=tom-wells&coach=coach-01&coach=coach-02");

        Assert.Equal(4, page.QuerySelectorAll("[data-testid=compare-coach]").Length);
        Assert.Contains("Left out: Coach 01, Coach 02.", page.QuerySelector("[data-testid=left-out]")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path) => await (await client.GetAsync(path, Cancel)).DocumentAsync();

    private static List<string> Starts(IHtmlDocument page, string letter = "A") =>
        [.. page.QuerySelectorAll($"[data-testid=compare-list] li:has([data-lane={letter}])").Select(line => line.GetAttribute("data-start")!)];
}
