using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Status;

internal sealed class StatusEndpoint : IFeatureModule
{
    private static readonly ApiDescription Description = new(
        "Tell the state of the connection",
        "Whether your Calendly account is connected and what it allows. Comes from our own records, so it answers at once, also while Calendly is down.",
        typeof(CalendlyStatus),
        """
        {
          "connected": true,
          "state": "connected",
          "message": "Connected to Calendly.",
          "mode": "real",
          "isMock": false,
          "account": {
            "uri": "https://api.calendly.com/users/5b6c7d8e-3333-4444-8555-966677778888",
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "timezone": "America/New_York",
            "schedulingUrl": "https://calendly.com/ana"
          },
          "scopes": ["users:read", "event_types:read", "scheduled_events:write"],
          "missingScopes": [],
          "connectedAt": "2026-02-20T09:15:00+00:00",
          "refreshedAt": "2026-03-02T14:00:00+00:00",
          "expiresAt": "2026-03-02T16:00:00+00:00",
          "troubleSince": null,
          "slowedForSeconds": null
        }
        """)
    {
        Failures = [FailureCode.DatabaseUnavailable],
    };

    private static readonly PanelWords CheckWords = new(
        What: "the check",
        Connect: "Connect Calendly to check it.",
        Permission: "Checking needs the permission to read who you are.",
        NotFound: "There is nothing to check.",
        BadAddress: "This address cannot be checked.",
        BackUrl: "/status",
        BackWords: "Calendly status");

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StatusHandler>();
        services.AddSingleton<StatusFactsHandler>();
        services.AddSingleton<StatusChecks>();
        services.AddSingleton<CheckHandler>();
        services.AddSingleton<StatusValidator>();
        services.AddSingleton<TurnOnHandler>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var everybody = routes.MapGroup("").For(Access.SignedIn);
        everybody.MapGet("/status", PageAsync);
        everybody.MapPost("/status/check", CheckAsync).For(Access.Coach, RefuseCheck);
        everybody.MapGet("/status/check", HeadAsync);
        everybody.MapGet("/status/check/{row}", RowAsync);
        everybody.MapPost("/status/live-updates", TurnOnAsync).For(Access.Coach, RefuseCheck);
        everybody.MapGet("/status/chip", ChipAsync);
        everybody.MapGet("/api/calendly/status", JsonAsync).Describe(Description);
    }

    private static async Task<IResult> PageAsync(StatusFactsHandler facts, StatusValidator validator, CurrentUser user, ReaderZone zone, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user);
        return validator.Problem(query) is { } problem ? Api.Fail(problem)
            : query.OwnerId is null ? Hypermedia.Of("Status/_NoConnection", user.Role)
            : Page(new StatusPage(await facts.HandleAsync(query, zone.Zone, cancellationToken), user.Coach));
    }

    private static IResult RefuseCheck(HttpContext http, Failure failure)
    {
        http.Response.MarkFailure(failure);
        return CurrentUser.Of(http.User) is { Coach: null, Role: var role }
            ? Hypermedia.Of("Status/_NoConnection", role, StatusCodes.Status403Forbidden)
            : TroublePanel.Of(http, failure, CheckWords, "/status");
    }

    private static async Task<IResult> CheckAsync(
        StatusFactsHandler facts, CheckHandler handler, CurrentUser user, ReaderZone zone, HttpContext http, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user);
        if (!(await handler.StartAsync(query, cancellationToken)).Succeeded(out var check, out var refused))
        {
            http.Response.MarkFailure(refused);
            return Page(new StatusPage(await facts.HandleAsync(query, zone.Zone, cancellationToken), user.Coach, Refused: refused), refused.Code.ToStatusCode());
        }

        if (!http.Request.IsHtmx())
        {
            // Nobody would fetch the rows; once all is done they stand in our records, and the page shows those.
            await check.Whole.WaitAsync(cancellationToken);
            return Results.LocalRedirect("/status");
        }

        http.Response.Trigger("connection-changed");
        return Page(new StatusPage(await facts.HandleAsync(query, zone.Zone, cancellationToken), user.Coach, IsChecking: true));
    }

    private static async Task<IResult> HeadAsync(
        StatusFactsHandler facts, StatusChecks checks, CurrentUser user, ReaderZone zone, HttpContext http, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user);
        if (query.OwnerId is null || !http.Request.IsHtmx())
        {
            return Results.LocalRedirect("/status");
        }

        var check = checks.Find(query.OwnerId);
        await (check?.Whole ?? Task.CompletedTask).WaitAsync(cancellationToken);
        http.Response.Trigger("connection-changed");
        return Hypermedia.Of("Status/_StatusHead", new StatusPage(await facts.HandleAsync(query, zone.Zone, cancellationToken), user.Coach, JustChecked: check is not null));
    }

    private static async Task<IResult> RowAsync(
        string row, StatusFactsHandler facts, StatusChecks checks, StatusValidator validator, CurrentUser user, ReaderZone zone, HttpContext http, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user, row);
        if (validator.Problem(query) is not null)
        {
            return Results.NotFound();
        }

        if (query.OwnerId is null || !http.Request.IsHtmx())
        {
            return Results.LocalRedirect("/status");
        }

        await (checks.Find(query.OwnerId)?.Of(row) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        var now = await facts.HandleAsync(query, zone.Zone, cancellationToken);
        var shown = StatusRows.Of(row, now);
        return Hypermedia.Of("Status/_CheckRow", (shown with { CanTurnOn = shown.CanTurnOn && user.Coach is null }, now));
    }

    private static async Task<IResult> TurnOnAsync(
        TurnOnHandler handler, StatusFactsHandler facts, CurrentUser user, ReaderZone zone, HttpContext http, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user, StatusRows.LiveUpdates);
        await handler.HandleAsync(query, cancellationToken);
        if (!http.Request.IsHtmx())
        {
            return Results.LocalRedirect("/status");
        }

        http.Response.Trigger("connection-changed");
        var now = await facts.HandleAsync(query, zone.Zone, cancellationToken);
        return Hypermedia.Of("Status/_CheckRow", (StatusRows.Of(StatusRows.LiveUpdates, now) with { IsAnswer = true }, now));
    }

    private static async Task<IResult> ChipAsync(StatusHandler handler, StatusChecks checks, CurrentUser user, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = StatusQuery.Of(user);
        return Hypermedia.Of("Status/_ConnectionChip", Chip.Of(await handler.HandleAsync(query, cancellationToken), user, checks.IsRunning(query.OwnerId), clock.GetUtcNow()));
    }

    private static async Task<IResult> JsonAsync(StatusHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Api.Ok(await handler.HandleAsync(StatusQuery.Of(user), cancellationToken));

    private static Hypermedia<StatusPage> Page(StatusPage page, int statusCode = StatusCodes.Status200OK) => Hypermedia.Of("Status/_Status", page, statusCode);
}
