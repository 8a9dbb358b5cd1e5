namespace CalendlySlices.Infrastructure.Tokens;

internal enum ConnectionStatus
{
    /// <summary>The pair is believed good.</summary>
    Connected,

    /// <summary>The refresh token is dead; the access token still works until <see cref="Connection.ExpiresAt"/>.</summary>
    Degraded,

    /// <summary>Nothing usable is left: the person has to connect again.</summary>
    NeedsReconnect,
}

/// <summary>What is known of a person's Calendly connection, from our own records; it holds no token.</summary>
/// <param name="StatusReason">Why the connection is not good: <c>revoked</c>, <c>refresh_lost</c>,
/// <c>rejected_after_refresh</c>, or <c>account_in_use</c> for a pair that was taken over but is another person's.</param>
/// <param name="Scopes">Calendly's names, as granted.</param>
/// <param name="Profile">Null until Calendly has been asked once who this is.</param>
/// <param name="ExpiresAt">End of the access token.</param>
/// <param name="RefreshedAt">When the present pair was issued.</param>
/// <param name="RefreshAfter">From here on the next call renews the pair, well before it ends.</param>
internal sealed record Connection(
    long UserId,
    ConnectionStatus Status,
    string? StatusReason,
    DateTimeOffset StatusSince,
    string CalendlyUserUri,
    string OrganizationUri,
    IReadOnlyList<string> Scopes,
    CalendlyProfile? Profile,
    DateTimeOffset ConnectedAt,
    DateTimeOffset RefreshedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset RefreshAfter)
{
    /// <summary>Begins the placeholder for an owner whom Calendly has yet to name.</summary>
    public const string UnknownOwner = "taken-over:";

    /// <summary>True when these are the connection's account and that of the grant, or it is not known whose it is.</summary>
    public bool MayBelongTo(string calendlyUserUri) =>
        CalendlyUserUri == calendlyUserUri || CalendlyUserUri.StartsWith(UnknownOwner, StringComparison.Ordinal);

    /// <summary>True when the scope was granted, by name, by its <c>:write</c> form (which includes reading), or wholesale
    /// to an application from before scopes existed.</summary>
    public bool Allows(string scope) =>
        Scopes.Contains(scope)
        || Scopes.Contains("default")
        || (scope.EndsWith(":read", StringComparison.Ordinal) && Scopes.Contains(scope[..^"read".Length] + "write"));
}

/// <param name="Timezone">An IANA zone.</param>
/// <param name="SchedulingUrl">The person's public booking page.</param>
internal sealed record CalendlyProfile(string Name, string Email, string Timezone, string SchedulingUrl);

/// <summary>Reads connections, from memory where possible: cheap enough to call on every request.</summary>
internal interface IConnections
{
    /// <summary>Null when the person has never connected, or has disconnected.</summary>
    Task<Connection?> FindAsync(long userId, CancellationToken cancellationToken);
}
