using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

/// <summary>Every route that reads sessions, with every kind of bad input.</summary>
public sealed class ScheduledEventsBadInputTests
{
    private const string Api = "GET /api/calendly/events/scheduled";
    private const string Unknown = "3f0f5b3e-1111-4222-8333-944455556666";

    private const string Expired = "This page of the list has expired. Start from the first page.";
    private const string NotADay = "That is not a day. Write it like 2026-03-10.";
    private const string NotATime = "That is not a time. Write it like 2026-03-10T09:00:00Z, or 2026-03-10 for a day in your zone.";
    private const string NotFound = "We could not find that session. It may belong to another account.";
    private const string Connect = "Your sessions are at Calendly. Connect it once to see and cancel them here.";
    private const string Reconnect = "Calendly has ended our access. Reconnect; nothing here is lost.";

    private static readonly string Priyas = EmulatedIds.Session("priya", "tomorrow");
    private static readonly string Anas = EmulatedIds.Session("ana", "tomorrow-nine");

    private static readonly BadInput[] Table =
    [
        // The list as a page.
        new("ana", "GET /sessions?tab=gone", null, 400, "VALIDATION_FAILED", "Choose upcoming, past or canceled."),
        new("ana", "GET /sessions?tab=UPCOMING", null, 400, "VALIDATION_FAILED", "Choose upcoming, past or canceled."),
        new("ana", "GET /sessions?tab=past&tab=past", null, 400, "VALIDATION_FAILED", "Choose upcoming, past or canceled."),
        new("ana", "GET /sessions?range=year", null, 400, "VALIDATION_FAILED", "Choose today, week or 30days."),
        new("ana", "GET /sessions?sort=random", null, 400, "VALIDATION_FAILED", "Choose soonest or latest."),
        new("ana", "GET /sessions?from=2026-02-30", null, 400, "VALIDATION_FAILED", $"From “2026-02-30”: {NotADay}"),
        new("ana", "GET /sessions?to=tomorrow", null, 400, "VALIDATION_FAILED", $"To “tomorrow”: {NotADay}"),
        new("ana", "GET /sessions?from=1999-12-31", null, 400, "VALIDATION_FAILED", NotADay),
        new("ana", "GET /sessions?to=2200-01-01", null, 400, "VALIDATION_FAILED", NotADay),
        new("ana", "GET /sessions?from=%3Cscript%3Ealert(1)%3C/script%3E", null, 400, "VALIDATION_FAILED", "From “<script>alert(1)</script>”"),
        new("ana", "GET /sessions?from=2026-03-10&to=2026-03-01", null, 400, "VALIDATION_FAILED", "From “2026-03-10”: This day is after the last day."),
        new("ana", "GET /sessions?from=2026-03-10&to=2026-03-01", null, 400, "VALIDATION_FAILED", "To “2026-03-01”: This day is before the first day."),
        new("ana", "GET /sessions?pageToken=nonsense", null, 400, "PAGE_TOKEN_INVALID", Expired),
        new("ana", $"GET /sessions?pageToken={new string('A', 4_001)}", null, 400, "VALIDATION_FAILED", "This is not a page of the list."),
        new("ana", "GET /sessions?shown=many", null, 400, "VALIDATION_FAILED", "That is not a number of sessions."),
        new("ana", "GET /sessions?shown=-1", null, 400, "VALIDATION_FAILED", "That is not a number of sessions."),
        new("ana", "GET /sessions?shown=99999999999", null, 400, "VALIDATION_FAILED", "That is not a number of sessions."),
        new("ana", "POST /sessions", "tab=past", 405, "METHOD_NOT_ALLOWED", "That does not work this way"),
        new("rita", "GET /sessions", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("adam", "GET /sessions", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("mei", "GET /sessions", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /sessions", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("mei", "GET /", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("", "GET /sessions", null, 302, "", ""),

        // The day beside the list.
        new("mei", "GET /sessions/day", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /sessions/day", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", "GET /sessions/day", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),

        // The names: what makes no sense is left out.
        new("ana", "GET /sessions/invitees", null, 200, "", ""),
        new("ana", "GET /sessions/invitees?ids=..%2F..,%20,%3Cb%3E&at=x,,9999999999999", null, 200, "", ""),
        new("ana", $"GET /sessions/invitees?ids={Anas}&at=99999999999999999999", null, 200, "", "Jonas Weber"),
        new("ana", $"GET /sessions/invitees?ids={Anas}&at=2147483647", null, 200, "", "Jonas Weber"),
        new("mei", $"GET /sessions/invitees?ids={Anas}", null, 200, "", ""),
        new("rita", $"GET /sessions/invitees?ids={Anas}", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),

        // One session, as a page and as a row.
        new("ana", "GET /sessions/not.an.id", null, 400, "VALIDATION_FAILED", "The address is not one of ours. Go back to the list."),
        new("ana", "GET /sessions/%3Cscript%3E", null, 400, "VALIDATION_FAILED", "The address is not one of ours."),
        new("ana", $"GET /sessions/{new string('a', 256)}", null, 400, "VALIDATION_FAILED", "The address is not one of ours."),
        new("ana", $"GET /sessions/{Unknown}", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /sessions/{Priyas}", null, 404, "NOT_FOUND", NotFound),
        new("priya", $"GET /sessions/{Anas}", null, 404, "NOT_FOUND", NotFound),
        new("mei", $"GET /sessions/{Anas}", null, 409, "NOT_CONNECTED", Connect),
        new("tom", $"GET /sessions/{Anas}", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"GET /sessions/{Anas}", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("ana", $"DELETE /sessions/{Anas}", null, 405, "METHOD_NOT_ALLOWED", "That does not work this way"),
        new("ana", "GET /sessions/not.an.id/row", null, 400, "VALIDATION_FAILED", "The address is not one of ours."),
        new("ana", $"GET /sessions/{Unknown}/row", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /sessions/{Priyas}/row", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /sessions/{Anas}/row?check=soon", null, 400, "VALIDATION_FAILED", "We could not read that request"),
        new("ana", $"GET /sessions/{Anas}/row?check=-7", null, 200, "", "Upcoming"),
        new("ana", "GET /sessions/a/b/c", null, 404, "NOT_FOUND", "Nothing lives here"),

        // The list as JSON.
        new("ana", $"{Api}?count=0", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=101", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=-1", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=2.5", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=ten", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=%201", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=99999999999999999999", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?count=1&count=2", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 sessions."),
        new("ana", $"{Api}?status=gone", null, 400, "VALIDATION_FAILED", "Choose active or canceled."),
        new("ana", $"{Api}?status=Active", null, 400, "VALIDATION_FAILED", "Choose active or canceled."),
        new("ana", $"{Api}?minStartTime=yesterday", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?minStartTime=2026-13-01", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?maxStartTime=2026-02-30T10:00:00Z", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?maxStartTime=1772463600", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?minStartTime=0001-01-01", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?maxStartTime=9999-12-31T23:59:59Z", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?minStartTime=2026-03-11&maxStartTime=2026-03-10", null, 400, "VALIDATION_FAILED", "This is after maxStartTime."),
        new("ana", $"{Api}?minStartTime=2026-03-11&maxStartTime=2026-03-10", null, 400, "VALIDATION_FAILED", "This is before minStartTime."),
        new("ana", $"{Api}?pageToken=nonsense", null, 400, "PAGE_TOKEN_INVALID", Expired),
        new("ana", $"{Api}?pageToken=%00", null, 400, "PAGE_TOKEN_INVALID", Expired),
        new("ana", $"{Api}?pageToken={new string('A', 4_001)}", null, 400, "VALIDATION_FAILED", "This is not a page token."),
        new("ana", "POST /api/calendly/events/scheduled", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("ana", "DELETE /api/calendly/events/scheduled", null, 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("ana", "GET /api/calendly/events/unscheduled", null, 404, "NOT_FOUND", "The address may be mistyped"),
        new("mei", Api, null, 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", Api, null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", Api, null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("", Api, null, 401, "NOT_SIGNED_IN", "Sign in to see this."),
        new("", "POST /api/calendly/events/scheduled", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),

        // Status, connection, sign-in, preferences.
        new("ana", "POST /api/calendly/status", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("", "GET /api/calendly/status", null, 401, "NOT_SIGNED_IN", "Sign in to see this."),
        new("rita", "GET /connection", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("rita", "POST /connection", "place=today", 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("rita", "POST /connection/disconnect", "", 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
        new("ana", "POST /connection/switch", "account=both", 400, "VALIDATION_FAILED", "Choose one of the two accounts."),
        new("ana", "POST /connection/switch", "", 400, "VALIDATION_FAILED", "We could not read that request"),
        new("ana", "POST /sign-in", "as=zoe", 400, "VALIDATION_FAILED", "Choose one of the people below."),
        new("ana", "POST /preferences/zone", "zone=Mars/Olympus", 400, "VALIDATION_FAILED", "Choose a time zone from the list."),
        new("ana", "POST /preferences/zone", "zone=", 400, "VALIDATION_FAILED", "Choose a time zone from the list."),
        new("ana", "POST /preferences/theme", "theme=plaid", 400, "VALIDATION_FAILED", "Choose system, light or dark."),
        new("ana", "GET /nowhere", null, 404, "NOT_FOUND", "Nothing lives here"),
        new("", "GET /nowhere", null, 404, "NOT_FOUND", "Nothing lives here"),
    ];

    [Fact]
    public async Task Bad_input_is_answered_as_the_table_says()
    {
        await using var app = new DashboardApp();

        var mismatches = await BadInput.MismatchesAsync(app, Table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    [Fact]
    public async Task Bad_input_never_costs_a_call_to_calendly()
    {
        await using var app = new DashboardApp();

        await BadInput.MismatchesAsync(app, Table.Where(row => row is { Status: 400 or 403 or 405, As: "ana" or "rita" or "adam" }));

        Assert.Equal([], app.Emulator.Journal.Select(call => $"{call.Method} {call.Path}?{call.Query}"));
    }
}
