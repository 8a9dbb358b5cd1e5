using System.Net;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Coaches;

/// <summary>What the directory asks of Calendly when there are fifty coaches and many look.</summary>
public sealed class ManyCoachesTests
{
    private const int Count = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_is_there_before_calendly_has_been_asked_anything()
    {
        var many = new ManyCoaches();
        await using var app = many.NewApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, Count, Cancel);
        app.Emulator.ClearJournal();

        using var answer = await rita.GetAsync("/coaches", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Count + 4, page.QuerySelectorAll("[data-testid=coach-card]").Length);
        Assert.Equal(Count + 2, page.QuerySelectorAll("[data-testid=soonest][data-state=looking]").Length);
        Assert.Empty(many.Calls);
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task However_many_look_each_coach_is_asked_about_once_a_minute()
    {
        var many = new ManyCoaches();
        await using var app = many.NewApp();
        await ManyCoaches.ListAsync(app.Services, Count, Cancel);
        var viewers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => app.ClientAsync(number % 2 == 0 ? "rita" : "luca")));
        app.Emulator.ClearJournal();

        var looking = viewers.Select(viewer => DashboardApp.GetFragmentAsync(viewer, "/coaches/soonest")).ToList();
        many.Open();
        foreach (var answer in await Task.WhenAll(looking))
        {
            using var times = await answer.DocumentAsync();
            Assert.NotNull(times.QuerySelector("[data-testid=soonest][data-start='2026-03-02T16:15:00Z']"));
        }

        await Task.WhenAll(viewers.Select(viewer => DashboardApp.GetFragmentAsync(viewer, "/coaches/soonest?sort=soonest")));
        Assert.Equal(Count, many.Calls.Count);
        Assert.All(many.Calls, calls => Assert.Equal(1, calls.Value));
        Assert.Equal(2, app.Emulator.Journal.Count(call => call.Path == "/event_type_available_times"));

        app.Clock.Advance(TimeSpan.FromSeconds(61));
        await Task.WhenAll(viewers.Select(viewer => DashboardApp.GetFragmentAsync(viewer, "/coaches/soonest")));
        Assert.All(many.Calls, calls => Assert.Equal(2, calls.Value));
        Array.ForEach(viewers, viewer => viewer.Dispose());
    }

    [Fact]
    public async Task Sixteen_are_asked_about_at_once_and_the_others_wait()
    {
        var many = new ManyCoaches();
        await using var app = many.NewApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, Count, Cancel);

        // Calendly does not answer: the patience ends, and the page asks again later.
        using var early = await (await DashboardApp.GetFragmentAsync(rita, "/coaches/soonest?q=german")).DocumentAsync();
        many.Open();
        using var late = await (await DashboardApp.GetFragmentAsync(rita, "/coaches/soonest?q=german")).DocumentAsync();

        Assert.Equal("/coaches/soonest?q=german&round=2", early.QuerySelector("[hx-get]")!.GetAttribute("hx-get"));
        Assert.Null(late.QuerySelector("[hx-get]"));
        Assert.Equal(Count, late.QuerySelectorAll("[data-testid=soonest][data-state=open]").Length);
        Assert.InRange(many.MostAtOnce, 1, 16);
        Assert.All(many.Calls, calls => Assert.Equal(1, calls.Value));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_for_a_minute_too()
    {
        var many = new ManyCoaches { Refusal = HttpStatusCode.NotFound };
        many.Open();
        await using var app = many.NewApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, 3, Cancel);

        using var first = await (await DashboardApp.GetFragmentAsync(rita, "/coaches/soonest?tag=Many")).DocumentAsync();
        using var second = await (await rita.GetAsync("/coaches?tag=Many&soonest=1", Cancel)).DocumentAsync();

        Assert.Equal("Short call is not offered at the moment", first.QuerySelector("[data-testid=soonest]")!.TextContent.Trim());
        Assert.Equal(3, second.QuerySelectorAll("[data-testid=soonest][data-state=unknown]").Length);
        Assert.All(many.Calls, calls => Assert.Equal(1, calls.Value));
    }

    [Fact]
    public async Task Soonest_first_sorts_by_what_is_known_and_puts_the_unknown_last()
    {
        var many = new ManyCoaches();
        await using var app = many.NewApp();
        using var rita = await app.ClientAsync("rita");
        await ManyCoaches.ListAsync(app.Services, 3, Cancel);
        using (await rita.GetAsync("/coaches?q=Ruiz&soonest=1", Cancel))
        {
        }

        using var some = await (await rita.GetAsync("/coaches?sort=soonest", Cancel)).DocumentAsync();
        many.Open();
        using var all = await (await rita.GetAsync("/coaches?sort=soonest&soonest=1", Cancel)).DocumentAsync();

        Assert.Equal(["ana-ruiz", "coach-01", "coach-02", "coach-03", "priya-nair", "mei-tanaka", "tom-wells"], Slugs(some));
        var starts = all.QuerySelectorAll("[data-testid=soonest][data-start]").Select(line => line.GetAttribute("data-start")!).ToList();
        Assert.Equal(5, starts.Count);
        Assert.Equal(starts.Order(StringComparer.Ordinal), starts);
        Assert.Equal(["mei-tanaka", "tom-wells"], Slugs(all)[^2..]);
    }

    private static List<string> Slugs(AngleSharp.Html.Dom.IHtmlDocument page) =>
        [.. page.QuerySelectorAll("[data-testid=coach-card]").Select(card => card.GetAttribute("data-slug")!)];
}
