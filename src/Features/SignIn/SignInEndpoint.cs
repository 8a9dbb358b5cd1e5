using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.SignIn;

internal sealed class SignInEndpoint : IFeatureModule
{
    private const string SignedOutEverywhere = "everywhere";

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<SignInHandler>();
        services.AddSingleton<SignInValidator>();
        services.AddSingleton<PasswordHandler>();
        services.AddSingleton<PasswordValidator>();
        services.AddSingleton<PasswordTries>();
        services.AddSingleton<SignOutHandler>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").For(Access.Anyone);
        if (routes.ServiceProvider.GetRequiredService<SignInProvider>().ScriptHost is { } host)
        {
            pages.WithMetadata(new ForeignScript(CalendlyOptions.Origin(host)));
        }

        pages.MapGet("/sign-in", (string? problem, string? place, SignInProvider provider) => SignInPage.Answer(provider, place, Explain(problem)));
        pages.MapPost("/sign-out", (HttpContext context, SignOutHandler handler) => handler.HandleAsync(context));
        routes.MapPost("/sign-in", PostAsync).For(Access.Anyone);
        routes.MapPost("/sign-in/calendly", PostCalendly).For(Access.Anyone).AddEndpointFilter(new OnlyBy(SignInWay.Calendly));
        routes.MapPost("/sign-in/password", PasswordSignIn.PostAsync).For(Access.Anyone).AddEndpointFilter(new OnlyBy(SignInWay.Password));
        routes.MapGet("/sign-in/done", GoOn).For(Access.OwnSignIn);
        routes.MapPost("/sign-out/everywhere", SignOutEverywhereAsync).For(Access.OwnSignIn);
    }

    private static async Task<IResult> PostAsync(
        [FromForm(Name = "as")] string? persona,
        [FromForm] string? zone,
        [FromForm] string? place,
        SignInHandler handler,
        SignInValidator validator,
        SignInProvider provider,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var command = new SignInCommand(persona);
        if (validator.Problem(command) is { Fields: [var problem, ..] } failure)
        {
            context.Response.MarkFailure(failure);
            return SignInPage.Answer(provider, place, problem.Message, StatusCodes.Status400BadRequest);
        }

        var signedIn = await handler.HandleAsync(command, cancellationToken);
        await context.BeginSessionAsync(signedIn.User);
        ReaderZone.Keep(context.Response, ReaderZone.Find(zone) is null ? signedIn.Zone : zone);
        return GoOn(context, place);
    }

    private static IResult PostCalendly([FromForm] string? zone, [FromForm] string? place, HttpResponse response)
    {
        ReaderZone.Keep(response, zone);
        return CalendlyAuthentication.Challenge(null, place);
    }

    private static IResult GoOn(HttpContext context, string? place) =>
        Results.Redirect(CalendlyAuthentication.TakeResumedCallback(context) ?? ReturnPlace.PathOf(place));

    private static async Task<IResult> SignOutEverywhereAsync(
        CurrentUser user, SessionTickets sessions, SignInProvider provider, SignOutHandler handler, HttpContext context)
    {
        await sessions.RemoveAllAsync(user.Id);
        var left = await handler.HandleAsync(context);
        return provider.EndsInBrowser ? left : Results.Redirect($"/sign-in?problem={SignedOutEverywhere}");
    }

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
