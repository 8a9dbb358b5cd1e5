using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Calendly's token endpoint and its siblings on the authorization host.</summary>
internal interface ICalendlyOAuth
{
    /// <summary>Trades a code, once, under a deadline of its own of ten seconds. Retried only when nothing was sent.</summary>
    Task<OAuthAnswer> ExchangeCodeAsync(Secret code, string codeVerifier, string redirectUri, CancellationToken cancellationToken);

    /// <summary>Trades a refresh token for a new pair, once; the old one is dead the moment this succeeds.</summary>
    Task<OAuthAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken);

    /// <summary>True when Calendly has confirmed that the token is gone (an unknown token counts, as RFC 7009 says).</summary>
    Task<bool> RevokeAsync(Secret token, CancellationToken cancellationToken);

    /// <summary>Whether the token is alive; null when there was no answer to rely on.</summary>
    Task<bool?> IntrospectAsync(Secret token, CancellationToken cancellationToken);

    /// <summary>The same with whose it is and what it allows.</summary>
    Task<Introspection?> DescribeAsync(Secret token, CancellationToken cancellationToken);
}

/// <summary>What the token endpoint said, sorted by what it means for the token that was presented.</summary>
internal enum OAuthOutcome
{
    /// <summary>A new pair; <see cref="OAuthAnswer.Tokens"/> holds it.</summary>
    Issued,

    /// <summary><c>invalid_grant</c>: the code or refresh token is dead.</summary>
    InvalidGrant,

    /// <summary><c>invalid_client</c>: our own credentials are wrong. Says nothing about the token.</summary>
    InvalidClient,

    /// <summary>Refused before it was looked at: 429, or the connection was never made. The token is unspent.</summary>
    NotProcessed,

    /// <summary>The answer was lost, late, truncated, senseless or a 5xx: the token may be spent.</summary>
    InDoubt,

    /// <summary>Another 4xx: our configuration. The token is unspent.</summary>
    Rejected,
}

/// <param name="RetryAfter">When Calendly asked to wait: always at a 429, perhaps at a 5xx.</param>
internal sealed record OAuthAnswer(OAuthOutcome Outcome, IssuedTokens? Tokens = null, TimeSpan? RetryAfter = null);
