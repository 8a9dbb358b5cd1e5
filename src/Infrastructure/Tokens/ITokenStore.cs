using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>A connection with its pair, still sealed: a token is opened where it is used and nowhere else.</summary>
/// <param name="Version">The fence: grows by one on every change of the pair or of its owner.</param>
/// <param name="NextAttemptAt">Before this, no refresh is tried again; null when none has failed.</param>
internal sealed record StoredTokens(
    Connection Connection,
    long Version,
    DateTimeOffset? NextAttemptAt,
    Func<Secret> OpenAccessToken,
    Func<Secret> OpenRefreshToken)
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">The envelope cannot be opened, or is gone.</exception>
    public Secret AccessToken => OpenAccessToken();

    /// <exception cref="System.Security.Cryptography.CryptographicException">The envelope cannot be opened, or is gone.</exception>
    public Secret RefreshToken => OpenRefreshToken();
}

/// <summary>
/// Where the pairs live: encrypted, one per person, every change fenced by a version so that a late writer cannot undo a
/// newer one. An envelope that cannot be opened never changes a row. Throws
/// <see cref="System.Data.Common.DbException"/> when the database does not answer.
/// </summary>
internal interface ITokenStore
{
    /// <summary>Straight from the database. Null when the person is not connected.</summary>
    Task<StoredTokens?> ReadAsync(long userId, CancellationToken cancellationToken);

    /// <summary>The same, but what another process has changed may be seen up to five seconds late.</summary>
    ValueTask<StoredTokens?> RecallAsync(long userId, CancellationToken cancellationToken);

    /// <summary>Stores a new grant, whatever was there. The pair of another Calendly user that it replaces is queued for
    /// revocation; an older one of the same user is not, because that might end the new one. Null when the Calendly user
    /// is already another person's.</summary>
    Task<StoredTokens?> ConnectAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken);

    /// <summary>Stores the successor of version <paramref name="version"/> and ends its lease, whoever holds it: this pair
    /// is the only successor that there can be. Null when the version is another by now: the new pair is an orphan.</summary>
    Task<StoredTokens?> ReplaceAsync(long userId, long version, IssuedTokens tokens, CancellationToken cancellationToken);

    /// <summary>Changes the status of version <paramref name="version"/>, and of no other. The version stays.</summary>
    /// <param name="leaseOwner">The lease under which this was found out; null for what needs none.</param>
    /// <returns>False when the version or the lease is another by now.</returns>
    Task<bool> MarkAsync(long userId, long version, ConnectionStatus status, string reason, string? leaseOwner, CancellationToken cancellationToken);

    /// <summary>Keeps who the Calendly user is.</summary>
    Task KeepProfileAsync(long userId, CalendlyProfile profile, CancellationToken cancellationToken);

    /// <summary>Forgets the pair, fences every refresh that is running, and queues the pair for revocation; needs neither
    /// Calendly nor the key. False when the person was not connected.</summary>
    /// <param name="revoke">False where Calendly is known to have forgotten the pair.</param>
    Task<bool> DisconnectAsync(long userId, CancellationToken cancellationToken, bool revoke = true);
}
