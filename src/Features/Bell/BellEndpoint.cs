using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Bell;

internal sealed class BellEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddSingleton<BellHandler>()
        .AddSingleton<BellValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/notices").For(Access.SignedIn, NoticeWords.Panel);
        readers.MapGet("", PageAsync);
        readers.MapGet("/list", ListAsync);
        readers.MapPost("/read", ReadAsync);
    }

    private static async Task<IResult> PageAsync(CurrentUser user, ReaderZone zone, BellHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("Bell/_Notices", await handler.ListAsync(user, zone.Zone, cancellationToken));

    private static async Task<IResult> ListAsync(CurrentUser user, ReaderZone zone, BellHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        Hypermedia.Of("Bell/_List", await handler.ListAsync(user, zone.Zone, cancellationToken) with { IsInMenu = http.Request.IsHtmx() });

    private static async Task<IResult> ReadAsync(
        [FromForm] string? upTo, CurrentUser user, ReaderZone zone, BellValidator validator, BellHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var command = new ReadCommand(user, upTo);
        if (validator.Problem(command) is { } problem)
        {
            return TroublePanel.Of(http, problem, NoticeWords.Panel, "/notices");
        }

        await handler.ReadAsync(command, cancellationToken);
        return http.Request.IsHtmx()
            ? Hypermedia.Of("Bell/_List", await handler.ListAsync(user, zone.Zone, cancellationToken) with { IsInMenu = true })
            : Results.Redirect("/notices");
    }
}
