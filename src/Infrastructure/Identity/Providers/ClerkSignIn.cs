using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using Microsoft.AspNetCore.Authentication;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// Clerk signs people in at its own pages; its script keeps a token of one minute in a cookie, which comes with every
/// request. Rules of the token: https://clerk.com/docs/guides/sessions/session-tokens
/// </summary>
/// <param name="FrontendApi">The instance's own host, which is also its issuer.</param>
/// <param name="AuthorizedParties">Origins for which a token may have been made.</param>
/// <param name="PublishableKey">Names the instance to Clerk's script; not a secret.</param>
internal sealed record ClerkSignIn(Uri FrontendApi, IReadOnlyList<string> AuthorizedParties, string PublishableKey) : TokenProvider
{
    public const string SchemeName = "Clerk";

    /// <summary>Holds the session's token; written by Clerk's script, and readable by scripts.</summary>
    public const string SessionCookie = "__session";

    public override IReadOnlyList<SignInWay> Ways => [SignInWay.Clerk];

    public override string Scheme => SchemeName;

    // The token is often older than a minute by then; this address asks for a new one, and what is in it may be seen by Clerk.
    public override string ResumePath => "/sign-in/done";

    public override Uri? ScriptHost => FrontendApi;

    public override bool EndsInBrowser => true;

    public override bool RenewsByPage => true;

    public override string Issuer => CalendlyOptions.Origin(FrontendApi);

    public override Uri KeysAddress => new(FrontendApi, "/.well-known/jwks.json");

    public override IReadOnlyList<string> Algorithms => ["RS256"];

    /// <summary>Clerk's script without its own forms: those would need styles, frames and hosts that no other page allows.</summary>
    public Uri ScriptAddress => new(FrontendApi, "/npm/@clerk/clerk-js@5/dist/clerk.headless.browser.js");

    /// <summary>Instances for development share a host with others, so their cookies travel in addresses.</summary>
    public bool IsDevelopment => PublishableKey.StartsWith("pk_test_", StringComparison.Ordinal);

    public override TokenProblem? Problem(JsonElement claims) =>
        claims.Text("azp") is not { } party || !AuthorizedParties.Contains(party, StringComparer.Ordinal) ? TokenProblem.Party
        : claims.TryGetProperty("sts", out _) && claims.Text("sts") is null or "pending" ? TokenProblem.Pending
        : null;

    // Clerk's tokens say nothing of roles until the session token is told to carry {"metadata": "{{user.public_metadata}}"}.
    public override string? RoleIn(JsonElement claims) => claims.Part("metadata").Text("role");

    public override void AddTo(AuthenticationBuilder authentication)
    {
        base.AddTo(authentication);
        authentication.Services.AddSingleton(this);
        authentication.Services.AddSingleton<ClerkHandshake>();
        authentication.AddScheme<AuthenticationSchemeOptions, ClerkAuthentication>(SchemeName, null);
    }

    public override void Forget(HttpResponse response) => response.Cookies.Delete(SessionCookie);
}
