using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.SignIn;

internal sealed class SignInEndpoint : IFeatureModule
{
    private const string SignedOutEverywhere = "everywhere";

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<SignInHandler>();
        services.AddSingleton<SignInValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", (string? problem, string? place, CalendlyMode mode) => Page(mode, place, Explain(problem))).For(Access.Anyone);
        routes.MapPost("/sign-in", PostAsync).For(Access.Anyone);
        routes.MapPost("/sign-in/calendly", PostCalendly).For(Access.Anyone);
        routes.MapPost("/sign-out", (Delegate)SignOutAsync).For(Access.Anyone);
        routes.MapPost("/sign-out/everywhere", SignOutEverywhereAsync).For(Access.OwnSignIn);
    }

    private static async Task<IResult> PostAsync(
        [FromForm(Name = "as")] string? persona,
        [FromForm] string? zone,
        [FromForm] string? place,
        SignInHandler handler,
        SignInValidator validator,
        CalendlyMode mode,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var command = new SignInCommand(persona);
        if (validator.Problem(command) is { Fields: [var problem, ..] } failure)
        {
            context.Response.MarkFailure(failure);
            return Page(mode, place, problem.Message, StatusCodes.Status400BadRequest);
        }

        var signedIn = await handler.HandleAsync(command, cancellationToken);
        await context.BeginSessionAsync(signedIn.User);
        ReaderZone.Keep(context.Response, ReaderZone.Find(zone) is null ? signedIn.Zone : zone);
        return Results.Redirect(CalendlyAuthentication.TakeResumedCallback(context) ?? ReturnPlace.PathOf(place));
    }

    private static IResult PostCalendly([FromForm] string? zone, [FromForm] string? place, HttpResponse response)
    {
        ReaderZone.Keep(response, zone);
        return CalendlyAuthentication.Challenge(null, place);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Results.Redirect("/sign-in");
    }

    private static async Task<IResult> SignOutEverywhereAsync(CurrentUser user, SessionTickets sessions, HttpContext context)
    {
        await sessions.RemoveAllAsync(user.Id);
        await SignOutAsync(context);
        return Results.Redirect($"/sign-in?problem={SignedOutEverywhere}");
    }

    private static Hypermedia<SignInPage> Page(CalendlyMode mode, string? place, string? problem, int statusCode = StatusCodes.Status200OK) =>
        Hypermedia.Of("SignIn/_SignIn", new SignInPage(mode.IsMock ? Personas.All : [], ReturnPlace.NameOf(place), problem), statusCode);

    private static string? Explain(string? problem) => problem switch
    {
        "state" => FailureCode.StateMismatch.DefaultMessage(),
        "denied" => "You pressed Deny at Calendly. Nothing was connected.",
        "toolate" => "That took too long; sign in again.",
        "unfinished" => "Calendly did not finish the sign-in. Try again.",
        SignedOutEverywhere => "You are signed out on every device.",
        _ => null,
    };
}

/// <param name="Personas">Empty with real Calendly.</param>
internal sealed record SignInPage(IReadOnlyList<Persona> Personas, string Place, string? Problem);
