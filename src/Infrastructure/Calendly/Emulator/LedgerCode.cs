namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <param name="challenge">BASE64URL(SHA-256(verifier)).</param>
internal sealed class LedgerCode(Consent consent, string redirectUri, string challenge, DateTimeOffset expiresAt)
{
    public Consent Consent => consent;

    public string RedirectUri => redirectUri;

    public string Challenge => challenge;

    public DateTimeOffset ExpiresAt => expiresAt;

    public bool IsUsed { get; set; }
}
