using System.Net;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Cancel;

public sealed class CancelHttpTests
{
    private const string Api = "/api/calendly/events/cancel";

    private static readonly string Coming = EmulatedIds.Session("ana", "tomorrow-nine");
    private static readonly string Path = $"/sessions/{Coming}/cancellation";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_form_says_what_is_canceled_who_is_told_and_offers_both_buttons()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.GetFragmentAsync(ana, Path);
        using var page = await answer.DocumentAsync();
        var form = page.QuerySelector("[data-testid=cancel-form]")!;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Cancel Discovery call with Jonas Weber", form.TextContent, StringComparison.Ordinal);
        Assert.Contains("Tue 3 Mar, 09:00–09:30 EST", form.TextContent, StringComparison.Ordinal);
        Assert.Contains("15:00 for Jonas", form.TextContent, StringComparison.Ordinal);
        Assert.Contains("Jonas gets this by email from Calendly", form.TextContent, StringComparison.Ordinal);
        Assert.Equal("Cancel session", form.QuerySelector("[data-testid=cancel-confirm]")!.TextContent.Trim());
        Assert.Equal("Keep session", form.QuerySelector("[data-testid=cancel-keep]")!.TextContent.Trim());
        Assert.Equal(5, form.QuerySelectorAll("[data-testid=cancel-preset]").Length);
        Assert.Equal(Path, form.GetAttribute("hx-post"));
    }

    [Fact]
    public async Task Guests_are_told_too()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.GetFragmentAsync(ana, $"/sessions/{EmulatedIds.Session("ana", "guests")}/cancellation");

        Assert.Contains("Grace and 2 guests get this by email", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Htmx_gets_the_row_struck_and_two_events()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await PostAsHtmxAsync(ana, "My flight is late");
        using var page = await answer.DocumentAsync();
        var row = page.QuerySelector("[data-testid=session-row]")!;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("closest .row", answer.Header("HX-Retarget"));
        Assert.Equal("outerHTML", answer.Header("HX-Reswap"));
        Assert.Equal("canceled", row.GetAttribute("data-status"));
        Assert.Equal($"session-{Coming}", row.Id);
        Assert.Contains("Canceled by you", row.TextContent, StringComparison.Ordinal);
        using var events = JsonDocument.Parse(answer.Header("HX-Trigger")!);
        Assert.Equal(Coming, events.RootElement.GetProperty("session-canceled").GetProperty("uuid").GetString());
        Assert.Equal("Canceled. Jonas has been told.", events.RootElement.GetProperty("toast").GetProperty("message").GetString());
        Assert.Contains("\"reason\":\"My flight is late\"", Assert.Single(Cancellations(app)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_the_sessions_own_page_follows_and_says_it_all()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.PostFormAsync(ana, Path, ("reason", "My flight is late"));
        using var page = await (await ana.GetAsync(answer.Headers.Location, Cancel)).DocumentAsync();

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/sessions/{Coming}", answer.Headers.Location!.ToString());
        Assert.Equal("canceled", page.QuerySelector("[data-testid=session-page]")!.GetAttribute("data-status"));
        Assert.Contains("Canceled by you on Mon 2 Mar, 10:00.", page.QuerySelector("[data-testid=session-canceled]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("My flight is late", page.QuerySelector("[data-testid=session-canceled]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Coming, await ana.GetStringAsync("/sessions", Cancel), StringComparison.Ordinal);
        Assert.Contains(Coming, await ana.GetStringAsync("/sessions?tab=canceled", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_gets_the_cancellation()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.PostJsonAsync(ana, Api, $$"""{"uuid":"{{Coming}}","reason":"Ill","more":"ignored"}""");
        var envelope = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            $$"""{"data":{"uuid":"{{Coming}}","canceledBy":"Ana Ruiz","reason":"Ill","cancelerType":"host","createdAt":"2026-03-02T15:00:00.000000Z"},"error":null}""",
            envelope.GetRawText());
    }

    [Fact]
    public async Task Control_characters_are_stripped_and_markup_stays_what_was_typed()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var sent = await DashboardApp.PostFormAsync(ana, Path, ("reason", " \u0007<b>Sorry</b>\u0008\u001b[31m\r\nAna \u202e"));
        using var page = await (await ana.GetAsync(sent.Headers.Location, Cancel)).DocumentAsync();
        var notice = page.QuerySelector("[data-testid=session-canceled]")!;

        Assert.Contains("<b>Sorry</b>[31m", notice.TextContent, StringComparison.Ordinal);
        Assert.Null(notice.QuerySelector("b"));
        using var body = JsonDocument.Parse(Assert.Single(Cancellations(app)).Body);
        Assert.StartsWith("<b>Sorry</b>[31m\nAna", body.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_over_the_limit_stays_in_the_box_and_never_reaches_calendly()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var reason = new string('r', 1_001);

        using var answer = await PostAsHtmxAsync(ana, reason);
        using var page = await answer.DocumentAsync();
        var box = page.QuerySelector("[data-testid=cancel-reason]")!;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(reason, box.TextContent.Trim());
        Assert.Equal("true", box.GetAttribute("aria-invalid"));
        Assert.Contains("over", page.QuerySelector("[data-count]")!.ClassList);
        Assert.Empty(Cancellations(app));
    }

    [Fact]
    public async Task A_reason_at_the_limit_is_sent_whole()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.PostFormAsync(ana, Path, ("reason", new string('r', 1_000)));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Contains(new string('r', 1_000), Assert.Single(Cancellations(app)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_has_canceled_meanwhile_is_shown_as_done()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var form = await DashboardApp.GetFragmentAsync(ana, Path);
        using var elsewhere = await app.ClientAsync("ana");
        using var first = await DashboardApp.PostJsonAsync(elsewhere, Api, $$"""{"uuid":"{{Coming}}"}""");

        using var answer = await PostAsHtmxAsync(ana, "Too late");
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("canceled", page.QuerySelector("[data-testid=session-row]")!.GetAttribute("data-status"));
        Assert.Contains("Already canceled by you on Mon 2 Mar, 10:00.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(Cancellations(app));
    }

    [Fact]
    public async Task Twenty_posts_at_once_are_one_cancellation()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var token = await DashboardApp.AntiforgeryTokenAsync(ana);
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Delay) { Times = 1, Delay = TimeSpan.Zero });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("reason", $"Click {number}")]) };
            request.Headers.Add("RequestVerificationToken", token);
            using var answer = await ana.SendAsync(request, Cancel);
            return answer.StatusCode;
        }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.SeeOther, status));
        Assert.Single(Cancellations(app));
    }

    public static TheoryData<string> LostAnswers => ["Drop", "DropBefore", "BadJson", "EmptyBody"];

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task A_lost_answer_is_settled_by_reading_the_event(string kind)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}/cancellation", Enum.Parse<FaultKind>(kind)));

        using var answer = await PostAsHtmxAsync(ana, "Lost");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("data-status=\"canceled\"", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Single(Cancellations(app), call => call.Status == 201);
    }

    [Theory]
    [InlineData("Drop", true)]
    [InlineData("DropBefore", false)]
    public async Task What_cannot_be_read_either_is_told_as_unknown_and_settled_by_the_row(string kind, bool canceled)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var eventPath = $"/scheduled_events/{Coming}";
        app.Emulator.Faults.Add(new Fault(eventPath + "/cancellation", Enum.Parse<FaultKind>(kind)));
        using (var form = await DashboardApp.GetFragmentAsync(ana, Path))
        {
            Assert.True(form.IsSuccessStatusCode);
        }

        // The look before the post works; those after it do not.
        app.Emulator.Faults.Add(new Fault(eventPath, FaultKind.Delay) { Method = "GET" });
        app.Emulator.Faults.Add(new Fault(eventPath, FaultKind.Status) { Method = "GET", Status = 500, Times = 3 });

        using var answer = await PostAsHtmxAsync(ana, "Unknown");
        using var page = await answer.DocumentAsync();
        var row = page.QuerySelector("[data-testid=session-row]")!;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("CANCEL_OUTCOME_UNKNOWN", answer.ErrorCode());
        Assert.Equal("checking", row.GetAttribute("data-state"));
        Assert.Contains("We are checking whether Calendly canceled it.", row.TextContent, StringComparison.Ordinal);
        var look = row.QuerySelector("[hx-get]")!.GetAttribute("hx-get")!;

        using var settled = await (await DashboardApp.GetFragmentAsync(ana, look)).DocumentAsync();

        Assert.Equal(canceled ? "canceled" : "active", settled.QuerySelector("[data-testid=session-row]")!.GetAttribute("data-status"));
        Assert.Equal(canceled ? 1 : 0, Cancellations(app).Count(call => call.Status == 201));
    }

    [Fact]
    public async Task Json_says_that_the_outcome_is_unknown()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}/cancellation", FaultKind.Drop));
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Delay) { Method = "GET" });
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}", FaultKind.Status) { Method = "GET", Status = 500, Times = 3 });

        using var answer = await DashboardApp.PostJsonAsync(ana, Api, $$"""{"uuid":"{{Coming}}"}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("CANCEL_OUTCOME_UNKNOWN", (await answer.JsonAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task When_calendly_asks_to_wait_the_form_says_how_long_and_keeps_the_text()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault($"/scheduled_events/{Coming}/cancellation", FaultKind.Status) { Status = 429, RetryAfter = TimeSpan.FromSeconds(42), Times = 2 });

        using var answer = await PostAsHtmxAsync(ana, "Kept words");
        using var page = await answer.DocumentAsync();
        using var json = await DashboardApp.PostJsonAsync(ana, Api, $$"""{"uuid":"{{Coming}}"}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("42", answer.Header("Retry-After"));
        Assert.Equal("RATE_LIMITED", answer.ErrorCode());
        Assert.Contains("Calendly asked us to wait 42 s.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Kept words", page.QuerySelector("[data-testid=cancel-reason]")!.TextContent.Trim());
        Assert.Equal(HttpStatusCode.TooManyRequests, json.StatusCode);
        Assert.Equal(42, (await json.JsonAsync()).GetProperty("error").GetProperty("details").GetProperty("retryAfterSeconds").GetInt32());
    }

    [Fact]
    public async Task Canceled_is_reported_exactly_when_calendly_has_canceled()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        FaultKind[] kinds = [FaultKind.Status, FaultKind.BadJson, FaultKind.EmptyBody, FaultKind.Drop, FaultKind.DropBefore, FaultKind.Refuse];
        string[] sessions = ["tomorrow-nine", "guests", "long-name", "markup", "right-to-left", "moved-to", "emoji", "next-month", "group", "later-today"];
        var falsehoods = new List<string>();

        for (var run = 0; run < 60; run++)
        {
            // A world of its own for each run; the circuit breaker would otherwise remember the runs before.
            if (run % sessions.Length == 0)
            {
                using var reset = await ana.PostAsync("/test/reset", null, Cancel);
                Assert.True(reset.IsSuccessStatusCode);
            }

            var id = EmulatedIds.Session("ana", sessions[run % sessions.Length]);
            var kind = kinds[run % kinds.Length];
            var readKind = kinds[run / kinds.Length % kinds.Length];
            app.Emulator.Faults.Clear();
            app.Emulator.Faults.Add(new Fault($"/scheduled_events/{id}/cancellation", kind) { Times = 1 + (run % 2), Status = 502 });
            if (run % 3 != 0)
            {
                // The look before the post is left alone every other time.
                app.Emulator.Faults.Add(new Fault($"/scheduled_events/{id}", FaultKind.Delay) { Method = "GET" });
                app.Emulator.Faults.Add(new Fault($"/scheduled_events/{id}", readKind) { Method = "GET", Times = 1 + (run % 4), Status = 500 });
            }

            using var answer = await DashboardApp.PostJsonAsync(ana, Api, $$"""{"uuid":"{{id}}"}""");
            app.Emulator.Faults.Clear();
            var code = answer.ErrorCode();
            var effective = app.Emulator.Journal.Count(call => call is { Method: "POST", Status: 201 } && call.Path.Contains(id, StringComparison.Ordinal));
            var told = answer.StatusCode == HttpStatusCode.OK ? "canceled" : code == "CANCEL_OUTCOME_UNKNOWN" ? "unknown" : "not canceled";
            if (effective > 1 || (told == "canceled" && effective == 0) || (told == "not canceled" && effective > 0))
            {
                falsehoods.Add($"run {run}, {kind} then {readKind}: told {told} ({code}), effective {effective}");
            }
        }

        Assert.True(falsehoods.Count == 0, string.Join('\n', falsehoods));
    }

    private static async Task<HttpResponseMessage> PostAsHtmxAsync(HttpClient client, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("reason", reason)]) };
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
        return await client.SendAsync(request, Cancel);
    }

    private static IEnumerable<JournalEntry> Cancellations(DashboardApp app) =>
        app.Emulator.Journal.Where(call => call.Method == "POST" && call.Path.EndsWith("/cancellation", StringComparison.Ordinal));
}
