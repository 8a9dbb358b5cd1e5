using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>A connection with its pair. <see cref="RefreshToken"/> is read only where a refresh or a revocation needs it.</summary>
/// <param name="Version">The fence: grows by one on every change of the pair or of its owner.</param>
/// <param name="RefreshAfter">From here on a refresh is due, well before the token ends.</param>
internal sealed record StoredTokens(
    Connection Connection,
    long Version,
    Secret AccessToken,
    Secret RefreshToken,
    DateTimeOffset RefreshAfter);

/// <summary>
/// Where the pairs live: encrypted, one per person, every change fenced by a version so that a late writer cannot undo a
/// newer one. Throws <see cref="System.Security.Cryptography.CryptographicException"/> where an envelope cannot be opened;
/// that never changes a row.
/// </summary>
internal interface ITokenStore
{
    /// <summary>Straight from the database. Null when the person is not connected.</summary>
    Task<StoredTokens?> ReadAsync(long userId, CancellationToken cancellationToken);

    /// <summary>The same, but what another process has changed may be seen up to five seconds late.</summary>
    ValueTask<StoredTokens?> RecallAsync(long userId, CancellationToken cancellationToken);

    /// <summary>Stores a new grant, whatever was there. Null when the Calendly user is already another person's.</summary>
    Task<StoredTokens?> ConnectAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken);

    /// <summary>Stores the successor of version <paramref name="version"/>. Null when somebody has changed the pair meanwhile:
    /// the caller's new pair is then an orphan and has to be revoked.</summary>
    Task<StoredTokens?> ReplaceAsync(long userId, long version, IssuedTokens tokens, CancellationToken cancellationToken);

    /// <summary>Changes the status of version <paramref name="version"/>, and of no other. The version stays.</summary>
    Task MarkAsync(long userId, long version, ConnectionStatus status, string reason, CancellationToken cancellationToken);

    /// <summary>Keeps who the Calendly user is.</summary>
    Task KeepProfileAsync(long userId, CalendlyProfile profile, CancellationToken cancellationToken);

    /// <summary>Forgets the pair and fences every refresh that is running. Returns what should be revoked at Calendly.</summary>
    Task<StoredTokens?> DisconnectAsync(long userId, CancellationToken cancellationToken);
}
