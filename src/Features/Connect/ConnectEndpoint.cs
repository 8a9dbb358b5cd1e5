using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Connect;

internal sealed class ConnectEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddScoped<ConnectHandler>();
        services.AddSingleton<ConnectValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var connection = routes.MapGroup("/connection").For(Access.Coach, Refuse);
        connection.MapGet("", CardAsync);
        connection.MapPost("", ([FromForm] string? place, CurrentUser user) => CalendlyAuthentication.Challenge(user, place));
        connection.MapGet("/made", (string? place) => Hypermedia.Of("Connect/_Made", ReturnPlace.NameOf(place)));
        connection.MapGet("/check", CheckAsync);
        connection.MapGet("/disconnect", DisconnectFormAsync);
        connection.MapPost("/disconnect", DisconnectAsync);
        connection.MapPost("/switch", SwitchAsync);
    }

    private static async Task<IResult> CardAsync(string? problem, string? place, ConnectHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Card(await handler.CardAsync(user, place, cancellationToken), Explain(problem));

    private static async Task<IResult> CheckAsync(string? place, ConnectHandler handler, CurrentUser user, HttpResponse response, CancellationToken cancellationToken)
    {
        var check = await handler.CheckAsync(user, ReturnPlace.NameOf(place), cancellationToken);
        if (check.AllWell && check.Place != ReturnPlace.Connection)
        {
            response.RedirectPage(ReturnPlace.PathOf(check.Place));
        }

        response.Trigger("connection-changed");

        return Hypermedia.Of("Connect/_Check", check);
    }

    private static async Task<IResult> DisconnectFormAsync(ConnectHandler handler, CurrentUser user, CancellationToken cancellationToken) =>
        Hypermedia.Of("Connect/_DisconnectForm", await handler.CardAsync(user, null, cancellationToken));

    private static async Task<IResult> DisconnectAsync(ConnectHandler handler, CurrentUser user, HttpResponse response)
    {
        var revoked = await handler.DisconnectAsync(user);
        response.Trigger("connection-changed");
        return Hypermedia.Of("Connect/_Disconnected", revoked);
    }

    private static async Task<IResult> SwitchAsync(
        [FromForm] string? account, [FromForm] string? place, ConnectHandler handler, ConnectValidator validator, CurrentUser user, HttpResponse response, CancellationToken cancellationToken)
    {
        var command = new SwitchCommand(account);
        if (validator.Problem(command) is { Fields: [var problem, ..] } failure)
        {
            response.MarkFailure(failure);
            return Card(await handler.CardAsync(user, place, cancellationToken), problem.Message, StatusCodes.Status400BadRequest);
        }

        var problemAfter = await handler.SwitchAsync(user, command);
        return command.Account == SwitchCommand.Earlier
            ? CalendlyAuthentication.Challenge(user, place)
            : Results.Redirect(problemAfter is null ? $"/connection/made?place={ReturnPlace.NameOf(place)}" : $"/connection?problem={problemAfter}");
    }

    private static IResult Refuse(HttpContext http, Failure failure)
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of("Connect/_Forbidden", failure, StatusCodes.Status403Forbidden);
    }

    private static Hypermedia<ConnectionCard> Card(ConnectionCard card, string? problem, int statusCode = StatusCodes.Status200OK) =>
        Hypermedia.Of("Connect/_ConnectionCard", card with { Problem = problem }, statusCode);

    private static string? Explain(string? problem) => problem switch
    {
        "state" => FailureCode.StateMismatch.DefaultMessage(),
        "denied" => "You pressed Deny at Calendly. Nothing was connected.",
        "toolate" => "That took too long; connect again.",
        "unfinished" => "Calendly did not finish the connection. Nothing was connected; try again.",
        "inuse" => "That Calendly account is already connected to another person here.",
        "gone" => "There was nothing left to choose. Connect again.",
        _ => null,
    };
}
