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
        hooks.MapPost("/clock", MoveClockAsync);
        hooks.MapGet("/journal", (CalendlyEmulator emulator) => Results.Json(emulator.Journal));
        hooks.MapDelete("/journal", ClearJournal);
        hooks.MapPost("/faults", AddFault);
        hooks.MapDelete("/faults", ClearFaultsAsync);
        hooks.MapPost("/calendly/busy", AddBusy);
        hooks.MapSessionHooks();
        hooks.MapWebhookHooks();
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

    private static async Task<IResult> MoveClockAsync(ClockRequest request, MockClock clock, CalendlyEmulator emulator, CancellationToken cancellationToken)
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

        // Deliveries that have come due are part of the effect.
        await emulator.Webhooks.IdleAsync(cancellationToken);
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

    private sealed record KnobRequest(string? Knob, int? Times, int? DelayMs);

    /// <param name="End"><c>access</c> or <c>all</c>.</param>
    private sealed record TokensRequest(string? Account, string? End);

    /// <summary>What Calendly does not document; null leaves it as it is.</summary>
    private sealed record BehaviorRequest(bool? ReuseRevokesFamily, bool? OldAccessTokenLivesOn, bool? NewConsentEndsEarlier, double? RotationGraceSeconds);

    private sealed record ResetRequest(DateTimeOffset? Now);

    private sealed record ClockRequest(DateTimeOffset? Set, string? Advance, string? Mode);
}
