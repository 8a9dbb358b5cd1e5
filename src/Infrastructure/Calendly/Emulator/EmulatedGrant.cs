namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A pair of tokens made without a browser, as if the account had said yes on the consent page.</summary>
/// <param name="AccessExpiresAt">May lie in the past, when the grant was asked to be old.</param>
internal sealed record EmulatedGrant(
    Secret AccessToken,
    Secret RefreshToken,
    DateTimeOffset IssuedAt,
    DateTimeOffset AccessExpiresAt,
    IReadOnlyList<string> Scopes,
    string OwnerUri,
    string OrganizationUri);
