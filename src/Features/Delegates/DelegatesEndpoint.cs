using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Delegates;

internal sealed class DelegatesEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<DelegatesHandler>();
        services.AddSingleton<InvitationHandler>();
        services.AddSingleton<DelegatesValidator>();
        services.AddSingleton<InvitationValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var coaches = routes.MapGroup("/delegates").For(Access.Coach, DelegateWords.Delegates);
        coaches.MapGet("", ListAsync);
        coaches.MapPost("/invitations", InviteAsync);
        coaches.MapPost("/{id}/removal", RemoveAsync);
        routes.MapGet("/delegates/accept", Invitation.ShowAsync).For(Access.Anyone);
        routes.MapPost("/delegates/accept", Invitation.AcceptAsync).For(Access.OwnSignIn);
    }

    private static async Task<IResult> ListAsync(CurrentUser user, ReaderZone zone, DelegatesHandler handler, CancellationToken cancellationToken) =>
        Page(await handler.ListAsync(user, zone, cancellationToken));

    private static async Task<IResult> InviteAsync(CurrentUser user, ReaderZone zone, DelegatesHandler handler, HttpRequest request, CancellationToken cancellationToken)
    {
        var link = await handler.InviteAsync(user, $"{request.Scheme}://{request.Host}", cancellationToken);
        return Page(await handler.ListAsync(user, zone, cancellationToken) with { Link = link, Said = "Invitation link made" });
    }

    private static async Task<IResult> RemoveAsync(
        string id, CurrentUser user, ReaderZone zone, DelegatesHandler handler, DelegatesValidator validator, HttpContext http, CancellationToken cancellationToken)
    {
        var command = new RemovalCommand(user.Id, id);
        Result<bool> result = validator.Problem(command) is { } problem ? problem : await handler.RemoveAsync(command, cancellationToken);
        return !result.Succeeded(out _, out var failure) ? TroublePanel.Of(http, failure, DelegateWords.Delegates, "/delegates")
            : http.Request.IsHtmx() ? Page(await handler.ListAsync(user, zone, cancellationToken) with { Said = "Delegate removed" })
            : Results.Redirect("/delegates");
    }

    private static Hypermedia<DelegatesPage> Page(DelegatesPage page) => Hypermedia.Of("Delegates/_Delegates", page);
}
