using CalendlySlices.Infrastructure.Calendly.Emulator.Widget;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// What testers drive mock mode with; not mapped otherwise. Takes and gives JSON, needs no antiforgery token, and answers
/// when its effect is complete.
/// </summary>
internal static class TestHooks
{
    public static void MapTestHooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/test").AllowAnonymous().ExcludeFromDescription();
        hooks.MapGet("/go", GoAsync);
        hooks.MapPost("/sign-in", SignInAsync);
        hooks.MapPost("/reset", ResetAsync);
        hooks.MapGet("/clock", Clock);
        hooks.MapPost("/clock", MoveClock);
        hooks.MapGet("/journal", (CalendlyEmulator emulator) => Results.Json(emulator.Journal));
        hooks.MapDelete("/journal", ClearJournal);
        hooks.MapPost("/faults", AddFault);
        hooks.MapDelete("/faults", ClearFaultsAsync);
        hooks.MapPost("/calendly/busy", AddBusy);
        hooks.MapPost("/calendly/sessions", Book);
        hooks.MapPost("/calendly/cancel", Cancel);
        hooks.MapPost("/calendly/move", Move);
        hooks.MapPost("/widget", TurnKnob);
        hooks.MapDelete("/widget", LeaveKnobs);
        hooks.MapPost("/calendly/tokens", EndTokens);
        hooks.MapGet("/calendly/behavior", (CalendlyEmulator emulator) => Behavior(emulator));
        hooks.MapPost("/calendly/behavior", ChangeBehavior);
    }

    private static async Task<IResult> GoAsync(string? @as, string? to, People people, HttpContext context)
    {
        if (@as is not null && !await TrySignInAsync(@as, people, context))
        {
            return NoPersona();
        }

        return Results.LocalRedirect(LocalPath.OrHome(to));
    }

    private static async Task<IResult> SignInAsync(SignInRequest request, People people, HttpContext context) =>
        await TrySignInAsync(request.As, people, context) ? Results.Json(new { signedInAs = request.As }) : NoPersona();

    private static async Task<bool> TrySignInAsync(string? key, People people, HttpContext context)
    {
        if (Personas.Find(key) is not { } persona)
        {
            return false;
        }

        var user = new CurrentUser(await people.FindOrAddAsync(persona.UserId, context.RequestAborted), persona.Name, persona.Role);
        await context.BeginSessionAsync(user);
        ReaderZone.Keep(context.Response, persona.Zone);
        return true;
    }

    private static async Task<IResult> ResetAsync(ResetRequest? request, MockWorld world, MockClock clock, CancellationToken cancellationToken)
    {
        if (request?.Now is { } now)
        {
            clock.Set(now);
        }

        await world.BeginAsync(cancellationToken);
        return Clock(clock);
    }

    private static IResult Clock(MockClock clock) =>
        Results.Json(new { now = clock.GetUtcNow(), mode = clock.IsFrozen ? "frozen" : "ticking" });

    private static IResult MoveClock(ClockRequest request, MockClock clock)
    {
        if (request.Set is { } instant)
        {
            clock.Set(instant);
        }

        if (request.Advance is { } text)
        {
            if (PeriodPattern.NormalizingIso.Parse(text) is not { Success: true, Value: var period } || period.Months != 0 || period.Years != 0)
            {
                return Results.BadRequest(new { problem = "advance takes an ISO 8601 duration, for example PT1H" });
            }

            clock.Advance(period.ToDuration().ToTimeSpan());
        }

        switch (request.Mode)
        {
            case "ticking":
                clock.Tick();
                break;
            case "frozen":
                clock.Set(clock.GetUtcNow());
                break;
        }

        return Clock(clock);
    }

    private static IResult ClearJournal(CalendlyEmulator emulator)
    {
        emulator.ClearJournal();
        return Results.NoContent();
    }

    private static IResult AddFault(FaultRequest request, CalendlyEmulator emulator, ReadCache reads)
    {
        if (request.ToFault() is not { } fault)
        {
            return Results.BadRequest(new { problem = $"kind is one of {string.Join(", ", FaultRequest.Kinds)}; status needs a status" });
        }

        emulator.Faults.Add(fault);
        reads.Expire();
        return Results.NoContent();
    }

    private static async Task<IResult> ClearFaultsAsync(CalendlyEmulator emulator, CalendlyResilience resilience, CancellationToken cancellationToken)
    {
        emulator.Faults.Clear();
        await resilience.CloseBreakerAsync(cancellationToken);
        return Results.NoContent();
    }

    private static IResult AddBusy(BusyRequest request, CalendlyEmulator emulator, ReadCache reads)
    {
        if (WorldAccounts.All.All(account => account.Key != request.Account) || request.Start is not { } start || request.End is not { } end || end <= start)
        {
            return Results.BadRequest(new { problem = $"account is one of {string.Join(", ", WorldAccounts.All.Select(account => account.Key))}; end is after start" });
        }

        emulator.AddBusy(request.Account!, start, end);
        reads.Expire();
        return Results.NoContent();
    }

    private static IResult Book(SessionRequest request, CalendlyEmulator emulator, ReadCache reads)
    {
        if (!BookingRules.IsEmail(request.Email) || string.IsNullOrWhiteSpace(request.Name) || request.Start is not { } start)
        {
            return Results.BadRequest(new { problem = "name, email and start are required" });
        }

        return Acted(reads, emulator.At((desk, now) =>
        {
            var type = desk.World.EventTypes.FirstOrDefault(type => type.Owner.Key == request.Account && type.Slug == request.EventType && type.DeletedAt is null);
            var booking = new BookingRequest(request.Name, request.Email!, null) { Tracking = EmulatedTracking.None with { Content = request.UtmContent } };
            return type is null ? null : Uris(desk.Book(type, start.ToUniversalTime(), booking, now));
        }));
    }

    private static IResult Cancel(InviteeRequest request, CalendlyEmulator emulator, ReadCache reads) =>
        Acted(reads, emulator.At((desk, now) => request.Find(desk) is { } invitee && desk.Cancel(invitee.Id, request.Reason, now) ? Uris(invitee) : null));

    private static IResult Move(InviteeRequest request, CalendlyEmulator emulator, ReadCache reads) => request.Start is not { } start
        ? Results.BadRequest(new { problem = "start is required" })
        : Acted(reads, emulator.At((desk, now) => request.Find(desk) is { } invitee ? Uris(desk.Move(invitee.Id, start.ToUniversalTime(), request.Reason, EmulatedTracking.None, now)) : null));

    private static object? Uris(EmulatedInvitee? invitee) => invitee is null ? null : new { @event = invitee.EventUri, invitee = invitee.Uri };

    private static IResult Acted(ReadCache reads, object? done)
    {
        reads.Expire();
        return done is null ? Results.Conflict(new { problem = "Calendly would not let an invitee do that: nobody and nothing of that name, or a time that is not open" }) : Results.Json(done);
    }

    private static IResult TurnKnob(KnobRequest request, CalendlyEmulator emulator)
    {
        if (request.Knob is null || !WidgetKnobs.ByName.TryGetValue(request.Knob, out var knob) || request.Times is < 1 or > 1_000 || request.DelayMs is < 0 or > 600_000)
        {
            return Results.BadRequest(new { problem = $"knob is one of {string.Join(", ", WidgetKnobs.ByName.Keys)}" });
        }

        emulator.Knobs.Add(knob, request.Times ?? 1, request.DelayMs ?? 0);
        return Results.NoContent();
    }

    private static IResult LeaveKnobs(CalendlyEmulator emulator)
    {
        emulator.Knobs.Clear();
        return Results.NoContent();
    }

    private static IResult EndTokens(TokensRequest request, CalendlyEmulator emulator, ReadCache reads)
    {
        if (WorldAccounts.All.All(account => account.Key != request.Account) || request.End is not ("access" or "all"))
        {
            return Results.BadRequest(new { problem = $"account is one of {string.Join(", ", WorldAccounts.All.Select(account => account.Key))}; end is access or all" });
        }

        if (request.End == "all")
        {
            emulator.EndGrants(request.Account!);
        }
        else
        {
            emulator.EndAccessTokens(request.Account!);
        }

        reads.Expire();
        return Results.NoContent();
    }

    private static IResult ChangeBehavior(BehaviorRequest request, CalendlyEmulator emulator)
    {
        var options = emulator.Options;
        options.ReuseRevokesFamily = request.ReuseRevokesFamily ?? options.ReuseRevokesFamily;
        options.OldAccessTokenLivesOn = request.OldAccessTokenLivesOn ?? options.OldAccessTokenLivesOn;
        options.NewConsentEndsEarlier = request.NewConsentEndsEarlier ?? options.NewConsentEndsEarlier;
        options.RotationGrace = request.RotationGraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.RotationGrace;
        return Behavior(emulator);
    }

    private static IResult Behavior(CalendlyEmulator emulator) => Results.Json(new
    {
        emulator.Options.ReuseRevokesFamily,
        emulator.Options.OldAccessTokenLivesOn,
        emulator.Options.NewConsentEndsEarlier,
        RotationGraceSeconds = emulator.Options.RotationGrace.TotalSeconds,
        emulator.TokenCalls,
        emulator.SpentRefreshTokensPresented,
    });

    private static IResult NoPersona() =>
        Results.BadRequest(new { problem = $"as is one of {string.Join(", ", Personas.All.Select(persona => persona.Key))}" });

    private sealed record SignInRequest(string? As);

    private sealed record BusyRequest(string? Account, DateTimeOffset? Start, DateTimeOffset? End);

    /// <param name="EventType">A slug.</param>
    private sealed record SessionRequest(string? Account, string? EventType, DateTimeOffset? Start, string? Name, string? Email, string? UtmContent);

    /// <summary>An invitee by id or URI, or the first who still comes to an event.</summary>
    private sealed record InviteeRequest(string? Invitee, string? Event, string? Reason, DateTimeOffset? Start)
    {
        public EmulatedInvitee? Find(BookingDesk desk) =>
            Invitee is not null ? desk.World.InviteeById(CalendlyUri.LastSegment(Invitee))?.Invitee
            : Event is not null && desk.World.TryGetEvent(CalendlyUri.LastSegment(Event), out var session) ? session.Invitees.FirstOrDefault(invitee => invitee.IsActive)
            : null;
    }

    private sealed record KnobRequest(string? Knob, int? Times, int? DelayMs);

    /// <param name="End"><c>access</c> or <c>all</c>.</param>
    private sealed record TokensRequest(string? Account, string? End);

    /// <summary>What Calendly does not document; null leaves it as it is.</summary>
    private sealed record BehaviorRequest(bool? ReuseRevokesFamily, bool? OldAccessTokenLivesOn, bool? NewConsentEndsEarlier, double? RotationGraceSeconds);

    private sealed record ResetRequest(DateTimeOffset? Now);

    private sealed record ClockRequest(DateTimeOffset? Set, string? Advance, string? Mode);
}
