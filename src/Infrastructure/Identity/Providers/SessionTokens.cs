using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// Checks a provider's session tokens. The signature comes before the claims: nothing in a payload is looked at before it
/// is known whose it is, so no answer of ours tells a forger which of his claims were right.
/// </summary>
internal sealed class SessionTokens(TokenProvider provider, SigningKeys keys, TimeProvider clock)
{
    public const int MaxBytes = 4 * 1024;

    // How far apart the provider's clock and ours may be.
    private const long SkewSeconds = 5;
    private const int MaxKeyNameLength = 200;

    // Each of them would let a token choose the key it is checked with, or the rules.
    private static readonly string[] RefusedHeaders = ["jku", "jwk", "x5u", "x5c", "crit"];

    // Of two claims with one name, two readers could each see another.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Everything that must hold of a token of this moment.</summary>
    public async Task<TokenVerdict> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var signed = await ReadSignedAsync(token, MaxBytes, cancellationToken);
        return signed.Claims is { } claims && Problem(claims) is { } problem ? problem : signed;
    }

    /// <summary>The payload of whatever the provider has signed, with none of its claims checked.</summary>
    public async Task<TokenVerdict> ReadSignedAsync(string token, int maxBytes, CancellationToken cancellationToken)
    {
        if (token.Length > maxBytes)
        {
            return TokenProblem.TooLong;
        }

        if (token.Split('.') is not [var header, var payload, var signature] || Decode(signature) is not { Length: > 0 } proof || Json(header) is not { } words)
        {
            return TokenProblem.Malformed;
        }

        if (HeaderProblem(words) is { } problem)
        {
            return problem;
        }

        if (words.Text("kid") is not { Length: > 0 and <= MaxKeyNameLength } name || await keys.FindAsync(name, cancellationToken) is not { } key)
        {
            return TokenProblem.UnknownKey;
        }

        if (!IsSignedBy(key, words.Text("alg")!, Encoding.ASCII.GetBytes($"{header}.{payload}"), proof))
        {
            return TokenProblem.Signature;
        }

        return Json(payload) is { } claims ? claims : TokenProblem.Malformed;
    }

    private TokenProblem? HeaderProblem(JsonElement header) =>
        header.Text("alg") is not { } algorithm || !provider.Algorithms.Contains(algorithm, StringComparer.Ordinal) ? TokenProblem.Algorithm
        : header.Text("typ") is not "JWT" ? TokenProblem.Type
        : RefusedHeaders.Any(name => header.TryGetProperty(name, out _)) ? TokenProblem.Header
        : null;

    private static bool IsSignedBy(JsonWebKey key, string algorithm, byte[] text, byte[] signature)
    {
        // A key serves one algorithm, whatever a token says: RSA for the RS family, a curve for the ES family.
        if (key.Kty != (algorithm[0] == 'R' ? JsonWebAlgorithmsKeyTypes.RSA : JsonWebAlgorithmsKeyTypes.EllipticCurve)
            || !(string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm))
        {
            return false;
        }

        var factory = CryptoProviderFactory.Default;
        var verifier = factory.CreateForVerifying(key, algorithm);
        try
        {
            return verifier.Verify(text, signature);
        }
        finally
        {
            factory.ReleaseSignatureProvider(verifier);
        }
    }

    private TokenProblem? Problem(JsonElement claims)
    {
        if (claims.Text("iss") != provider.Issuer)
        {
            return TokenProblem.Issuer;
        }

        if (Seconds(claims, "exp") is not { } expires || Seconds(claims, "iat") is not { } issued
            || (Seconds(claims, "nbf") is null && claims.TryGetProperty("nbf", out _)))
        {
            return TokenProblem.Times;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return issued > now + SkewSeconds || Seconds(claims, "nbf") > now + SkewSeconds ? TokenProblem.NotYet
            : claims.Text("sub") is not { Length: > 0 } ? TokenProblem.Subject
            : provider.Problem(claims) is { } problem ? problem
            // Last, so that a caller who hears this knows that a newer token of the same kind would do.
            : expires <= now - SkewSeconds ? TokenProblem.Expired
            : null;
    }

    private static long? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.Number && claim.TryGetInt64(out var seconds) ? seconds : null;

    private static JsonElement? Json(string part)
    {
        if (Decode(part) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The framework's decoder also takes padding and blanks, which have no place here.
    private static byte[]? Decode(string part) =>
        part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
