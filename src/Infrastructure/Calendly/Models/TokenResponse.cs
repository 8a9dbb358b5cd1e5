using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>What the token endpoint sends. A class, because a record would print the tokens.</summary>
internal sealed class TokenResponse
{
    public required string TokenType { get; init; }

    public required string AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public string? Scope { get; init; }

    /// <summary>Seconds.</summary>
    public required int ExpiresIn { get; init; }

    public required string Owner { get; init; }

    public required string Organization { get; init; }
}

/// <param name="Error">RFC 6749, section 5.2.</param>
internal sealed record OAuthError(string? Error);

/// <summary>RFC 7662, with the two fields that Calendly adds. Everything but the first comes for an active token only.</summary>
/// <param name="Scope">Names with blanks between them.</param>
internal sealed record Introspection([property: JsonRequired] bool Active, string? Scope = null, string? Owner = null, string? Organization = null);
