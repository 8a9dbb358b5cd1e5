using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Schedules;

/// <summary>The editor over HTTP, without scripts: each step sends the form that the step before gave.</summary>
public sealed class HoursHttpTests
{
    private static readonly string Discovery = $"/schedules/event-types/{EmulatedIds.EventType("ana", "discovery-call")}/hours";
    private static readonly string Working = $"/schedules/{EmulatedIds.Schedule("ana", "working-hours")}/hours";
    private static readonly string Evenings = $"/schedules/{EmulatedIds.Schedule("ana", "evenings")}/hours";

    [Fact]
    public async Task The_form_has_a_line_for_each_stretch_in_the_order_of_the_days()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Evenings);

        Assert.Equal("Hours of Evenings", Text(page.QuerySelector("h1")));
        Assert.Equal(
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            page.QuerySelectorAll("[data-testid=hours-day]").Select(day => day.GetAttribute("data-day")));
        Assert.Equal(("20:00", "02:00"), (Value(page, "friday-0-from"), Value(page, "friday-0-to")));
        Assert.Equal("until 02:00 on Saturday", Text(page.QuerySelector("#friday-0-note")));
        Assert.Equal(("18:00", "00:00", "until midnight, 24:00"), (Value(page, "monday-0-from"), Value(page, "monday-0-to"), Text(page.QuerySelector("#monday-0-note"))));
        Assert.Equal("These dates stay as they are: Mon 16 Mar: Closed.", Text(page.QuerySelector("[data-testid=kept-dates]")));
        Assert.Contains("Remove 20:00 until 02:00 on Saturday on Friday", page.QuerySelectorAll("button").Select(button => button.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task Lines_are_added_removed_and_copied_without_scripts_and_nothing_is_lost()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Discovery);

        Fill(page, "monday-0-to", "oops");
        using var added = await PressAsync(ana, page, "add-tuesday");
        Assert.Equal("tuesday-2-from", added.QuerySelector("[autofocus]")!.Id);
        Assert.Equal("oops", Value(added, "monday-0-to"));

        using var removed = await PressAsync(ana, added, "remove-tuesday-2");
        Assert.Equal("add-tuesday", removed.QuerySelector("[autofocus]")!.Id);
        Assert.Null(removed.QuerySelector("#tuesday-2-from"));

        foreach (var box in removed.QuerySelectorAll<IHtmlInputElement>("input[name=copy-friday]"))
        {
            box.IsChecked = box.Value is "saturday" or "sunday";
        }

        using var copied = await PressAsync(ana, removed, "copy-friday");
        Assert.Equal(("10:00", "10:00"), (Value(copied, "saturday-0-from"), Value(copied, "sunday-0-from")));
        Assert.Equal("Copied Friday to Saturday and Sunday.", copied.QuerySelector("#hours")!.GetAttribute("data-announce"));
        Assert.Equal("copy-friday", copied.QuerySelector("[autofocus]")!.Id);
        Assert.Empty(Writes(app));
    }

    [Fact]
    public async Task A_bad_line_says_so_beside_itself_and_keeps_everything()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Discovery);
        Fill(page, "tuesday-1-from", "11:00");
        Fill(page, "thursday-0-to", "12:03");

        using var answer = await SendAsync(ana, page, "review");
        using var again = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_FAILED"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Equal("This overlaps 09:00–12:30 on Tuesday.", Text(again.QuerySelector("#tuesday-1-problem")));
        Assert.Equal("Calendly takes steps of 5 minutes.", Text(again.QuerySelector("#thursday-0-problem")));
        Assert.Equal("tuesday-1-problem", again.QuerySelector("#tuesday-1-from")!.GetAttribute("aria-describedby"));
        Assert.Equal("tuesday-1-from", again.QuerySelector("[autofocus]")!.Id);
        Assert.Equal(("11:00", "12:03"), (Value(again, "tuesday-1-from"), Value(again, "thursday-0-to")));
        Assert.Equal(2, again.QuerySelectorAll(".problem").Length);
    }

    [Fact]
    public async Task Saving_asks_first_says_what_changes_and_can_be_undone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Discovery);
        Assert.Contains("So far it follows the schedule “Working hours”.", Text(page.QuerySelector("#hours")), StringComparison.Ordinal);
        using var shorter = await PressAsync(ana, page, "remove-tuesday-1");

        using var review = await PressAsync(ana, shorter, "review");
        Assert.Equal(["Tuesday 09:00–12:30, 13:30–17:30 → 09:00–12:30"], Changes(review));
        Assert.Equal("Discovery call then has hours of its own and no longer follows “Working hours”.", Text(review.QuerySelector("[data-testid=hours-affects]")));
        Assert.Empty(Writes(app));

        using var saved = await PressAsync(ana, review, "save");
        Assert.Equal("Saved", Text(saved.QuerySelector("h1")));
        Assert.Equal(["Tuesday 09:00–12:30, 13:30–17:30 → 09:00–12:30"], Changes(saved));
        var write = Assert.Single(Writes(app));
        Assert.Equal(["2026-03-13", "2026-03-18", "2026-04-09"], DatesOf(write.Body));

        using var undone = await PressAsync(ana, saved, "undo");
        Assert.Equal("The former hours are back", Text(undone.QuerySelector("h1")));
        Assert.Equal(["Tuesday 09:00–12:30 → 09:00–12:30, 13:30–17:30"], Changes(undone));
        Assert.Contains("Only Calendly can make it follow a schedule again.", Text(undone.QuerySelector("#hours")), StringComparison.Ordinal);
        Assert.Equal(2, Writes(app).Count);

        using var own = await (await DashboardApp.GetFragmentAsync(ana, "/schedules/event-types")).DocumentAsync();
        Assert.Equal(["Hours of Discovery call"], own.QuerySelectorAll("[data-testid=event-type-hours]").Select(Text));
    }

    [Fact]
    public async Task A_schedule_names_the_event_types_that_follow_and_the_page_shows_the_new_hours_at_once()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        (await PageAsync(ana, "/schedules")).Dispose();
        using var page = await PageAsync(ana, Evenings);
        Fill(page, "monday-0-to", "02:00");

        using var review = await PressAsync(ana, page, "review");
        Assert.Equal(["Monday 18:00–24:00 → 18:00 until 02:00 on Tuesday"], Changes(review));
        Assert.Equal("Affects 1 event type: Private visit.", Text(review.QuerySelector("[data-testid=hours-affects]")));
        using var saved = await PressAsync(ana, review, "save");
        using var schedules = await PageAsync(ana, "/schedules");

        Assert.Contains("18:00 until 02:00 on Tuesday", Text(schedules.QuerySelector($"#schedule-{EmulatedIds.Schedule("ana", "evenings")}")), StringComparison.Ordinal);
        using var body = JsonDocument.Parse(Assert.Single(Writes(app)).Body);
        var tuesday = body.RootElement.GetProperty("rules").EnumerateArray().Single(rule => rule.TryGetProperty("wday", out var day) && day.GetString() == "tuesday");
        Assert.Equal("""[{"from":"00:00","to":"02:00"}]""", tuesday.GetProperty("intervals").GetRawText());
    }

    [Fact]
    public async Task Nothing_changed_is_not_sent()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Discovery);

        using var again = await PressAsync(ana, page, "review");

        Assert.Equal("Nothing has changed yet.", Text(again.QuerySelector("[data-testid=hours-said]")));
        Assert.Empty(Writes(app));
    }

    [Fact]
    public async Task Two_people_editing_see_both_versions_and_choose()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var other = await app.ClientAsync("ana");
        using var mine = await PageAsync(ana, Working);
        using var theirs = await PageAsync(other, Working);
        using var mineShorter = await PressAsync(ana, mine, "remove-monday-1");
        using var myReview = await PressAsync(ana, mineShorter, "review");
        using var theirsShorter = await PressAsync(other, theirs, "remove-tuesday-0");
        using var theirReview = await PressAsync(other, theirsShorter, "review");
        (await PressAsync(other, theirReview, "save")).Dispose();

        using var answer = await SendAsync(ana, myReview, "save");
        using var conflict = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.Conflict, "HOURS_CHANGED"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Equal(
            ["Monday | 09:00–12:30, 13:30–17:30 | 09:00–12:30", "Tuesday | 13:30–17:30 | 09:00–12:30, 13:30–17:30"],
            conflict.QuerySelectorAll("tbody tr").Select(row => string.Join(" | ", row.Children.Select(Text))));
        Assert.Single(Writes(app));
        Assert.Equal(Working, conflict.QuerySelector("[data-testid=conflict-theirs]")!.GetAttribute("href"));

        using var saved = await PressAsync(ana, conflict, "save");
        Assert.Equal("Saved", Text(saved.QuerySelector("h1")));
        using var now = await PageAsync(ana, Working);
        Assert.Null(now.QuerySelector("#monday-1-from"));
        Assert.Equal("09:00", Value(now, "tuesday-0-from"));
    }

    [Fact]
    public async Task The_same_save_twice_is_sent_once()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Working);
        using var shorter = await PressAsync(ana, page, "remove-monday-1");
        using var review = await PressAsync(ana, shorter, "review");

        (await PressAsync(ana, review, "save")).Dispose();
        using var again = await PressAsync(ana, review, "save");

        Assert.Equal("These hours were saved already", Text(again.QuerySelector("h1")));
        Assert.Single(Writes(app));
    }

    [Theory]
    [InlineData(nameof(FaultKind.Drop), 200, "Saved")]
    [InlineData(nameof(FaultKind.BadJson), 200, "Saved")]
    [InlineData(nameof(FaultKind.DropBefore), 503, "Calendly did not save this: it still has the former hours.")]
    public async Task A_lost_answer_is_settled_by_looking(string fault, int status, string words)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Working);
        using var shorter = await PressAsync(ana, page, "remove-monday-1");
        using var review = await PressAsync(ana, shorter, "review");
        app.Emulator.Faults.Add(new Fault("/user_availability_schedules/", Enum.Parse<FaultKind>(fault)) { Method = "PATCH" });

        using var answer = await SendAsync(ana, review, "save");
        using var seen = await answer.DocumentAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(words, Text(seen.QuerySelector("#hours")), StringComparison.Ordinal);
        Assert.Single(Writes(app));
        Assert.Equal(status != 200, seen.QuerySelector("#monday-0-from") is not null);
    }

    [Fact]
    public async Task When_calendly_cannot_be_asked_either_nothing_is_claimed()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Working);
        using var shorter = await PressAsync(ana, page, "remove-monday-1");
        using var review = await PressAsync(ana, shorter, "review");
        app.Emulator.Faults.Add(new Fault("/user_availability_schedules/", FaultKind.Drop) { Method = "PATCH" });
        app.Emulator.Faults.Add(new Fault("/user_availability_schedules/", FaultKind.Delay) { Method = "GET" });
        app.Emulator.Faults.Add(new Fault("/user_availability_schedules/", FaultKind.Status) { Method = "GET", Status = 503, Times = 20 });

        using var answer = await SendAsync(ana, review, "save");
        using var seen = await answer.DocumentAsync();

        Assert.Contains("Calendly did not say whether it saved this.", Text(seen.QuerySelector("[data-testid=hours-problem]")), StringComparison.Ordinal);
        Assert.Null(seen.QuerySelector("#monday-1-from"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Where_calendly_refuses_its_own_page_is_offered(int status)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var page = await PageAsync(ana, Discovery);
        using var shorter = await PressAsync(ana, page, "remove-monday-1");
        using var review = await PressAsync(ana, shorter, "review");
        app.Emulator.Faults.Add(new Fault("/event_type_availability_schedules", FaultKind.Status) { Method = "PATCH", Status = status });

        using var answer = await SendAsync(ana, review, "save");
        using var seen = await answer.DocumentAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith("Calendly does not let us change these hours.", Text(seen.QuerySelector("[data-testid=hours-problem]")), StringComparison.Ordinal);
        Assert.Equal("https://calendly.com/app/availability/schedules", seen.QuerySelector("#hours-calendly")!.GetAttribute("href"));
        Assert.Null(seen.QuerySelector("#monday-1-from"));
    }

    [Fact]
    public async Task A_schedule_without_hours_says_that_nobody_can_book()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var page = await PageAsync(ana, Evenings);
        foreach (var line in new[] { "monday-0", "wednesday-1", "wednesday-0", "friday-0" })
        {
            page = await PressAsync(ana, page, $"remove-{line}");
        }

        using var review = await PressAsync(ana, page, "review");
        (await PressAsync(ana, review, "save")).Dispose();
        using var schedules = await PageAsync(ana, "/schedules");

        var card = schedules.QuerySelector($"#schedule-{EmulatedIds.Schedule("ana", "evenings")}")!;
        Assert.Equal("Nobody can book you: this schedule has no hours. Edit in Calendly (opens a new tab).", Text(card.QuerySelector("[data-testid=no-hours] p")));
        page.Dispose();
    }

    private static List<JournalEntry> Writes(DashboardApp app) => [.. app.Emulator.Journal.Where(call => call.Method == "PATCH")];

    private static List<string> DatesOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("availability_rule").GetProperty("rules").EnumerateArray()
            .Where(rule => rule.TryGetProperty("date", out _)).Select(rule => rule.GetProperty("date").GetString()!)];
    }

    private static List<string> Changes(IHtmlDocument page) => [.. page.QuerySelectorAll("[data-testid=hours-change]").Select(Text)];

    private static string? Value(IHtmlDocument page, string id) => page.QuerySelector($"#{id}")?.GetAttribute("value");

    private static void Fill(IHtmlDocument page, string id, string value) => page.QuerySelector($"#{id}")!.SetAttribute("value", value);

    private static async Task<IHtmlDocument> PressAsync(HttpClient client, IHtmlDocument page, string step)
    {
        using var answer = await SendAsync(client, page, step);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.DocumentAsync();
    }

    // As a browser without scripts: all fields of the form, and the button.
    private static Task<HttpResponseMessage> SendAsync(HttpClient client, IHtmlDocument page, string step)
    {
        var form = page.QuerySelectorAll<IHtmlFormElement>("form").Single(form => form.QuerySelector($"button[name=do][value={step}]") is not null);
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Where(input => input.GetAttribute("type") != "checkbox" || input.IsChecked)
            .Select(input => (input.Name!, input.GetAttribute("value") ?? string.Empty))
            .Append(("do", step));
        return DashboardApp.PostFormAsync(client, form.GetAttribute("action")!, [.. fields]);
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.DocumentAsync();
    }

    private static string Text(IElement? element) => string.Join(' ', (element?.TextContent ?? "(none)").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
