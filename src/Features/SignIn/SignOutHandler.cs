using System.Security.Claims;
using CalendlySlices.Infrastructure.Identity.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CalendlySlices.Features.SignIn;

/// <summary>Ends our session, and has the provider end its own where that is what people are signed in by.</summary>
internal sealed class SignOutHandler(SignInProvider provider)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        provider.Forget(context.Response);
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        if (!provider.EndsInBrowser)
        {
            return Results.Redirect("/sign-in");
        }

        // The page itself, not an address that leads to it: a link must not be able to sign anybody out.
        context.User = new ClaimsPrincipal(new ClaimsIdentity());
        return SignInPage.Answer(new SignInPage(provider, string.Empty, null, IsLeaving: true), StatusCodes.Status200OK);
    }
}
