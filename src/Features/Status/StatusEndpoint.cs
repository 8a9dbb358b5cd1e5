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

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StatusHandler>();
        services.AddSingleton<StatusValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var everybody = routes.MapGroup("").For(Access.SignedIn);
        everybody.MapGet("/status", PageAsync);
        everybody.MapGet("/status/chip", ChipAsync);
        everybody.MapGet("/api/calendly/status", JsonAsync).Describe(Description);
    }

    private static async Task<IResult> PageAsync(StatusHandler handler, StatusValidator validator, CurrentUser user, ReaderZone zone, CancellationToken cancellationToken)
    {
        var query = new StatusQuery(user.ConnectionOwnerId);
        return validator.Problem(query) is { } problem
            ? Api.Fail(problem)
            : Hypermedia.Of("Status/_Status", new StatusPage(await handler.HandleAsync(query, cancellationToken), zone, user.Coach));
    }

    private static async Task<IResult> ChipAsync(StatusHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Hypermedia.Of("Status/_ConnectionChip", Chip.Of(await handler.HandleAsync(new StatusQuery(user.ConnectionOwnerId), cancellationToken), user));

    private static async Task<IResult> JsonAsync(StatusHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Api.Ok(await handler.HandleAsync(new StatusQuery(user.ConnectionOwnerId), cancellationToken));
}

/// <param name="Coach">Set for somebody who looks on a coach's behalf, and cannot connect anything.</param>
internal sealed record StatusPage(CalendlyStatus Status, ReaderZone Reader, WatchedCoach? Coach);
