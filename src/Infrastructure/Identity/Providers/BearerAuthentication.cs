using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>Who is behind a request, by the provider's token in its <c>Authorization</c> header; for programs.</summary>
internal sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionTokens tokens, TokenPeople people)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Start = SchemeName + " ";

    /// <summary>The token of a bearer header; null without such a header.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Start, StringComparison.OrdinalIgnoreCase) ? header[Start.Length..] : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { Length: > 0 } token)
        {
            return AuthenticateResult.NoResult();
        }

        var verdict = await tokens.VerifyAsync(token, Context.RequestAborted);
        return verdict.Claims is { } claims
            ? AuthenticateResult.Success(new AuthenticationTicket((await people.OfAsync(claims, Context.RequestAborted)).ToPrincipal(Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail($"The token is refused: {verdict.Problem}.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => SignInRedirect.AnswerAsync(Context);
}
