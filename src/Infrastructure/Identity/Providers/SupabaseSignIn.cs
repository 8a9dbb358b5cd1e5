using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// Supabase Auth knows people by e-mail and password. People get a session of ours and never see its tokens; programs
/// send one with each request. Claims: https://supabase.com/docs/guides/auth/jwt-fields
/// </summary>
/// <param name="Url">The project's own host.</param>
/// <param name="AnonKey">The project's public key, which every call to it carries.</param>
internal sealed record SupabaseSignIn(Uri Url, string AnonKey) : TokenProvider
{
    private const string SchemeName = "Supabase";

    public override IReadOnlyList<SignInWay> Ways => [SignInWay.Password];

    public override string Scheme => SchemeName;

    public override string Issuer => CalendlyOptions.Origin(Url) + "/auth/v1";

    public override Uri KeysAddress => new(Url, "/auth/v1/.well-known/jwks.json");

    public override IReadOnlyList<string> Algorithms => ["ES256", "RS256"];

    public override TokenProblem? Problem(JsonElement claims) =>
        !IsFor(claims, "authenticated") || claims.Text("role") != "authenticated" ? TokenProblem.Party
        : claims.TryGetProperty("is_anonymous", out var anonymous) && anonymous.ValueKind != JsonValueKind.False ? TokenProblem.Pending
        : null;

    // People can write into user_metadata themselves; this part only the project's owner can.
    public override string? RoleIn(JsonElement claims) => claims.Part("app_metadata").Text("role");

    public override void AddTo(AuthenticationBuilder authentication)
    {
        base.AddTo(authentication);
        authentication.Services.AddSingleton(this);
        authentication.Services.AddSingleton<SupabasePasswords>();
        authentication.AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        authentication.AddPolicyScheme(SchemeName, null, options => options.ForwardDefaultSelector = context =>
            BearerAuthentication.TokenOf(context.Request) is null ? CookieAuthenticationDefaults.AuthenticationScheme : BearerAuthentication.SchemeName);
    }

    // One audience or a list of them.
    private static bool IsFor(JsonElement claims, string audience) =>
        claims.Text("aud") == audience
        || (claims.TryGetProperty("aud", out var all) && all.ValueKind == JsonValueKind.Array
            && all.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == audience));
}
