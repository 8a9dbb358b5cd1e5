using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Schedules;

/// <summary>The page of schedules. The world begins on Monday 2 March 2026, 10:00 in New York.</summary>
public sealed class SchedulesHttpTests
{
    private const string Api = "/api/calendly/availability/schedules";

    private static readonly string Working = EmulatedIds.Schedule("ana", "working-hours");
    private static readonly string Evenings = EmulatedIds.Schedule("ana", "evenings");

    [Fact]
    public async Task Each_schedule_stands_apart_the_default_first()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules");

        var cards = page.QuerySelectorAll("[data-testid=schedule]");
        Assert.Equal([Working, Evenings], cards.Select(card => card.GetAttribute("data-uuid")));
        Assert.Equal(["Working hours Default Hours local to New York, UTC−5", "Evenings Hours local to New York, UTC−5"], cards.Select(card => Text(card.QuerySelector(".head"))));
        Assert.Equal("ready", page.QuerySelector("#schedules")!.GetAttribute("data-state"));

        // Mon to Thu 7 h 30, Fri 5 h; Mon 6 h, Wed 5 h 30, Fri and Sat 4 h and 2 h.
        Assert.StartsWith("35 h bookable this week, ", Text(cards[0].QuerySelector("[data-testid=bookable]")), StringComparison.Ordinal);
        Assert.StartsWith("17 h 30 min bookable this week, ", Text(cards[1].QuerySelector("[data-testid=bookable]")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("monday", "18:00–24:00")]
    [InlineData("tuesday", "Closed")]
    [InlineData("wednesday", "18:00–21:00, 21:30–24:00")]
    [InlineData("friday", "20:00 until 02:00 on Saturday")]
    [InlineData("saturday", "until 02:00 from Friday")]
    public async Task Hours_stand_beside_the_bars_in_words(string day, string words)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules");

        var row = page.QuerySelector($"#schedule-{Evenings} [data-day={day}]")!;
        Assert.StartsWith(words, Text(row.LastElementChild), StringComparison.Ordinal);
        Assert.Equal("true", row.QuerySelector("svg")!.GetAttribute("aria-hidden"));
        Assert.Empty(page.QuerySelectorAll("[style]"));
    }

    [Fact]
    public async Task The_week_after_shows_its_dates_and_what_they_change()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules?week=2026-03-11");

        Assert.Equal("Mon 9 Mar – Sun 15 Mar", Text(page.QuerySelector("[data-testid=week]")));
        var friday = page.QuerySelector($"#schedule-{Working} [data-date='2026-03-13']")!;
        Assert.Equal("Closed (usually 10:00–15:00)", Text(friday.LastElementChild).Split(';')[0]);
        Assert.Equal(["Fri 13 Mar: Closed", "Wed 18 Mar: 12:00–16:00", "Thu 9 Apr: Closed"], page.QuerySelectorAll($"#schedule-{Working} [data-testid=override]").Select(Text));
        Assert.Equal("/schedules", page.QuerySelector("#week-back")!.GetAttribute("href"));
        Assert.Equal("/schedules?week=2026-03-16", page.QuerySelector("#week-next")!.GetAttribute("href"));
        Assert.Matches("30 h bookable, .+ booked this week", Text(page.QuerySelector("[data-testid=bookable]")));
    }

    [Fact]
    public async Task A_cold_page_costs_three_calls_at_most_and_a_warm_one_none()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        foreach (var path in new[] { "/schedules", "/schedules?week=2026-03-09&zone=mine" })
        {
            app.Emulator.ClearJournal();
            using (await PageAsync(ana, path))
            {
                Assert.InRange(app.Emulator.Journal.Count, 1, 3);
            }

            app.Emulator.ClearJournal();
            using (await PageAsync(ana, path))
            {
                Assert.Empty(app.Emulator.Journal);
            }
        }
    }

    [Fact]
    public async Task A_readers_zone_that_differs_gets_both_axes_and_a_switch()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        (await DashboardApp.PostFormAsync(ana, "/preferences/zone", ("zone", "Asia/Kolkata"), ("returnTo", "/schedules"))).Dispose();

        using var page = await PageAsync(ana, "/schedules");
        var card = page.QuerySelector($"#schedule-{Evenings}")!;
        Assert.Equal(["New York", "Kolkata"], card.QuerySelectorAll(".axis > span").Select(Text));
        var other = page.QuerySelector("[data-testid=zone-switch]")!;
        Assert.Equal(("Read the hours in my zone", "/schedules?zone=mine"), (Text(other), other.GetAttribute("href")));

        using var mine = await PageAsync(ana, "/schedules?zone=mine");
        card = mine.QuerySelector($"#schedule-{Evenings}")!;
        Assert.Equal(["Kolkata", "New York"], card.QuerySelectorAll(".axis > span").Select(Text));

        // Mon 18:00–24:00 in New York is Tue 04:30–10:30 in Kolkata.
        Assert.StartsWith("04:30–10:30", Text(card.QuerySelector("[data-day=tuesday]")!.LastElementChild), StringComparison.Ordinal);
        Assert.Equal("Read the hours in each schedule’s zone", Text(mine.QuerySelector("[data-testid=zone-switch]")));
    }

    [Fact]
    public async Task The_same_zone_needs_no_switch()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules");

        Assert.Null(page.QuerySelector("[data-testid=zone-switch]"));
        Assert.Single(page.QuerySelectorAll($"#schedule-{Working} .axis"));
    }

    [Theory]
    [InlineData(424, "Calendly cannot read the connected calendar")]
    [InlineData(503, "Busy times could not be loaded. Calendly is not answering.")]
    [InlineData(429, "Busy times could not be loaded.")]
    public async Task Without_busy_times_the_hours_are_there_all_the_same(int status, string words)
    {
        await using var app = new DashboardApp();
        app.Emulator.Faults.Add(new Fault("/user_busy_times", FaultKind.Status) { Status = status, Times = 20 });
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules");

        Assert.StartsWith(words, Text(page.QuerySelector("[data-testid=busy-problem] p")), StringComparison.Ordinal);
        Assert.Equal("35 h bookable this week", Text(page.QuerySelector("[data-testid=bookable]")));
        Assert.StartsWith("09:00–12:30, 13:30–17:30", Text(page.QuerySelector("[data-day=monday]")!.LastElementChild), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_calendly_is_down_the_last_hours_stay_with_their_age()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        (await PageAsync(ana, "/schedules")).Dispose();
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        app.Emulator.Faults.Add(new Fault("/user_", FaultKind.Status) { Status = 503, Times = 20 });

        using var page = await PageAsync(ana, "/schedules");

        Assert.Equal("stale", page.QuerySelector("#schedules")!.GetAttribute("data-state"));
        Assert.Contains("As of 10:00 (16 min ago).", Text(page.QuerySelector("[data-testid=stale-strip]")), StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("[data-testid=busy-problem]"));
    }

    [Fact]
    public async Task Busy_times_may_be_a_quarter_of_an_hour_old_and_say_so()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        (await PageAsync(ana, "/schedules")).Dispose();
        app.Clock.Advance(TimeSpan.FromMinutes(14));
        app.Emulator.Faults.Add(new Fault("/user_busy_times", FaultKind.Status) { Status = 503, Times = 20 });

        using var page = await PageAsync(ana, "/schedules");

        Assert.Contains("Busy times as of 10:00 (14 min ago).", Text(page.QuerySelector(".key")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_event_types_of_a_schedule_come_by_themselves()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var working = await (await DashboardApp.GetFragmentAsync(ana, $"/schedules/{Working}/event-types")).DocumentAsync();
        using var evenings = await (await DashboardApp.GetFragmentAsync(ana, $"/schedules/{Evenings}/event-types")).DocumentAsync();
        using var own = await (await DashboardApp.GetFragmentAsync(ana, "/schedules/event-types")).DocumentAsync();

        Assert.Contains("Hours of Discovery call", working.QuerySelectorAll("[data-testid=event-type-hours]").Select(Text));
        Assert.Contains("Hours of Winter reset (off)", working.QuerySelectorAll("[data-testid=event-type-hours]").Select(Text));
        Assert.Equal($"/schedules/event-types/{EmulatedIds.EventType("ana", "private-visit")}/hours", Assert.Single(evenings.QuerySelectorAll("[data-testid=event-type-hours]")).GetAttribute("href"));
        Assert.Equal("None: every event type uses a schedule above.", Text(own.QuerySelector("[data-testid=no-event-types]")));
    }

    [Fact]
    public async Task One_list_of_event_types_fails_by_itself()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 503, Times = 20 });

        using var answer = await DashboardApp.GetFragmentAsync(ana, $"/schedules/{Working}/event-types");
        using var page = await PageAsync(ana, "/schedules");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The event types could not be loaded.", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("ready", page.QuerySelector("#schedules")!.GetAttribute("data-state"));
    }

    [Fact]
    public async Task The_page_is_read_again_when_the_window_comes_back_and_leads_to_calendly()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, "/schedules");

        var panel = page.QuerySelector("#schedules")!;
        Assert.Equal(("/schedules?renew=1", "focus from:window throttle:30s"), (panel.GetAttribute("hx-get"), panel.GetAttribute("hx-trigger")));
        var link = page.QuerySelector($"#calendly-{Working}")!;
        Assert.Equal(("https://calendly.com/app/availability/schedules", "noreferrer"), (link.GetAttribute("href"), link.GetAttribute("rel")));
    }

    [Fact]
    public async Task As_json_the_schedules_are_calendlys_own()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await ana.GetAsync(Api, TestContext.Current.CancellationToken);
        var items = (await answer.JsonAsync()).GetProperty("data").GetProperty("items");
        var user = items[0].GetProperty("user").GetString()!;
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        using var again = await ana.GetAsync($"{Api}?userUri={Uri.EscapeDataString(user)}", TestContext.Current.CancellationToken);

        Assert.Equal(2, items.GetArrayLength());
        Assert.Equal("America/New_York", items[0].GetProperty("timezone").GetString());
        Assert.Equal("18:00", items[1].GetProperty("rules")[1].GetProperty("intervals")[0].GetProperty("from").GetString());
        Assert.Equal("24:00", items[1].GetProperty("rules")[1].GetProperty("intervals")[0].GetProperty("to").GetString());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("20", again.Header("X-Data-Age"));
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.DocumentAsync();
    }

    private static string Text(IElement? element) => string.Join(' ', (element?.TextContent ?? "(none)").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
