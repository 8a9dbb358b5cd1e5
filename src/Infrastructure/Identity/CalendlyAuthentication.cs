using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>How a round trip to Calendly ended, when it did not end well; the page that shows it takes the word from the
/// address, so the list is closed.</summary>
internal enum RoundTripFailure
{
    /// <summary>The state is missing, foreign, old or used.</summary>
    State,

    Denied,

    /// <summary>Calendly refused the code: it lives ten minutes.</summary>
    TooLate,

    /// <summary>Calendly did not finish the exchange.</summary>
    Unfinished,

    /// <summary>The Calendly account belongs to another person here.</summary>
    InUse,
}

/// <summary>
/// The framework's OAuth handler, with what Calendly and we need beyond it: credentials in a Basic header, a state that
/// belongs to one person and works once, an exchange under its own deadline, and no token in any cookie or ticket.
/// One round trip serves both connecting (somebody is signed in) and signing in (nobody is).
/// </summary>
internal sealed class CalendlyAuthentication(
    IOptionsMonitor<OAuthOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    ICalendlyOAuth oauth,
    AuthorizationRequests requests,
    CalendlyGrants grants,
    SignInProvider provider,
    CalendlyMode mode) : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Calendly";
    public const string CallbackPath = "/api/calendly/oauth/callback";

    public static readonly ApiDescription CallbackDescription = new(
        "Come back from Calendly",
        "Where Calendly sends the browser after its consent page. It always goes on to one of our pages; a sign-in that is old, used or refused goes to a page that says so.",
        Data: null,
        Example: null)
    {
        Parameters =
        [
            ApiParameter.Text("code", "Calendly's code, which works once and for ten minutes.", MaxParameterLength),
            ApiParameter.Text("state", "What we gave to Calendly when this sign-in began.", MaxParameterLength),
            ApiParameter.Text("error", "Calendly's word where nothing was granted, such as access_denied.", MaxParameterLength),
        ],
    };

    // As much as an address holds.
    private const int MaxParameterLength = 4_000;
    private const string Starter = "starter";
    private const string Nonce = "nonce";
    private const string Place = "place";
    private const string Anonymous = "anonymous:";
    private const string ResumeCookie = "resume";

    /// <summary>Starts a round trip for the signed-in person, or, with null, for somebody who wants to sign in.</summary>
    /// <param name="place">A name from <see cref="ReturnPlace"/>.</param>
    public static IResult Challenge(CurrentUser? user, string? place)
    {
        var properties = new AuthenticationProperties
        {
            Items =
            {
                [Starter] = user is null ? Anonymous + Guid.NewGuid().ToString("N") : Id(user),
                [Place] = ReturnPlace.NameOf(place),
            },
        };
        return Results.Challenge(properties, [SchemeName]);
    }

    /// <summary>After a sign-in: the callback that arrived while nobody was signed in, if there was one, to be taken up again.</summary>
    public static string? TakeResumedCallback(HttpContext context)
    {
        if (context.Request.Cookies[ResumeCookie] is not { } kept)
        {
            return null;
        }

        context.Response.Cookies.Delete(ResumeCookie);
        try
        {
            return CallbackPath + ResumeProtector(context).Unprotect(kept);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        properties.Items[Nonce] = await requests.StartAsync(properties.Items[Starter]!, Context.RequestAborted);
        await base.HandleChallengeAsync(properties);
    }

    public override async Task<bool> HandleRequestAsync()
    {
        if (!await ShouldHandleRequestAsync())
        {
            return false;
        }

        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        var properties = Options.StateDataFormat.Unprotect(Request.Query["state"]);
        if (properties is not null && !IsAnonymous(properties) && await SignedInAsync() is null)
        {
            return await ResumeAfterSignInAsync();
        }

        if (properties is null && Request.Query["error"] == "access_denied" && !Request.Query.ContainsKey("state"))
        {
            // Nothing was granted and nothing is stored, so an unnamed refusal may be told as what it is.
            Response.Redirect(await SignedInAsync() is null ? "/sign-in?problem=denied" : "/connection?problem=denied");
            return true;
        }

        return await base.HandleRequestAsync();
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        var properties = Options.StateDataFormat.Unprotect(Request.Query["state"]);
        if (properties is null
            || !properties.Items.TryGetValue(Starter, out var starter) || starter is null
            || !properties.Items.TryGetValue(Nonce, out var nonce) || nonce is null
            || !await requests.TakeAsync(nonce, starter, Context.RequestAborted)
            // Whoever has become a delegate meanwhile must not become connected as well.
            || (!IsAnonymous(properties) && !(await SignedInAsync() is { Role: Role.Coach } user && starter == Id(user))))
        {
            return Fail(RoundTripFailure.State, properties);
        }

        if (Request.Query["error"] is { Count: > 0 } error)
        {
            return Fail(error == "access_denied" ? RoundTripFailure.Denied : RoundTripFailure.Unfinished, properties);
        }

        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var url = base.BuildChallengeUrl(properties, redirectUri);
        if (mode.IsReal)
        {
            return url;
        }

        // Saves testers a click; the real Calendly knows its people by its own cookie.
        var persona = Personas.All.FirstOrDefault(persona => persona.Name == CurrentUser.Of(Context.User)?.Name);
        return QueryHelpers.AddQueryString($"{Request.Scheme}://{Request.Host}{url}", "login_hint", persona?.Key ?? string.Empty);
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        // Not the request's token: a person who closes the tab now must not leave a grant that nobody holds.
        var answer = await oauth.ExchangeCodeAsync(
            new Secret(context.Code), context.Properties.Items[OAuthConstants.CodeVerifierKey]!, context.RedirectUri, CancellationToken.None);
        if (answer.Tokens is not { RefreshToken: not null } tokens)
        {
            return OAuthTokenResponse.Failed(new RoundTripException(
                answer.Outcome == OAuthOutcome.InvalidGrant ? RoundTripFailure.TooLate : RoundTripFailure.Unfinished));
        }

        Context.Items[typeof(IssuedTokens)] = tokens;
        // The framework wants to see a token. It gets a word instead, and never the real one.
        return OAuthTokenResponse.Success(JsonDocument.Parse("""{"access_token":"kept elsewhere"}"""));
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        System.Security.Claims.ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        var issued = (IssuedTokens)Context.Items[typeof(IssuedTokens)]!;
        properties.Items.TryGetValue(Place, out var place);
        if (IsAnonymous(properties))
        {
            var signedIn = await grants.SignInAsync(issued) ?? throw new RoundTripException(RoundTripFailure.Unfinished);
            await Context.BeginSessionAsync(signedIn);
            properties.RedirectUri = ReturnPlace.PathOf(place);
            return new AuthenticationTicket(signedIn.ToPrincipal(SchemeName), properties, SchemeName);
        }

        var user = (await SignedInAsync())!;
        properties.RedirectUri = await grants.ConnectAsync(user.Id, issued) switch
        {
            GrantOutcome.OtherAccount => "/connection",
            GrantOutcome.Connected => $"/connection/made?place={place}",
            _ => throw new RoundTripException(RoundTripFailure.InUse),
        };
        return new AuthenticationTicket(user.ToPrincipal(SchemeName), properties, SchemeName);
    }

    private async Task<CurrentUser?> SignedInAsync()
    {
        var signedIn = await Context.AuthenticateAsync();
        return signedIn.Principal is null ? null : CurrentUser.Of(signedIn.Principal);
    }

    // The code stays in an encrypted cookie for as long as it lives, not in an address that a log or a history would keep.
    private Task<bool> ResumeAfterSignInAsync()
    {
        Response.Cookies.Append(ResumeCookie, ResumeProtector(Context).Protect(Request.QueryString.Value!), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = Request.IsHttps,
            MaxAge = TimeSpan.FromMinutes(10),
            IsEssential = true,
        });
        Response.Redirect(provider.ResumePath);
        return Task.FromResult(true);
    }

    private static IDataProtector ResumeProtector(HttpContext context) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("CalendlySlices.ResumedCallback");

    private static HandleRequestResult Fail(RoundTripFailure failure, AuthenticationProperties? properties) =>
        HandleRequestResult.Fail(new RoundTripException(failure), properties);

    private static bool IsAnonymous(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(Starter, out var starter) && starter!.StartsWith(Anonymous, StringComparison.Ordinal);

    private static string Id(CurrentUser user) => user.Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Carries a <see cref="RoundTripFailure"/> through the framework, and nothing that came from outside.</summary>
internal sealed class RoundTripException(RoundTripFailure failure) : Exception(failure.ToString())
{
    public RoundTripFailure Failure => failure;
}
