namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>An access token to send, and the version of the stored pair it came from.</summary>
internal sealed record AccessToken(Secret Value, long Version);

/// <summary>
/// Hands out access tokens of a user's Calendly connection, refreshing them when needed: one refresh at a time per
/// connection, stored before anybody sees it. Failures: <c>NotConnected</c>, <c>ReconnectRequired</c>,
/// <c>TokenUnreadable</c>, and, only when no usable token is left, those of an outage.
/// </summary>
internal interface IAccessTokens
{
    /// <summary>A token that Calendly should accept for at least another minute.</summary>
    Task<Result<AccessToken>> GetAsync(long userId, CancellationToken cancellationToken);

    /// <summary>
    /// A token newer than the one that Calendly has just refused. Returns the stored one at once when somebody else has
    /// refreshed meanwhile; never refreshes twice for the same version.
    /// </summary>
    Task<Result<AccessToken>> NewerThanAsync(long userId, long refusedVersion, CancellationToken cancellationToken);

    /// <summary>Says that Calendly refused even the token that <see cref="NewerThanAsync"/> gave. Two such refusals at
    /// least a minute apart end in "reconnect needed".</summary>
    Task ReportRefusedAsync(long userId, long version, CancellationToken cancellationToken);
}
