using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Status;

internal sealed class StatusEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StatusHandler>();
        services.AddSingleton<StatusValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", PageAsync);
        routes.MapGet("/status/chip", ChipAsync);
        routes.MapGet("/api/calendly/status", JsonAsync);
    }

    private static async Task<IResult> PageAsync(StatusHandler handler, StatusValidator validator, CurrentUser user, ReaderZone zone, CancellationToken cancellationToken)
    {
        var query = new StatusQuery(user.Id);
        return validator.Problem(query) is { } problem
            ? Api.Fail(problem)
            : Hypermedia.Of("Status/_Status", new StatusPage(await handler.HandleAsync(query, cancellationToken), zone));
    }

    private static async Task<IResult> ChipAsync(StatusHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Hypermedia.Of("Status/_ConnectionChip", Chip.Of(await handler.HandleAsync(new StatusQuery(user.Id), cancellationToken)));

    private static async Task<IResult> JsonAsync(StatusHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Api.Ok(await handler.HandleAsync(new StatusQuery(user.Id), cancellationToken));
}

internal sealed record StatusPage(CalendlyStatus Status, ReaderZone Reader);
