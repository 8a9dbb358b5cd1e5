using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Cancel;

/// <summary>Both routes that cancel, with every kind of bad input and every refusal.</summary>
public sealed class CancelBadInputTests
{
    private const string Api = "POST /api/calendly/events/cancel";
    private const string Unknown = "3f0f5b3e-1111-4222-8333-944455556666";

    private const string NotFound = "We could not find that session. It may belong to another account.";
    private const string NotJson = "The body is not the JSON that this address takes.";
    private const string NoScope = "Your connection does not allow canceling. Reconnect and tick Manage scheduled events.";
    private const string Reconnect = "Calendly has ended our access. Reconnect; nothing here is lost.";
    private const string TooLong = "The reason has 1,001 characters; 1,000 is the most.";

    private static readonly string Coming = EmulatedIds.Session("ana", "tomorrow-nine");
    private static readonly string Past = EmulatedIds.Session("ana", "earlier-today");
    private static readonly string Running = EmulatedIds.Session("ana", "in-progress");
    private static readonly string ByHost = EmulatedIds.Session("ana", "canceled-by-host");
    private static readonly string ByInvitee = EmulatedIds.Session("ana", "canceled-ahead");
    private static readonly string Priyas = EmulatedIds.Session("priya", "tomorrow");
    private static readonly string Olus = EmulatedIds.Session("olu", "tomorrow");
    private static readonly string Toms = EmulatedIds.Session("tom", "tomorrow");

    private static readonly BadInput[] Table =
    [
        // The form, opened.
        new("ana", "GET /sessions/not.an.id/cancellation", null, 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", $"GET /sessions/{Unknown}/cancellation", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /sessions/{Priyas}/cancellation", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /sessions/{Past}/cancellation", null, 409, "EVENT_IN_PAST", "This session has started or ended; it can no longer be canceled."),
        new("ana", $"GET /sessions/{Running}/cancellation", null, 409, "EVENT_IN_PAST", "This session has started or ended; it can no longer be canceled."),
        new("ana", $"GET /sessions/{ByHost}/cancellation", null, 200, "", "Already canceled by you on"),
        new("ana", $"GET /sessions/{ByInvitee}/cancellation", null, 200, "", "Already canceled by Sam Carter on Mon 2 Mar, 05:00."),
        new("olu", $"GET /sessions/{Olus}/cancellation", null, 403, "SCOPE_MISSING", NoScope),
        new("mei", $"GET /sessions/{Coming}/cancellation", null, 409, "NOT_CONNECTED", "Connect Calendly to cancel this session."),
        new("tom", $"GET /sessions/{Toms}/cancellation", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"GET /sessions/{Coming}/cancellation", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("", $"GET /sessions/{Coming}/cancellation", null, 302, "", ""),

        // The form, sent.
        new("ana", "POST /sessions/not.an.id/cancellation", "reason=x", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", $"POST /sessions/{Unknown}/cancellation", "reason=x", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST /sessions/{Priyas}/cancellation", "reason=x", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST /sessions/{Coming}/cancellation", $"reason={new string('r', 1_001)}", 400, "VALIDATION_FAILED", TooLong),
        new("ana", $"POST /sessions/{Coming}/cancellation", "reason=a%00b", 400, "VALIDATION_FAILED", "Something in the request needs another look."),
        new("ana", $"POST /sessions/{Past}/cancellation", "reason=Sorry", 409, "EVENT_IN_PAST", "Not canceled: it started 2 h ago."),
        new("ana", $"POST /sessions/{Past}/cancellation", "reason=Keep+these+words", 409, "EVENT_IN_PAST", "Keep these words"),
        new("ana", $"POST /sessions/{Running}/cancellation", "reason=Sorry", 409, "EVENT_IN_PAST", "Not canceled: it started 15 min ago."),
        new("olu", $"POST /sessions/{Olus}/cancellation", "reason=Keep+these+words", 403, "SCOPE_MISSING", NoScope),
        new("olu", $"POST /sessions/{Olus}/cancellation", "reason=Keep+these+words", 403, "SCOPE_MISSING", "Keep these words"),
        new("mei", $"POST /sessions/{Coming}/cancellation", "reason=x", 409, "NOT_CONNECTED", "Connect Calendly to cancel this session."),
        new("tom", $"POST /sessions/{Toms}/cancellation", "reason=x", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"POST /sessions/{Coming}/cancellation", "reason=x", 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("", $"POST /sessions/{Coming}/cancellation", "reason=x", 302, "", ""),
        new("ana", $"DELETE /sessions/{Coming}/cancellation", null, 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        // JSON: the body.
        new("ana", Api, "{", 400, "VALIDATION_FAILED", NotJson),
        new("ana", Api, "{\"uuid\":", 400, "VALIDATION_FAILED", NotJson),
        new("ana", Api, "{} {}", 400, "VALIDATION_FAILED", NotJson),
        new("ana", Api, "", 400, "VALIDATION_FAILED", NotJson) { ContentType = "application/json" },
        new("ana", Api, "null", 400, "VALIDATION_FAILED", "The body is empty; send a JSON object.") { ContentType = "application/json" },
        new("ana", Api, "[]", 400, "VALIDATION_FAILED", NotJson) { ContentType = "application/json" },
        new("ana", Api, "\"text\"", 400, "VALIDATION_FAILED", NotJson) { ContentType = "application/json" },
        new("ana", Api, "{\"uuid\": 7}", 400, "VALIDATION_FAILED", NotJson),
        new("ana", Api, $"{{\"uuid\": \"{Coming}\", \"reason\": {{}}}}", 400, "VALIDATION_FAILED", NotJson),
        new("ana", Api, $"{{\"uuid\": \"{Coming}\"}}", 415, "UNSUPPORTED_MEDIA_TYPE", "Send this as application/json.") { ContentType = "text/plain" },
        new("ana", Api, $"uuid={Coming}", 415, "UNSUPPORTED_MEDIA_TYPE", "Send this as application/json."),
        new("ana", Api, null, 415, "UNSUPPORTED_MEDIA_TYPE", "Send this as application/json."),
        new("ana", "GET /api/calendly/events/cancel", null, 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("ana", "PUT /api/calendly/events/cancel", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),

        // JSON: what the body says.
        new("ana", Api, "{}", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", Api, "{\"uuid\": null}", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", Api, "{\"uuid\": \"\"}", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", Api, "{\"uuid\": \"../users/me\"}", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", Api, $"{{\"uuid\": \"https://api.calendly.com/scheduled_events/{Coming}\"}}", 400, "VALIDATION_FAILED", "That is not a session."),
        new("ana", Api, $"{{\"uuid\": \"{Coming}\", \"reason\": \"{new string('r', 1_001)}\"}}", 400, "VALIDATION_FAILED", TooLong),
        new("ana", Api, $"{{\"uuid\": \"{Unknown}\"}}", 404, "NOT_FOUND", NotFound),
        new("ana", Api, $"{{\"uuid\": \"{Priyas}\"}}", 404, "NOT_FOUND", NotFound),
        new("ana", Api, $"{{\"uuid\": \"{Past}\"}}", 409, "EVENT_IN_PAST", "Not canceled: it started 2 h ago."),
        new("ana", Api, $"{{\"uuid\": \"{ByHost}\"}}", 409, "EVENT_ALREADY_CANCELED", "Already canceled by you on"),
        new("ana", Api, $"{{\"uuid\": \"{ByInvitee}\"}}", 409, "EVENT_ALREADY_CANCELED", "Already canceled by Sam Carter on Mon 2 Mar, 05:00."),
        new("olu", Api, $"{{\"uuid\": \"{Olus}\"}}", 403, "SCOPE_MISSING", "scheduled_events:write"),
        new("mei", Api, $"{{\"uuid\": \"{Coming}\"}}", 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", Api, $"{{\"uuid\": \"{Toms}\"}}", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", Api, $"{{\"uuid\": \"{Coming}\"}}", 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("", Api, $"{{\"uuid\": \"{Coming}\"}}", 401, "NOT_SIGNED_IN", "Sign in to see this."),
    ];

    [Fact]
    public async Task Bad_input_is_answered_as_the_table_says()
    {
        await using var app = new DashboardApp();

        var mismatches = await BadInput.MismatchesAsync(app, Table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    [Fact]
    public async Task Nothing_of_it_reaches_calendly_as_a_cancellation()
    {
        await using var app = new DashboardApp();

        await BadInput.MismatchesAsync(app, Table);

        Assert.DoesNotContain(app.Emulator.Journal, call => call.Method == "POST" && call.Path.EndsWith("/cancellation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_refused_with_words_too()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var token = Uri.EscapeDataString(await DashboardApp.AntiforgeryTokenAsync(ana));

        using var body = new StringContent($"__RequestVerificationToken={token}&reason=a%00b", null, "application/x-www-form-urlencoded");
        using var answer = await ana.PostAsync($"/sessions/{Coming}/cancellation", body, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("VALIDATION_FAILED", answer.ErrorCode());
        Assert.Empty(app.Emulator.Journal);
    }

    [Theory]
    [InlineData("/api/calendly/events/cancel", true)]
    [InlineData("/sessions/{id}/cancellation", false)]
    public async Task Without_the_antiforgery_token_the_page_is_old(string route, bool json)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var path = route.Replace("{id}", Coming, StringComparison.Ordinal);

        using var answer = json
            ? await DashboardApp.PostJsonAsync(ana, path, $"{{\"uuid\":\"{Coming}\"}}", withToken: false)
            : await ana.PostAsync(path, new FormUrlEncodedContent([KeyValuePair.Create("reason", "Kept")]), TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("VALIDATION_FAILED", answer.ErrorCode());
        Assert.Contains("This page is old. Reload and try again.", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Emulator.Journal);

        // What was typed stays in the page: nothing of it is replaced.
        Assert.Equal(json ? null : "none", answer.Header("HX-Reswap"));
    }
}
