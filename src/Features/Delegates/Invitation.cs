using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Delegates;

/// <summary>The other end of an invitation link, for whoever was sent it.</summary>
internal static class Invitation
{
    private const string Cookie = "invitation";

    public static async Task<IResult> ShowAsync(
        string? token, CurrentUser? user, InvitationHandler handler, InvitationValidator validator, HttpContext http, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return SignInFirst(http, token);
        }

        var command = new AcceptCommand(token ?? http.Request.Cookies[Cookie], user);
        Result<Offer> result = validator.Problem(command) is { } problem ? problem : await handler.ReadAsync(command, cancellationToken);
        if (!result.Succeeded(out var offer, out var failure))
        {
            return TroublePanel.Of(http, failure, DelegateWords.Invitation, "/");
        }

        return Page(http, offer);
    }

    public static async Task<IResult> AcceptAsync(
        [FromForm] string? token, CurrentUser user, InvitationHandler handler, InvitationValidator validator, HttpContext http, CancellationToken cancellationToken)
    {
        var command = new AcceptCommand(token, user);
        Result<Offer> result = validator.Problem(command) is { } problem ? problem : await handler.AcceptAsync(command, cancellationToken);
        if (!result.Succeeded(out var offer, out var failure))
        {
            return TroublePanel.Of(http, failure, DelegateWords.Invitation, "/");
        }

        if (offer.Hindrance is not null)
        {
            return Page(http, offer);
        }

        http.Response.Cookies.Delete(Cookie, Options(http));
        await http.BeginSessionAsync(user);
        return Results.Redirect("/");
    }

    private static Hypermedia<Offer> Page(HttpContext http, Offer offer)
    {
        if (offer.Hindrance is { } hindrance)
        {
            http.Response.MarkFailure(hindrance);
        }

        return Hypermedia.Of("Delegates/_Invitation", offer, offer.Hindrance?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    // The token waits in the browser, not in an address: that of the sign-in page travels to ways of signing in.
    private static IResult SignInFirst(HttpContext http, string? token)
    {
        if (Delegations.IsWellFormed(token))
        {
            http.Response.Cookies.Append(Cookie, token!, Options(http));
        }

        return Results.Redirect($"/sign-in?place={ReturnPlace.Invitation}");
    }

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/delegates/accept",
        MaxAge = TimeSpan.FromMinutes(30),
        IsEssential = true,
    };
}
