using System.Text.Json;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>Why a token is refused. Goes into logs, never to the browser.</summary>
internal enum TokenProblem
{
    TooLong,
    Malformed,
    Algorithm,
    Type,

    /// <summary>The header brings a key, names a place for one, or asks for rules that we do not know.</summary>
    Header,

    /// <summary>No key of the provider's has that name; also when its keys cannot be read.</summary>
    UnknownKey,
    Signature,
    Issuer,

    /// <summary>A time is missing or is not a whole number of seconds.</summary>
    Times,
    Expired,
    NotYet,
    Subject,

    /// <summary>Made for another application.</summary>
    Party,

    /// <summary>The person still has something to do at the provider, or is not somebody in particular.</summary>
    Pending,
}

/// <summary>The claims of a token that holds, or the problem with it.</summary>
internal sealed record TokenVerdict
{
    private TokenVerdict(JsonElement? claims, TokenProblem? problem) => (Claims, Problem) = (claims, problem);

    public JsonElement? Claims { get; }

    public TokenProblem? Problem { get; }

    public static implicit operator TokenVerdict(JsonElement claims) => new(claims, null);

    public static implicit operator TokenVerdict(TokenProblem problem) => new(null, problem);
}

internal static class TokenClaimExtensions
{
    /// <summary>Null when the claim is missing or not a string.</summary>
    public static string? Text(this JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;

    /// <summary>An object within the claims; undefined when there is none.</summary>
    public static JsonElement Part(this JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : default;
}
