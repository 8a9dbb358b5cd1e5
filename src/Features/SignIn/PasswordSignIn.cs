using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.SignIn;

/// <summary>The form for e-mail and password.</summary>
internal static class PasswordSignIn
{
    public static async Task<IResult> PostAsync(
        [FromForm] string? email,
        [FromForm] string? password,
        [FromForm] string? zone,
        [FromForm] string? place,
        PasswordHandler handler,
        PasswordValidator validator,
        PasswordTries tries,
        SignInProvider provider,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var page = new SignInPage(provider, ReturnPlace.NameOf(place), null, email?.Trim());
        var command = new PasswordCommand(page.Email ?? string.Empty, new Secret(password ?? string.Empty));
        if (validator.Problem(command) is { } failure)
        {
            context.Response.MarkFailure(failure);
            return SignInPage.Answer(page with { Failure = failure }, StatusCodes.Status400BadRequest);
        }

        var answer = tries.TryTake(context.Connection.RemoteIpAddress)
            ? await handler.HandleAsync(command, cancellationToken)
            : new PasswordAnswer(PasswordOutcome.TooOften);
        if (answer.User is not { } user)
        {
            return SignInPage.Answer(page with { Problem = Explain(answer.Outcome) }, Status(answer.Outcome));
        }

        await context.BeginSessionAsync(user);
        ReaderZone.Keep(context.Response, zone);
        return Results.Redirect(CalendlyAuthentication.TakeResumedCallback(context) ?? ReturnPlace.PathOf(place));
    }

    private static string Explain(PasswordOutcome outcome) => outcome switch
    {
        PasswordOutcome.Wrong => "That e-mail address and password do not belong together.",
        PasswordOutcome.NotConfirmed => "Confirm your e-mail address first: Supabase has sent you a link.",
        PasswordOutcome.TooOften => "That was a lot of tries. Wait a minute, then try again.",
        _ => "Supabase, which keeps the passwords, is not answering. Yours was not checked; try again in a minute.",
    };

    private static int Status(PasswordOutcome outcome) => outcome switch
    {
        PasswordOutcome.Wrong or PasswordOutcome.NotConfirmed => StatusCodes.Status401Unauthorized,
        PasswordOutcome.TooOften => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
