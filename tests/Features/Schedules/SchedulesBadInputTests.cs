using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Schedules;

/// <summary>Every route of schedules, with every kind of bad input.</summary>
public sealed class SchedulesBadInputTests
{
    private const string Api = "GET /api/calendly/availability/schedules";
    private const string Unknown = "3f0f5b3e-1111-4222-8333-944455556666";

    private const string OnlyCoaches = "Only a coach can do this.";
    private const string Connect = "Your hours are at Calendly. Connect it once to see and change them here.";
    private const string Reconnect = "Calendly has ended our access. Reconnect; nothing here is lost.";
    private const string NotOurs = "The address is not one of ours.";
    private const string NoHours = "We could not find those hours. They may belong to another account.";
    private const string NoSchedule = "We could not find that schedule. It may belong to another account.";
    private const string NotAUser = "This is not a user's URI.";

    private static readonly string Working = EmulatedIds.Schedule("ana", "working-hours");
    private static readonly string Priyas = EmulatedIds.Schedule("priya", "working-hours");
    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");
    private static readonly string Form = $"POST /schedules/{Working}/hours";
    private static readonly string TypeForm = $"POST /schedules/event-types/{Discovery}/hours";

    private static readonly BadInput[] Table =
    [
        // The page.
        new("ana", "GET /schedules", null, 200, "", "Working hours"),
        new("ana", "GET /schedules?week=2026-03-09&zone=schedule", null, 200, "", "Mon 9 Mar – Sun 15 Mar"),
        new("ana", "GET /schedules?week=soon", null, 400, "VALIDATION_FAILED", "That is not a day. Write it like 2026-03-10."),
        new("ana", "GET /schedules?week=2026-02-30", null, 400, "VALIDATION_FAILED", "That is not a day."),
        new("ana", "GET /schedules?week=2026-03-09&week=2026-03-16", null, 400, "VALIDATION_FAILED", "That is not a day."),
        new("ana", "GET /schedules?week=2026-02-16", null, 400, "VALIDATION_FAILED", "Choose a week from this one to a year ahead."),
        new("ana", "GET /schedules?week=2027-03-08", null, 400, "VALIDATION_FAILED", "Choose a week from this one to a year ahead."),
        new("ana", "GET /schedules?week=9999-12-31", null, 400, "VALIDATION_FAILED", "Choose a week from this one to a year ahead."),
        new("ana", "GET /schedules?week=0001-01-01", null, 400, "VALIDATION_FAILED", "Choose a week from this one to a year ahead."),
        new("ana", "GET /schedules?zone=yours", null, 400, "VALIDATION_FAILED", "Choose schedule or mine."),
        new("ana", "GET /schedules?zone=%3Cscript%3E", null, 400, "VALIDATION_FAILED", "Choose schedule or mine."),
        new("ana", "GET /schedules?renew=yes", null, 200, "", "Working hours"),
        new("ana", "POST /schedules", "week=2026-03-09", 405, "METHOD_NOT_ALLOWED", "That does not work this way"),
        new("mei", "GET /schedules", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /schedules", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", "GET /schedules", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("adam", "GET /schedules", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("", "GET /schedules", null, 302, "", ""),

        // The event types of a schedule, and those of none.
        new("ana", $"GET /schedules/{Working}/event-types", null, 200, "", "Discovery call"),
        new("ana", $"GET /schedules/{Unknown}/event-types", null, 404, "NOT_FOUND", NoSchedule),
        new("ana", $"GET /schedules/{Priyas}/event-types", null, 404, "NOT_FOUND", NoSchedule),
        new("ana", "GET /schedules/not.an.id/event-types", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", "GET /schedules/event-types", null, 200, "", "None: every event type uses a schedule above."),
        new("mei", $"GET /schedules/{Working}/event-types", null, 409, "NOT_CONNECTED", Connect),
        new("tom", "GET /schedules/event-types", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"GET /schedules/{Working}/event-types", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("adam", "GET /schedules/event-types", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("", "GET /schedules/event-types", null, 302, "", ""),

        // The editor.
        new("ana", $"GET /schedules/{Working}/hours", null, 200, "", "Hours of Working hours"),
        new("ana", $"GET /schedules/event-types/{Discovery}/hours", null, 200, "", "Hours of Discovery call"),
        new("ana", $"GET /schedules/{Unknown}/hours", null, 404, "NOT_FOUND", NoHours),
        new("ana", $"GET /schedules/event-types/{Unknown}/hours", null, 404, "NOT_FOUND", NoHours),
        new("ana", $"GET /schedules/event-types/{EmulatedIds.EventType("ana", "postcard-review")}/hours", null, 404, "NOT_FOUND", NoHours),
        new("priya", $"GET /schedules/event-types/{Discovery}/hours", null, 404, "NOT_FOUND", NoHours),
        new("ana", "GET /schedules/not.an.id/hours", null, 400, "VALIDATION_FAILED", NotOurs),
        new("ana", "GET /schedules/event-types/%3Cb%3E/hours", null, 400, "VALIDATION_FAILED", NotOurs),
        new("mei", $"GET /schedules/{Working}/hours", null, 409, "NOT_CONNECTED", Connect),
        new("tom", $"GET /schedules/event-types/{Discovery}/hours", null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", $"GET /schedules/{Working}/hours", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("adam", $"GET /schedules/event-types/{Discovery}/hours", null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("", $"GET /schedules/{Working}/hours", null, 302, "", ""),
        new("ana", $"DELETE /schedules/{Working}/hours", null, 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        // The editor's form.
        new("ana", Form, "do=explode&seen=x", 400, "VALIDATION_FAILED", "Something in the request needs another look."),
        new("ana", Form, "do=add-someday&seen=x", 400, "VALIDATION_FAILED", "Something in the request needs another look."),
        new("ana", Form, "", 400, "VALIDATION_FAILED", "This form is not complete. Open it again."),
        new("ana", Form, "do=save", 400, "VALIDATION_FAILED", "This form is not complete. Open it again."),
        new("ana", Form, "do=undo", 400, "VALIDATION_FAILED", "This form is not complete. Open it again."),
        new("ana", Form, "seen=x&monday-from=09:00", 400, "VALIDATION_FAILED", "Fill in both times, or remove this line."),
        new("ana", Form, "seen=x&monday-from=nine&monday-to=17:00", 400, "VALIDATION_FAILED", "Write both times like 09:00, from 00:00 to 24:00."),
        new("ana", Form, "seen=x&monday-from=09:00&monday-to=24:05", 400, "VALIDATION_FAILED", "Write both times like 09:00, from 00:00 to 24:00."),
        new("ana", Form, "seen=x&monday-from=09:02&monday-to=17:00", 400, "VALIDATION_FAILED", "Calendly takes steps of 5 minutes."),
        new("ana", Form, "seen=x&monday-from=17:00&monday-to=09:00", 400, "VALIDATION_FAILED", "The start has to be before the end."),
        new("ana", TypeForm, "seen=x&do=save&friday-from=09:00&friday-to=12:00&friday-from=11:00&friday-to=13:00", 400, "VALIDATION_FAILED", "This overlaps 09:00–12:00 on Friday."),
        new("ana", TypeForm, "seen=x&do=remove-monday-99", 200, "", "Removed hours on Monday."),
        new("ana", TypeForm, "seen=x&do=copy-monday&copy-monday=someday", 200, "", "No day was ticked to copy to."),
        new("ana", TypeForm, "seen=x&do=save&friday-from=09:00&friday-to=12:00", 409, "HOURS_CHANGED", "These hours were changed by somebody else meanwhile."),
        new("ana", Form, "{}", 400, "VALIDATION_FAILED", NotOurs),
        new("ana", $"POST /schedules/{Unknown}/hours", "seen=x&do=save", 404, "NOT_FOUND", "Calendly does not let us change these hours."),
        new("ana", $"POST /schedules/{Unknown}/hours", "seen=x&do=add-monday", 404, "NOT_FOUND", NoHours),
        new("ana", "POST /schedules/not.an.id/hours", "seen=x&do=save", 400, "VALIDATION_FAILED", NotOurs),
        new("priya", TypeForm, "seen=x&do=save", 404, "NOT_FOUND", "Calendly does not let us change these hours."),
        new("mei", Form, "seen=x&do=save", 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", TypeForm, "seen=x&do=save", 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", Form, "seen=x&do=save", 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("adam", TypeForm, "seen=x&do=save", 403, "FORBIDDEN_ROLE", OnlyCoaches),

        // The list as JSON.
        new("ana", $"{Api}?userUri=ana", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://api.calendly.com/organizations/A", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://evil.example/users/A", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://api.calendly.com/users/a/../b", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://api.calendly.com/users/", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://api.calendly.com/users/A&userUri=https://api.calendly.com/users/B", null, 400, "VALIDATION_FAILED", NotAUser),
        new("ana", $"{Api}?userUri=https://api.calendly.com/users/SOMEBODYELSE", null, 403, "FORBIDDEN_USER", "You may not see this person's calendar."),
        new("ana", "POST /api/calendly/availability/schedules", "{}", 405, "METHOD_NOT_ALLOWED", "This address does not take that method."),
        new("mei", Api, null, 409, "NOT_CONNECTED", "Connect Calendly to see this."),
        new("tom", Api, null, 409, "RECONNECT_REQUIRED", Reconnect),
        new("rita", Api, null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("adam", Api, null, 403, "FORBIDDEN_ROLE", OnlyCoaches),
        new("", Api, null, 401, "NOT_SIGNED_IN", "Sign in to see this."),
    ];

    [Fact]
    public async Task Bad_input_is_answered_as_the_table_says()
    {
        await using var app = new DashboardApp();

        var mismatches = await BadInput.MismatchesAsync(app, Table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Method == "PATCH");
    }

    [Theory]
    [InlineData(403, 403, "CALENDLY_FORBIDDEN", "Your Calendly plan or role does not allow this.")]
    [InlineData(429, 429, "RATE_LIMITED", "Calendly asked us to wait")]
    [InlineData(503, 503, "CALENDLY_UNAVAILABLE", "Calendly is not answering. Nothing is wrong with your account.")]
    public async Task Whatever_calendly_refuses_is_told_on_every_route(int refusal, int status, string code, string message)
    {
        await using var app = new DashboardApp();
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = refusal, Times = 1000 });

        var mismatches = await BadInput.MismatchesAsync(app,
        [
            new("ana", "GET /schedules", null, status, code, message),
            new("ana", $"GET /schedules/{Working}/event-types", null, status, code, message),
            new("ana", "GET /schedules/event-types", null, status, code, message),
            new("ana", $"GET /schedules/{Working}/hours", null, status, code, message),
            new("ana", $"GET /schedules/event-types/{Discovery}/hours", null, status, code, message),
            new("ana", Form, "seen=x&do=save", status, code, refusal == 429 ? "Calendly asked us to wait" : message),
            new("ana", TypeForm, "seen=x", status, code, refusal == 429 ? "Calendly asked us to wait" : message),
            new("ana", Api, null, status, code, refusal == 429 ? "Calendly asked us to wait a moment." : message),
        ]);

        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    [Fact]
    public async Task A_connection_without_the_permission_says_which_one_is_missing()
    {
        await using var app = new DashboardApp(services => services.AddSingleton<IConnections>(provider =>
            new Narrowed(provider.GetRequiredService<TokenStore>(), "scheduled_events:write", "availability:read")));
        await using var blind = new DashboardApp(services => services.AddSingleton<IConnections>(provider =>
            new Narrowed(provider.GetRequiredService<TokenStore>(), "scheduled_events:write")));

        var mismatches = await BadInput.MismatchesAsync(app,
        [
            new("ana", "GET /schedules", null, 200, "", "Working hours"),
            new("ana", $"GET /schedules/{Working}/event-types", null, 403, "SCOPE_MISSING", "Your connection does not allow reading event types."),
            new("ana", $"GET /schedules/{Working}/hours", null, 403, "SCOPE_MISSING", "Your connection does not allow changing hours."),
            new("ana", Form, "seen=x&do=save", 403, "SCOPE_MISSING", "Your connection does not allow changing hours."),
        ]);
        mismatches.AddRange(await BadInput.MismatchesAsync(blind,
        [
            new("ana", "GET /schedules", null, 403, "SCOPE_MISSING", "Your connection does not allow reading hours."),
            new("ana", Api, null, 403, "SCOPE_MISSING", "Your connection to Calendly does not allow this."),
        ]));

        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    /// <summary>Everybody's connection, with fewer scopes.</summary>
    private sealed class Narrowed(IConnections connections, params string[] scopes) : IConnections
    {
        public async Task<Connection?> FindAsync(long userId, CancellationToken cancellationToken) =>
            await connections.FindAsync(userId, cancellationToken) is { } connection ? connection with { Scopes = scopes } : null;
    }
}
