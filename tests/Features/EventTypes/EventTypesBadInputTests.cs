using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.EventTypes;

/// <summary>Every route of event types, with every kind of bad input.</summary>
public sealed class EventTypesBadInputTests
{
    private const string Api = "GET /api/calendly/events/types";
    private const string Unknown = "3f0f5b3e-1111-4222-8333-944455556666";

    private const string Expired = "This page of the list has expired. Start from the first page.";
    private const string NotFound = "We could not find that event type. It may belong to another account.";
    private const string NotOurs = "The address is not one of ours.";
    private const string Connect = "Your event types are at Calendly. Connect it once to see them here and to share their links.";
    private const string Reconnect = "Calendly has ended our access. Reconnect; nothing here is lost.";
    private const string Coaches = "Only a coach can do this.";
    private const string Down = "Calendly is not answering. Nothing is wrong with your account.";

    private static readonly string Anas = $"/event-types/{EmulatedIds.EventType("ana", "discovery-call")}";
    private static readonly string Off = $"/event-types/{EmulatedIds.EventType("ana", "winter-reset")}";
    private static readonly string Group = $"/event-types/{EmulatedIds.EventType("ana", "open-house-workshop")}";
    private static readonly string Deleted = $"/event-types/{EmulatedIds.EventType("ana", "postcard-review")}";
    private static readonly string Priyas = $"/event-types/{EmulatedIds.EventType("priya", "circle")}";

    private static readonly BadInput[] Table =
    [
        // The list as a page.
        new("ana", "GET /event-types", null, 200, "", "Discovery call"),
        new("ana", "GET /event-types?state=gone", null, 400, "VALIDATION_FAILED", "Choose all, active or off."),
        new("ana", "GET /event-types?state=active&state=off", null, 400, "VALIDATION_FAILED", "Choose all, active or off."),
        new("ana", "GET /event-types?kind=Group", null, 400, "VALIDATION_FAILED", "Choose all, one-on-one, group, round-robin or collective."),
        new("ana", "GET /event-types?sort=booked", null, 400, "VALIDATION_FAILED", "Choose name, position, length or changed."),
        new("ana", $"GET /event-types?q={new string('a', 201)}", null, 400, "VALIDATION_FAILED", "Search for at most 200 characters."),
        new("ana", "GET /event-types?q=%3Cscript%3Ealert(1)%3C/script%3E", null, 200, "", "No event type with “<script>alert(1)</script>” in its name."),
        new("ana", "GET /event-types?pageToken=nonsense", null, 400, "PAGE_TOKEN_INVALID", Expired),
        new("ana", $"GET /event-types?pageToken={new string('A', 4_001)}", null, 400, "VALIDATION_FAILED", "This is not a page of the list."),
        new("ana", "POST /event-types", "q=a", 405, "METHOD_NOT_ALLOWED", "That does not work this way"),
        new("rita", "GET /event-types", null, 403, "FORBIDDEN_ROLE", Coaches),
        new("adam", "GET /event-types", null, 403, "FORBIDDEN_ROLE", Coaches),
        new("mei", "GET /event-types", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /event-types", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("", "GET /event-types", null, 302, "", ""),

        // One event type.
        new("ana", $"GET {Anas}", null, 200, "", "What brings you here? required"),
        new("ana", $"GET {Deleted}", null, 200, "", "Deleted in Calendly"),
        new("ana", "GET /event-types/not.an.id", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", "GET /event-types/%3Cscript%3E", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"GET /event-types/{new string('a', 256)}", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"GET /event-types/{Unknown}", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET {Priyas}", null, 404, "NOT_FOUND", NotFound),
        new("priya", $"GET {Anas}", null, 404, "NOT_FOUND", NotFound),
        new("mei", $"GET {Anas}", null, 409, "NOT_CONNECTED", Connect),
        new("tom", $"GET {Anas}", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"GET {Anas}", null, 403, "FORBIDDEN_ROLE", Coaches),
        new("", $"GET {Anas}", null, 302, "", ""),
        new("ana", $"DELETE {Anas}", null, 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        // When it can be booked.
        new("ana", $"GET {Anas}/bookability", null, 200, "", "open in 7 days"),
        new("ana", "GET /event-types/not.an.id/bookability", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"GET /event-types/{Unknown}/bookability", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET {Priyas}/bookability", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET {Off}/bookability", null, 409, "EVENT_TYPE_OFF", "This event type is off in Calendly, so nobody can book it."),
        new("mei", $"GET {Anas}/bookability", null, 409, "NOT_CONNECTED", Connect),
        new("tom", $"GET {Anas}/bookability", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("adam", $"GET {Anas}/bookability", null, 403, "FORBIDDEN_ROLE", Coaches),

        // Turning on and off.
        new("ana", $"POST {Anas}/activation", "", 400, "VALIDATION_FAILED", "Choose on or off."),
        new("ana", $"POST {Anas}/activation", "active=perhaps", 400, "VALIDATION_FAILED", "Choose on or off."),
        new("ana", $"POST {Anas}/activation", "{\"active\": false}", 400, "VALIDATION_FAILED", "Choose on or off."),
        new("ana", "POST /event-types/not.an.id/activation", "active=false", 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"POST /event-types/{Unknown}/activation", "active=false", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Priyas}/activation", "active=false", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Deleted}/activation", "active=true", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Group}/activation", "active=false", 403, "CALENDLY_FORBIDDEN", "Group event types can only be turned on and off in Calendly."),
        new("mei", $"POST {Anas}/activation", "active=false", 409, "NOT_CONNECTED", Connect),
        new("tom", $"POST {Anas}/activation", "active=false", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"POST {Anas}/activation", "active=false", 403, "FORBIDDEN_ROLE", Coaches),
        new("ana", $"GET {Anas}/activation", null, 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        // Showing to realtors.
        new("ana", $"POST {Anas}/listing", "", 400, "VALIDATION_FAILED", "Choose to show or to hide."),
        new("ana", $"POST {Anas}/listing", "shown=1", 400, "VALIDATION_FAILED", "Choose to show or to hide."),
        new("ana", "POST /event-types/not.an.id/listing", "shown=true", 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"POST /event-types/{Unknown}/listing", "shown=true", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Priyas}/listing", "shown=true", 404, "NOT_FOUND", NotFound),
        new("mei", $"POST {Anas}/listing", "shown=true", 409, "NOT_CONNECTED", Connect),
        new("tom", $"POST {Anas}/listing", "shown=true", 409, "RECONNECT_REQUIRED", Reconnect),
        new("adam", $"POST {Anas}/listing", "shown=true", 403, "FORBIDDEN_ROLE", Coaches),

        // Single-use links.
        new("ana", $"GET {Anas}/links", null, 200, "", "Calendly does not tell us when one is used"),
        new("ana", "GET /event-types/not.an.id/links", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"GET {Priyas}/links", null, 404, "NOT_FOUND", NotFound),
        new("ana", "POST /event-types/not.an.id/links", "", 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"POST /event-types/{Unknown}/links", "", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Priyas}/links", "", 404, "NOT_FOUND", NotFound),
        new("ana", $"POST {Off}/links", "", 409, "EVENT_TYPE_OFF", "a link to it could not be booked"),
        new("mei", $"POST {Anas}/links", "", 409, "NOT_CONNECTED", Connect),
        new("tom", $"POST {Anas}/links", "", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"POST {Anas}/links", "", 403, "FORBIDDEN_ROLE", Coaches),
        new("ana", $"POST {Anas}/links/removal", "", 400, "VALIDATION_FAILED", "Choose a link from the list."),
        new("ana", $"POST {Anas}/links/removal", "link=-1", 400, "VALIDATION_FAILED", "Choose a link from the list."),
        new("ana", $"POST {Anas}/links/removal", "link=99999999999999999999", 400, "VALIDATION_FAILED", "Choose a link from the list."),
        new("ana", $"POST {Priyas}/links/removal", "link=1", 404, "NOT_FOUND", NotFound),
        new("tom", $"POST {Anas}/links/removal", "link=1", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"POST {Anas}/links/removal", "link=1", 403, "FORBIDDEN_ROLE", Coaches),

        // The list as JSON.
        new("ana", $"{Api}?count=0", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 event types."),
        new("ana", $"{Api}?count=101", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 event types."),
        new("ana", $"{Api}?count=ten", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 event types."),
        new("ana", $"{Api}?count=1&count=2", null, 400, "VALIDATION_FAILED", "Ask for 1 to 100 event types."),
        new("ana", $"{Api}?pageToken=nonsense", null, 400, "PAGE_TOKEN_INVALID", Expired),
        new("ana", $"{Api}?pageToken={new string('A', 4_001)}", null, 400, "VALIDATION_FAILED", "This is not a page token."),
        new("ana", "POST /api/calendly/events/types", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("mei", Api, null, 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", Api, null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", Api, null, 403, "FORBIDDEN_ROLE", Coaches),
        new("adam", Api, null, 403, "FORBIDDEN_ROLE", Coaches),
        new("", Api, null, 401, "NOT_SIGNED_IN", "Sign in to see this."),
    ];

    private static readonly BadInput[] WithoutScopes =
    [
        new("ana", "GET /event-types", null, 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", $"GET {Anas}", null, 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", $"GET {Anas}/bookability", null, 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", $"POST {Anas}/activation", "active=false", 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", $"POST {Anas}/listing", "shown=true", 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", $"POST {Anas}/links", "", 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
        new("ana", Api, null, 403, "SCOPE_MISSING", "event_types:read"),
    ];

    private static readonly BadInput[] ReadOnly =
    [
        new("ana", "GET /event-types", null, 200, "", "Your connection does not allow turning event types on or off."),
        new("ana", $"GET {Anas}/bookability", null, 200, "", "Your connection does not allow reading free times."),
        new("ana", $"POST {Anas}/activation", "active=false", 403, "SCOPE_MISSING", "Your connection does not allow turning event types on or off."),
        new("ana", $"POST {Anas}/links", "", 403, "SCOPE_MISSING", "Your connection does not allow making links."),
    ];

    private static readonly BadInput[] WhenDown =
    [
        new("ana", "GET /event-types", null, 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"GET {Anas}", null, 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"GET {Anas}/bookability", null, 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"GET {Anas}/links", null, 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"POST {Anas}/activation", "active=false", 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"POST {Anas}/listing", "shown=true", 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", $"POST {Anas}/links", "", 503, "CALENDLY_UNAVAILABLE", Down),
        new("ana", Api, null, 503, "CALENDLY_UNAVAILABLE", Down),
    ];

    private static readonly BadInput[] WhenRefused =
    [
        new("ana", "GET /event-types", null, 403, "CALENDLY_FORBIDDEN", "Your Calendly plan or role does not allow this."),
        new("ana", Api, null, 403, "CALENDLY_FORBIDDEN", "Your Calendly plan or role does not allow this."),
    ];

    [Fact]
    public async Task Bad_input_is_answered_as_the_table_says()
    {
        await using var app = new DashboardApp();
        await AssertAsync(app, Table);
    }

    [Fact]
    public async Task Bad_input_never_costs_a_call_to_calendly()
    {
        await using var app = new DashboardApp();

        await BadInput.MismatchesAsync(app, Table.Where(row => row is { Status: 400 or 403 or 405, As: "rita" or "adam" } or { Status: 400, Request: ['G', ..] }));

        Assert.Equal([], app.Emulator.Journal.Select(call => $"{call.Method} {call.Path}?{call.Query}"));
    }

    [Fact]
    public async Task What_the_connection_does_not_allow_is_said_by_name()
    {
        await using var app = new DashboardApp();
        await EventTypesData.LimitAsync(app, "ana", "users:read");
        await AssertAsync(app, WithoutScopes);
        await EventTypesData.LimitAsync(app, "ana", "users:read", "event_types:read");
        await AssertAsync(app, ReadOnly);
    }

    [Fact]
    public async Task An_outage_and_a_refusal_of_calendlys_are_told_apart()
    {
        await using var down = new DashboardApp();
        await down.ClientAsync("ana");
        down.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 503, Times = 1_000, RetryAfter = TimeSpan.FromSeconds(30) });
        await AssertAsync(down, WhenDown);

        await using var refusing = new DashboardApp();
        await refusing.ClientAsync("ana");
        refusing.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 403, Times = 1_000 });
        await AssertAsync(refusing, WhenRefused);
    }

    private static async Task AssertAsync(DashboardApp app, IEnumerable<BadInput> table)
    {
        var mismatches = await BadInput.MismatchesAsync(app, table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }
}
