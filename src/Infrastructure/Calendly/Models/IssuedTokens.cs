namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A new pair from the token endpoint. The secrets cannot print themselves.</summary>
/// <param name="RefreshToken">Null when the answer had none: the one that was presented stays good (RFC 6749, section 6).</param>
/// <param name="Scopes">Calendly's names; <c>default</c> alone for an app from before scopes existed, which may do everything.</param>
/// <param name="Lifetime">Of the access token, counted from the answer.</param>
/// <param name="OwnerUri">The Calendly user.</param>
internal sealed record IssuedTokens(
    Secret AccessToken,
    Secret? RefreshToken,
    IReadOnlyList<string> Scopes,
    TimeSpan Lifetime,
    string OwnerUri,
    string OrganizationUri);
