namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <param name="expiresAt">Null for refresh tokens, which last until they are used.</param>
internal sealed class LedgerToken(string text, Consent consent, DateTimeOffset issuedAt, DateTimeOffset? expiresAt)
{
    public string Text => text;

    public Consent Consent => consent;

    public DateTimeOffset IssuedAt => issuedAt;

    public DateTimeOffset? ExpiresAt => expiresAt;

    public bool IsRefresh => expiresAt is null;

    public bool IsRevoked { get; set; }

    /// <summary>A refresh token that has been traded.</summary>
    public bool IsSpent => Successor is not null;

    /// <summary>The pair that it was traded for, and when.</summary>
    public (LedgerToken Access, LedgerToken Refresh, DateTimeOffset At)? Successor { get; set; }

    public bool IsLive(DateTimeOffset now) => !IsRevoked && !IsSpent && (expiresAt is null || now < expiresAt);
}
