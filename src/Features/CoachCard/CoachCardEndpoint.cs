using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.CoachCard;

internal sealed class CoachCardEndpoint : IFeatureModule
{
    private static readonly PanelWords Words = new(
        "Your card", "Connect Calendly, and realtors can book you here.", "Your connection does not allow reading event types.", "There is no such card.", "That is not a card", "/card", "Your card");

    public static void AddServices(IServiceCollection services) => services
        .AddScoped<CoachCardHandler>()
        .AddSingleton<CoachCardValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var coaches = routes.MapGroup("/card").For(Access.Coach, Words);
        coaches.MapGet("", ReadAsync);
        coaches.MapPost("", SaveAsync);
    }

    private static async Task<IResult> ReadAsync(string? saved, CurrentUser user, ReaderZone zone, CoachCardHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("CoachCard/_CoachCard", await handler.ReadAsync(user, zone.Zone, cancellationToken) with { Saved = saved == "yes" });

    private static async Task<IResult> SaveAsync(
        CurrentUser user, ReaderZone zone, CoachCardHandler handler, CoachCardValidator validator, HttpContext http, CancellationToken cancellationToken)
    {
        var command = CoachCardCommand.Read(user, zone.Zone, await FormAsync(http.Request, cancellationToken));
        var problem = validator.Problem(command);
        if (problem is null && (await handler.SaveAsync(command, cancellationToken)).Succeeded(out var saved, out problem))
        {
            return http.Request.IsHtmx()
                ? Hypermedia.Of("CoachCard/_CoachCard", saved with { Saved = true })
                : Results.Redirect("/card?saved=yes");
        }

        http.Response.MarkFailure(problem!);
        var form = await handler.ReadAsync(user, zone.Zone, cancellationToken);
        return Hypermedia.Of("CoachCard/_CoachCard", form with { Typed = command, Problem = problem }, problem!.Code.ToStatusCode());
    }

    // What is no form has no fields either, and is refused like one without.
    private static async Task<IFormCollection> FormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }
}
