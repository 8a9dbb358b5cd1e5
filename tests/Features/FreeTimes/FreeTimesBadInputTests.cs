using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.FreeTimes;

/// <summary>Every route of free times, good and with every kind of bad input.</summary>
public sealed class FreeTimesBadInputTests
{
    private const string Api = "GET /api/calendly/availability/free";
    private const string Root = "https://api.calendly.com/event_types/";
    private const string NotAType = "That is not an event type.";
    private const string NotADay = "That is not a day. Write it like 2026-03-10.";
    private const string NotATime = "That is not a time. Write it like 2026-03-10T09:00:00Z";
    private const string WholeUri = "Send the event type's whole URI";
    private const string NotFound = "We could not find that event type. It may belong to another account.";
    private const string Connect = "Connect it once to see when you can be booked.";
    private const string Reconnect = "Calendly has ended our access. Reconnect; nothing here is lost.";

    private static readonly string Own = EmulatedIds.EventType("ana", "discovery-call");
    private static readonly string Hidden = EmulatedIds.EventType("priya", "hill-retreat");
    private static readonly string Off = EmulatedIds.EventType("ana", "winter-reset");
    private static readonly string Unknown = "3f0f5b3e-1111-4222-8333-944455556666";

    private static readonly BadInput[] Table =
    [
        // The page.
        new("ana", "GET /free-times", null, 200, "", "Discovery call"),
        new("ana", $"GET /free-times?eventType={Own}&view=month", null, 200, "", "Discovery call"),
        new("rita", $"GET /free-times?eventType={Own}", null, 200, "", "With Ana Ruiz"),
        new("adam", "GET /free-times", null, 200, "", "With Ana Ruiz"),
        new("ana", "GET /free-times?eventType=not.an.id", null, 400, "VALIDATION_FAILED", NotAType),
        new("ana", "GET /free-times?eventType=../users/me", null, 400, "VALIDATION_FAILED", NotAType),
        new("ana", $"GET /free-times?eventType={new string('a', 256)}", null, 400, "VALIDATION_FAILED", NotAType),
        new("ana", "GET /free-times?date=2026-02-30", null, 400, "VALIDATION_FAILED", NotADay),
        new("ana", "GET /free-times?date=tomorrow", null, 400, "VALIDATION_FAILED", NotADay),
        new("ana", "GET /free-times?date=2028-01-01", null, 400, "VALIDATION_FAILED", "Choose a day within a year from today."),
        new("ana", "GET /free-times?view=year", null, 400, "VALIDATION_FAILED", "Choose week, two-weeks, month, day or list."),
        new("ana", "GET /free-times?hours=some", null, 400, "VALIDATION_FAILED", "Choose all, or leave it out."),
        new("ana", "GET /free-times?weeks=9", null, 400, "VALIDATION_FAILED", "Choose 4 or 8 weeks."),
        new("ana", $"GET /free-times?eventType={Unknown}", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /free-times?eventType={Hidden}", null, 404, "NOT_FOUND", NotFound),
        new("rita", $"GET /free-times?eventType={Hidden}", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /free-times?eventType={Off}", null, 409, "EVENT_TYPE_OFF", "Winter reset is off in Calendly, so nobody can book it."),
        new("mei", "GET /free-times", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /free-times", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("", "GET /free-times", null, 302, "", ""),
        new("ana", "POST /free-times", "view=week", 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        // One start.
        new("ana", $"GET /free-times/slot?eventType={Own}&start=2026-03-10T13:00:00Z", null, 200, "", "Tue 10 Mar, 09:00–09:30 EDT (UTC−4)"),
        new("ana", $"GET /free-times/slot?eventType={Own}", null, 400, "VALIDATION_FAILED", "That is not a time. Choose one from the list."),
        new("ana", $"GET /free-times/slot?eventType={Own}&start=2026-03-10", null, 400, "VALIDATION_FAILED", "That is not a time. Choose one from the list."),
        new("ana", $"GET /free-times/slot?eventType={Own}&start=9999-12-31T23:59:59Z", null, 400, "VALIDATION_FAILED", "That is not a time. Choose one from the list."),
        new("ana", "GET /free-times/slot?start=2026-03-10T13:00:00Z", null, 400, "VALIDATION_FAILED", NotAType),
        new("ana", $"GET /free-times/slot?eventType={Own}&start=2026-03-10T13:07:00Z", null, 409, "SLOT_TAKEN", "has just been taken. Closest free:"),
        new("ana", $"GET /free-times/slot?eventType={Own}&start=2026-02-10T13:00:00Z", null, 409, "SLOT_TAKEN", "has just been taken. Closest free:"),
        new("ana", $"GET /free-times/slot?eventType={Hidden}&start=2026-03-10T13:00:00Z", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /free-times/slot?eventType={Off}&start=2026-03-10T13:00:00Z", null, 409, "EVENT_TYPE_OFF", "is off in Calendly"),
        new("mei", $"GET /free-times/slot?eventType={Unknown}&start=2026-03-10T13:00:00Z", null, 409, "NOT_CONNECTED", Connect),
        new("", $"GET /free-times/slot?eventType={Own}&start=2026-03-10T13:00:00Z", null, 302, "", ""),

        // What follows the page: reasons are left out where they cannot be told.
        new("ana", $"GET /free-times/reasons?eventType={Own}&date=2026-03-09", null, 200, "", "All busy: 1 calendar block"),
        new("ana", "GET /free-times/reasons?eventType=not.an.id", null, 200, "", ""),
        new("mei", $"GET /free-times/reasons?eventType={Unknown}", null, 200, "", ""),
        new("ana", $"GET /free-times/next?eventType={Own}", null, 200, "", "Next free: Mon 30 Mar"),
        new("ana", "GET /free-times/next?date=x", null, 400, "VALIDATION_FAILED", "The address is not one of ours."),
        new("ana", $"GET /free-times/next?eventType={Hidden}", null, 404, "NOT_FOUND", NotFound),
        new("ana", $"GET /free-times/text?eventType={Own}", null, 200, "", "Discovery call, 30 min. Times in America/New_York:"),
        new("ana", $"GET /free-times/text?eventType={Own}&receiverZone=Mars/Olympus", null, 400, "VALIDATION_FAILED", "That is not a time zone. Write it like Europe/London."),
        new("rita", $"GET /free-times/text?eventType={Hidden}", null, 404, "NOT_FOUND", NotFound),

        // JSON.
        new("ana", Api, null, 400, "VALIDATION_FAILED", "Say which event type: eventUri."),
        new("ana", $"{Api}?eventUri={Own}", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri=https://evil.example/event_types/{Own}", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri=https://api.calendly.com.evil.example/event_types/{Own}", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri=http://api.calendly.com/event_types/{Own}", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri=https://api.calendly.com/users/{Own}", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri={Root}{Own}/../x", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri={Root}{Own}?x=1", null, 400, "VALIDATION_FAILED", WholeUri),
        new("ana", $"{Api}?eventUri={Root}{Own}&startTime=soon", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?eventUri={Root}{Own}&endTime=2026-02-30", null, 400, "VALIDATION_FAILED", NotATime),
        new("ana", $"{Api}?eventUri={Root}{Own}&startTime=2026-03-10&endTime=2026-03-09", null, 400, "VALIDATION_FAILED", "This has to be after startTime, and ahead."),
        new("ana", $"{Api}?eventUri={Root}{Own}&endTime=2026-01-09", null, 400, "VALIDATION_FAILED", "This has to be after startTime, and ahead."),
        new("ana", $"{Api}?eventUri={Root}{Own}&startTime=2026-03-10&endTime=2026-04-11", null, 400, "VALIDATION_FAILED", "Ask for at most 31 days at once."),
        new("ana", $"{Api}?eventUri={Root}{Unknown}", null, 404, "NOT_FOUND", "We could not find that."),
        new("ana", $"{Api}?eventUri={Root}{Hidden}", null, 404, "NOT_FOUND", "We could not find that."),
        new("rita", $"{Api}?eventUri={Root}{Hidden}", null, 404, "NOT_FOUND", "We could not find that."),
        new("ana", $"{Api}?eventUri={Root}{Off}", null, 409, "EVENT_TYPE_OFF", "Winter reset is off in Calendly"),
        new("mei", $"{Api}?eventUri={Root}{Unknown}", null, 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", $"{Api}?eventUri={Root}{Unknown}", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("", $"{Api}?eventUri={Root}{Own}", null, 401, "NOT_SIGNED_IN", "Sign in to see this."),
        new("ana", "POST /api/calendly/availability/free", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
    ];

    [Fact]
    public async Task Every_route_answers_as_the_table_says()
    {
        await using var app = new DashboardApp();

        var mismatches = await BadInput.MismatchesAsync(app, Table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    [Theory]
    [InlineData(400, null, 400, "VALIDATION_FAILED")]
    [InlineData(403, null, 403, "CALENDLY_FORBIDDEN")]
    [InlineData(404, null, 404, "NOT_FOUND")]
    [InlineData(429, 42, 429, "RATE_LIMITED")]
    [InlineData(501, null, 503, "CALENDLY_UNAVAILABLE")]
    public async Task What_calendly_refuses_is_told_as_page_and_as_json(int upstream, int? wait, int status, string code)
    {
        await using var app = new DashboardApp();
        app.Emulator.Faults.Add(new Fault("/event_type_available_times", FaultKind.Status)
        {
            Status = upstream,
            Times = 1_000,
            RetryAfter = wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });

        BadInput[] table =
        [
            new("ana", $"GET /free-times?eventType={Own}", null, status, code, ""),
            new("ana", $"GET /free-times/slot?eventType={Own}&start=2026-03-10T13:00:00Z", null, status, code, ""),
            new("ana", $"GET /free-times/next?eventType={Own}", null, status, code, ""),
            new("ana", $"GET /free-times/text?eventType={Own}", null, status, code, ""),
            new("ana", $"GET /free-times/reasons?eventType={Own}", null, 200, "", ""),
            new("ana", $"{Api}?eventUri={Root}{Own}", null, status, code, ""),
        ];

        var mismatches = await BadInput.MismatchesAsync(app, table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }
}
