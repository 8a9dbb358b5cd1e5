using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.FreeTimes;

public sealed class FreeTimesHttpTests
{
    private const string Api = "/api/calendly/availability/free";

    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");
    private static readonly string Visit = EmulatedIds.EventType("ana", "private-visit");
    private static readonly string Retired = EmulatedIds.EventType("ana", "winter-reset");
    private static readonly string Deleted = EmulatedIds.EventType("ana", "postcard-review");
    private static readonly string Circle = EmulatedIds.EventType("priya", "circle");
    private static readonly string Retreat = EmulatedIds.EventType("priya", "hill-retreat");
    private static readonly string OlusCall = EmulatedIds.EventType("olu", "strategy-call");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_week_costs_two_calls_cold_and_the_next_one_none()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.ClearJournal();

        using var week = await PageAsync(ana, "/free-times");

        Assert.Equal(["/event_types", "/event_type_available_times"], app.Emulator.Journal.Select(call => call.Path));
        app.Emulator.ClearJournal();
        using var next = await PageAsync(ana, Link(week, "#later"));
        Assert.Empty(app.Emulator.Journal);
        Assert.NotEqual(Slots(week), Slots(next));
    }

    [Fact]
    public async Task What_is_drawn_is_what_calendly_offers_on_those_days()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var week = await PageAsync(ana, $"/free-times?eventType={Discovery}&date=2026-03-09");
        var offered = (await (await ana.GetAsync($"{Api}?eventUri=https://api.calendly.com/event_types/{Discovery}&startTime=2026-03-09&endTime=2026-03-16", Cancel)).JsonAsync())
            .GetProperty("data").GetProperty("items").EnumerateArray().Select(item => item.GetProperty("startTime").GetDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null)).ToList();

        Assert.NotEmpty(offered);
        Assert.Equal(offered, Slots(week).Order());
        Assert.StartsWith($"{offered.Count} open · earliest Mon 10:30", week.QuerySelector("[data-testid=summary]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Tuesday 10 March, 09:00 to 09:30, open", week.QuerySelector("button[value='2026-03-10T13:00:00Z']")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task The_strip_counts_every_day_of_four_weeks()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var month = await PageAsync(ana, $"/free-times?eventType={Discovery}&view=month");
        using var list = await PageAsync(ana, $"/free-times?eventType={Discovery}&view=list");

        var counted = month.QuerySelectorAll(".days a").Sum(day => int.TryParse(day.QuerySelector(".num:not(b)")?.FirstChild?.TextContent, out var count) ? count : 0);
        Assert.Equal(28, month.QuerySelectorAll(".days > *").Length);
        Assert.Equal(Slots(list).Count, counted);
        Assert.Equal("Wed 11 –nothing open", Words(month.QuerySelector("#strip-2026-03-11")!));
    }

    [Fact]
    public async Task Eight_weeks_are_two_calls_joined_without_a_seam()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.ClearJournal();

        using var list = await PageAsync(ana, $"/free-times?eventType={Discovery}&view=list&weeks=8");

        Assert.Equal(2, app.Emulator.Journal.Count(call => call.Path == "/event_type_available_times"));
        var starts = Slots(list);
        Assert.Equal(starts.Distinct().Order(), starts);
        Assert.Contains(starts, start => start.StartsWith("2026-04-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_weeks_may_reach_into_the_next_four()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await PageAsync(ana, $"/free-times?eventType={Discovery}&view=two-weeks&date=2026-03-25");

        Assert.Equal(14, page.QuerySelectorAll(".column").Length);
        Assert.Contains(Slots(page), start => start.StartsWith("2026-04-02", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_learns_more_about_an_empty_day_than_a_booker()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var rita = await app.ClientAsync("rita");
        var url = $"/free-times/reasons?eventType={Discovery}&date=2026-03-09";

        Assert.Equal(
            ["All busy: 1 calendar block", "Closed on this date", "No hours on this day", "No hours on this day"], await ReasonsAsync(ana, url));
        Assert.Equal(["Fully booked", "Not a working day", "Not a working day", "Not a working day"], await ReasonsAsync(rita, url));
    }

    [Fact]
    public async Task Reasons_come_after_the_page_and_are_left_out_when_calendly_does_not_tell()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, $"/free-times?eventType={Discovery}&date=2026-03-09");
        app.Emulator.Faults.Add(new Fault("/user_busy_times", FaultKind.Status) { Status = 424, Times = 10 });

        Assert.Equal("Nothing open", page.QuerySelector("#why-2026-03-11")!.TextContent);
        Assert.Empty(await ReasonsAsync(ana, $"/free-times/reasons?eventType={Discovery}&date=2026-03-09"));
    }

    [Fact]
    public async Task The_hours_behind_the_reasons_can_be_edited_right_after()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        Assert.NotEmpty(await ReasonsAsync(ana, $"/free-times/reasons?eventType={Discovery}&date=2026-03-09"));

        using var added = await DashboardApp.PostFormAsync(ana, $"/schedules/event-types/{Discovery}/hours", ("do", "add-tuesday"));
        Assert.NotEqual(HttpStatusCode.InternalServerError, added.StatusCode);
        using var form = await ana.GetAsync($"/schedules/event-types/{Discovery}/hours", Cancel);

        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
    }

    [Fact]
    public async Task An_empty_week_leads_to_the_next_free_day_and_looks_further_when_there_is_none()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        for (var day = 2; day <= 8; day++)
        {
            app.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, day, 5, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, day + 1, 5, 0, 0, TimeSpan.Zero));
        }

        using var week = await PageAsync(ana, $"/free-times?eventType={Discovery}");
        using var never = await PageAsync(priya, $"/free-times?eventType={Retreat}");

        Assert.Equal("empty-filtered", week.QuerySelector("#free-times")!.GetAttribute("data-state"));
        Assert.Contains("Nothing free this week. Next free: Mon 9 Mar, 10:30. Go there.", Words(week.QuerySelector("[data-testid=nothing-open]")!), StringComparison.Ordinal);
        Assert.EndsWith("date=2026-03-09", Link(week, "[data-testid=nothing-open] a"), StringComparison.Ordinal);
        var further = await (await DashboardApp.GetFragmentAsync(priya, Link(never, "[data-testid=nothing-open] a"))).TextAsync();
        Assert.Contains("Nothing is open until Sun 26 Apr either.", further, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_times_are_never_shown_from_an_earlier_answer_while_calendly_is_down()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using (await PageAsync(ana, $"/free-times?eventType={Discovery}"))
        {
        }

        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 501, Times = 100 });
        using var answer = await ana.GetAsync($"/free-times?eventType={Discovery}&renew=1", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CALENDLY_UNAVAILABLE"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Empty(Slots(page));
        Assert.Equal("error", page.QuerySelector("#free-times")!.GetAttribute("data-state"));
        Assert.NotNull(page.QuerySelector("[data-testid=panel-retry]"));
    }

    [Fact]
    public async Task A_realtor_sees_what_coaches_show_and_nothing_else()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");

        using var page = await PageAsync(rita, $"/free-times?eventType={Circle}");

        Assert.Equal(["Ana Ruiz", "Priya Nair"], page.QuerySelectorAll("#event-type optgroup").Select(group => group.GetAttribute("label")));
        Assert.Contains("With Priya Nair, Kolkata", Words(page.QuerySelector("#free-times")!), StringComparison.Ordinal);
        Assert.NotEmpty(Slots(page));
        foreach (var hidden in new[] { Visit, OlusCall, Retreat })
        {
            using var refused = await rita.GetAsync($"/free-times?eventType={hidden}", Cancel);
            Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (refused.StatusCode, refused.ErrorCode()));
        }
    }

    [Fact]
    public async Task A_coach_sees_another_coachs_event_type_only_when_it_is_shown()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var shown = await ana.GetAsync($"/free-times?eventType={Circle}", Cancel);
        using var hidden = await ana.GetAsync($"/free-times?eventType={Retreat}", Cancel);

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (hidden.StatusCode, hidden.ErrorCode()));
    }

    [Fact]
    public async Task Clock_changes_are_told_for_the_reader_and_for_the_coach()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var rita = await app.ClientAsync("rita");

        using var hers = await PageAsync(ana, $"/free-times?eventType={Discovery}");
        using var theirs = await PageAsync(rita, $"/free-times?eventType={Discovery}");

        Assert.Equal("Clocks go forward on Sunday 8 March: 02:00 to 03:00 is skipped.", hers.QuerySelector("[data-testid=clock-note]")!.TextContent.Trim());
        Assert.Equal(
            "Clocks go forward for Ana Ruiz on Sunday 8 March. After that your 09:00 is 12:00 for Ana Ruiz.", theirs.QuerySelector("[data-testid=clock-note]")!.TextContent.Trim());
        Assert.Equal("Clocks go forward at 02:00", hers.QuerySelector("[data-day='2026-03-08'] .change")!.TextContent);
    }

    [Fact]
    public async Task A_chosen_time_is_asked_for_again_and_told_by_both_clocks()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using (await PageAsync(rita, $"/free-times?eventType={Discovery}"))
        {
        }

        app.Emulator.ClearJournal();
        using var answer = await DashboardApp.GetFragmentAsync(rita, $"/free-times/slot?eventType={Discovery}&start=2026-03-10T13:00:00Z");
        using var picked = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(app.Emulator.Journal, call => call.Path == "/event_type_available_times");
        Assert.Contains("Tue 10 Mar, 06:00–06:30 MST (UTC−7), 09:00 EDT for Ana Ruiz", Words(picked.Body!), StringComparison.Ordinal);
        Assert.Equal($"/book/ana-ruiz/{Discovery}?slot=2026-03-10T13:00:00Z", picked.QuerySelector("a.primary")!.GetAttribute("href"));
        Assert.StartsWith("https://calendly.com/ana/discovery-call/2026-03-10", picked.QuerySelector("a[target=_blank]")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_has_been_taken_meanwhile_comes_back_with_the_three_nearest()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using (await PageAsync(ana, $"/free-times?eventType={Discovery}&date=2026-03-10"))
        {
        }

        app.Emulator.AddBusy("ana", new DateTimeOffset(2026, 3, 10, 14, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 10, 14, 30, 0, TimeSpan.Zero));
        using var answer = await DashboardApp.GetFragmentAsync(ana, $"/free-times/slot?eventType={Discovery}&start=2026-03-10T14:00:00Z");
        using var picked = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.Conflict, "SLOT_TAKEN"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Contains("Tue 10 Mar, 10:00–10:30 EDT (UTC−4) is not open. It may have just been taken. Closest free:", Words(picked.Body!), StringComparison.Ordinal);
        var nearest = picked.QuerySelectorAll("[data-testid=nearest-slot]").Select(slot => slot.TextContent).ToList();
        Assert.Equal(3, nearest.Count);
        Assert.Equal(3, nearest.Distinct().Count());
        Assert.Contains("10:30", nearest);
    }

    [Fact]
    public async Task The_next_times_are_a_text_in_the_receivers_zone_with_a_link_each()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var page = await (await ana.GetAsync($"/free-times/text?eventType={Discovery}&date=2026-03-10&receiverZone=Europe/London", Cancel)).DocumentAsync();

        var lines = page.QuerySelector("textarea")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Discovery call, 30 min. Times in Europe/London:", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("Tue 10 Mar, 13:00–13:30 GMT (UTC) https://calendly.com/ana/discovery-call/2026-03-10T13:00:00Z", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coach_whose_connection_has_ended_is_told_apart_from_the_readers_own()
    {
        await using var app = new DashboardApp();
        using var rita = await app.ClientAsync("rita");
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/event_types/", FaultKind.Status) { Status = 401, Times = 10 });
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status) { Status = 401, Times = 10 });

        using var answer = await rita.GetAsync($"/free-times?eventType={Discovery}", Cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CALENDLY_UNAVAILABLE"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Contains("Ana Ruiz's connection to Calendly has to be renewed first.", WebUtility.HtmlDecode(await answer.TextAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_type_that_is_off_or_deleted_is_never_drawn()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        foreach (var (id, words) in new[] { (Retired, "Winter reset is off in Calendly, so nobody can book it."), (Deleted, "Postcard review has been deleted in Calendly.") })
        {
            using var answer = await ana.GetAsync($"/free-times?eventType={id}", Cancel);
            Assert.Equal((HttpStatusCode.Conflict, "EVENT_TYPE_OFF"), (answer.StatusCode, answer.ErrorCode()));
            Assert.Contains(words, await answer.TextAsync(), StringComparison.Ordinal);
        }

        using var page = await PageAsync(ana, "/free-times");
        Assert.DoesNotContain(page.QuerySelectorAll("#event-type option"), option => option.GetAttribute("value") == Retired || option.GetAttribute("value") == Deleted);
    }

    [Fact]
    public async Task A_start_in_the_past_is_moved_to_now_and_said()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await ana.GetAsync($"{Api}?eventUri=https://api.calendly.com/event_types/{Discovery}&startTime=2026-01-01&endTime=2026-03-04", Cancel);
        var query = (await answer.JsonAsync()).GetProperty("data").GetProperty("query");

        Assert.Equal(DashboardApp.Now, query.GetProperty("startTime").GetDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));
        Assert.Equal("startTime has passed, so this begins now.", query.GetProperty("notice").GetString());
        using var page = await PageAsync(ana, $"/free-times?eventType={Discovery}&date=2026-02-10");
        Assert.Contains("Tue 10 Feb has passed; this is today.", Words(page.Body!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_at_the_same_time_shares_one_call()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using (await PageAsync(ana, "/free-times"))
        {
        }

        app.Emulator.ClearJournal();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ana.GetAsync($"/free-times?eventType={Discovery}&date=2026-05-04", Cancel)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(app.Emulator.Journal, call => call.Path == "/event_type_available_times");
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {answer.ErrorCode()}");
        return await answer.DocumentAsync();
    }

    private static async Task<IReadOnlyList<string>> ReasonsAsync(HttpClient client, string url)
    {
        using var page = await (await DashboardApp.GetFragmentAsync(client, url)).DocumentAsync();
        return [.. page.QuerySelectorAll("hx-partial").Select(reason => reason.TextContent)];
    }

    private static List<string> Slots(IHtmlDocument page) => [.. page.QuerySelectorAll("#slots button.free").Select(slot => slot.GetAttribute("value")!)];

    private static string Link(IHtmlDocument page, string selector) => page.QuerySelector(selector)!.GetAttribute("href")!;

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
