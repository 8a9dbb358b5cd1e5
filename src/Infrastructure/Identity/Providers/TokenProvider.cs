using System.Text.Json;
using Microsoft.AspNetCore.Authentication;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>A provider that names people in signed tokens, and what such a token must be.</summary>
internal abstract record TokenProvider : SignInProvider
{
    /// <summary>The <c>iss</c> of every token, character by character.</summary>
    public abstract string Issuer { get; }

    /// <summary>Where the public keys are; no token can name another place.</summary>
    public abstract Uri KeysAddress { get; }

    /// <summary>As in <c>alg</c>. Never a symmetric one: whoever can check such a token can also make one.</summary>
    public abstract IReadOnlyList<string> Algorithms { get; }

    /// <summary>What the provider's own rules have against a token whose signature and times are good.</summary>
    public abstract TokenProblem? Problem(JsonElement claims);

    /// <summary>The role's name as it stands in the token; null where there is none.</summary>
    public abstract string? RoleIn(JsonElement claims);

    public override void AddTo(AuthenticationBuilder authentication)
    {
        authentication.Services.AddSingleton(this);
        authentication.Services.AddSignInWire();
        authentication.Services.AddSingleton<SigningKeys>();
        authentication.Services.AddSingleton<SessionTokens>();
        authentication.Services.AddSingleton<TokenPeople>();
    }
}
