using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// Who is behind a request, by Clerk's token in it. A page that comes with a token which has run out is sent through
/// Clerk's handshake for a new one; what is no page reloads the page that it came from, and thereby does the same.
/// </summary>
internal sealed class ClerkAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionTokens tokens,
    TokenPeople people,
    ClerkHandshake handshake) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder), IAuthenticationRequestHandler
{
    // Not 0 while Clerk's script knows of a session in this browser: the second of the last sign-in.
    private const string SessionsCookie = "__client_uat";

    private TokenProblem? _problem;

    /// <summary>Takes in what a handshake has brought.</summary>
    public Task<bool> HandleRequestAsync() => handshake.TryFinishAsync(Context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if ((BearerAuthentication.TokenOf(Request) ?? Request.Cookies[ClerkSignIn.SessionCookie]) is not { Length: > 0 } token)
        {
            return AuthenticateResult.NoResult();
        }

        var verdict = await tokens.VerifyAsync(token, Context.RequestAborted);
        if (verdict.Claims is not { } claims)
        {
            _problem = verdict.Problem;
            return AuthenticateResult.Fail($"The token is refused: {_problem}.");
        }

        handshake.Forget(Context);
        var user = await people.OfAsync(claims, Context.RequestAborted);
        return AuthenticateResult.Success(new AuthenticationTicket(user.ToPrincipal(Scheme.Name), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        if (Request.Path.StartsWithSegments("/api"))
        {
            await SignInRedirect.AnswerAsync(Context);
        }
        else if (!HttpMethods.IsGet(Request.Method) || Request.Headers.ContainsKey("HX-Request"))
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers["HX-Refresh"] = "true";
        }
        else if (!(IsDocument() && MayHelp() && handshake.TryStart(Context)))
        {
            await SignInRedirect.AnswerAsync(Context);
        }
    }

    private bool IsDocument() =>
        Request.Headers["Sec-Fetch-Dest"] is { Count: > 0 } destination
            ? destination == "document"
            : Request.Headers.Accept.ToString().StartsWith("text/html", StringComparison.Ordinal);

    private bool MayHelp() =>
        _problem is TokenProblem.Expired
        || (string.IsNullOrEmpty(Request.Cookies[ClerkSignIn.SessionCookie]) && Request.Cookies[SessionsCookie] is { Length: > 0 } and not "0");
}
