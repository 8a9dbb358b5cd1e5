using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Admin;

internal sealed class AdminEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddScoped<AdminHandler>();
        services.AddSingleton<AdminValidator>();
        services.AddSingleton<RevocationValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var admins = routes.MapGroup("").For(Access.Admin, AdminsOnly.Refuse);
        admins.MapGet("/admin", ListAsync);
        admins.MapGet("/admin/connections/{id}", ConnectionAsync);
        admins.MapGet("/admin/connections/{id}/disconnection", FormAsync);
        admins.MapPost("/admin/connections/{id}/disconnection", DisconnectAsync);
        admins.MapGet("/admin/revocation", ProgressAsync);
        admins.MapPost("/admin/revocation", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] AdminQuery query, AdminHandler handler, AdminValidator validator, ReaderZone zone, HttpResponse response, CancellationToken cancellationToken)
    {
        if (validator.Problem(query) is { } problem)
        {
            response.MarkFailure(problem);
            return Hypermedia.Of(
                "Admin/_Admin", await handler.HandleAsync(new AdminQuery(), zone.Zone, cancellationToken) with { Query = query, Problem = problem }, problem.Code.ToStatusCode());
        }

        return Hypermedia.Of("Admin/_Admin", await handler.HandleAsync(query, zone.Zone, cancellationToken));
    }

    private static async Task<IResult> ConnectionAsync(string id, AdminHandler handler, ReaderZone zone, HttpContext http, CancellationToken cancellationToken) =>
        await handler.FindAsync(id, zone.Zone, cancellationToken) is { } line
            ? Hypermedia.Of("Admin/_Connection", line)
            : NotFound(http);

    private static async Task<IResult> FormAsync(string id, AdminHandler handler, ReaderZone zone, HttpContext http, CancellationToken cancellationToken) =>
        await handler.FindAsync(id, zone.Zone, cancellationToken) is { } line
            ? Hypermedia.Of("Admin/_DisconnectForm", line)
            : NotFound(http);

    private static async Task<IResult> DisconnectAsync(string id, AdminHandler handler, ReaderZone zone, HttpContext http, CancellationToken cancellationToken) =>
        await handler.FindAsync(id, zone.Zone, cancellationToken) is { } line
            ? Hypermedia.Of("Admin/_Disconnected", await handler.DisconnectAsync(line))
            : NotFound(http);

    private static Hypermedia<TroublePanel> NotFound(HttpContext http) => TroublePanel.Of(http, new Failure(FailureCode.NotFound), AdminWords.Panel, "/admin");

    private static async Task<IResult> ProgressAsync(AdminHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("Admin/_Revocation", await handler.ProgressAsync(cancellationToken) with { IsWatched = true });

    private static async Task<IResult> RevokeAsync(
        [FromForm] string? word, AdminHandler handler, RevocationValidator validator, HttpResponse response, CancellationToken cancellationToken)
    {
        if (validator.Problem(new RevocationCommand(word)) is { } problem)
        {
            response.MarkFailure(problem);
            var asked = await handler.ProgressAsync(cancellationToken);
            return Hypermedia.Of("Admin/_Revocation", asked with { Problem = problem.Fields[0].Message }, StatusCodes.Status422UnprocessableEntity);
        }

        await handler.RevokeAllAsync(cancellationToken);
        return Hypermedia.Of("Admin/_Revocation", await handler.ProgressAsync(cancellationToken) with { IsWatched = true });
    }
}
