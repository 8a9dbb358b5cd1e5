using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>What can happen to a connection; the names stand in the database.</summary>
internal static class TokenEventKind
{
    public const string Connected = "connected";
    public const string Switched = "switched";
    public const string Refreshed = "refreshed";
    public const string Disconnected = "disconnected";
    public const string Degraded = "degraded";
    public const string NeedsReconnect = "needs_reconnect";
    public const string Restored = "restored";
    public const string TakenOver = "taken_over";
    public const string Orphaned = "orphaned";
    public const string Revoked = "revoked";
    public const string RevocationGivenUp = "revocation_given_up";
    public const string Purged = "purged";

    /// <summary>Everything is under the first key now; about no connection in particular.</summary>
    public const string KeyRotated = "key_rotated";

    /// <summary>Calendly called the refresh token, or a fresh access token, dead. Counted by the guard against calling
    /// an outage of Calendly's a thousand revocations.</summary>
    public const string Refused = "refused";

    /// <summary>An operator has used a command; the version stays empty.</summary>
    public const string Operated = "operated";
}

/// <summary>The diary of all connections: what happened when, by which instance, and never a token. Kept for ninety days.</summary>
internal sealed class TokenEvents(DbDataSource database, Dialect dialect, Instance instance, Changes changes, TimeProvider clock)
{
    public const int DaysKept = 90;

    private const int DeletedAtOnce = 5000;

    // What people's pages say of a connection is another afterwards.
    private static readonly string[] Shown =
    [
        TokenEventKind.Connected, TokenEventKind.Switched, TokenEventKind.Disconnected, TokenEventKind.Degraded, TokenEventKind.NeedsReconnect,
        TokenEventKind.Restored, TokenEventKind.TakenOver,
    ];

    /// <summary>In the same transaction as what it tells of, where there is one, and last in it. Where it makes pages look anew,
    /// whoever commits it calls <see cref="Wake"/>.</summary>
    /// <param name="isShown">Pages look anew, though not every event of this kind is seen there.</param>
    public async Task AddAsync(DbConnection connection, DbTransaction? transaction, string kind, long? userId, long? version, bool isShown = false)
    {
        await connection.ExecuteAsync(
            $"INSERT INTO token_event (at, user_id, kind, version, instance) VALUES ({dialect.Now}, @userId, @kind, @version, @instance)",
            new { userId, kind, version, instance = instance.Name, now = clock.GetUtcNow() },
            transaction);
        if (transaction is not null && userId is { } person && (isShown || Shown.Contains(kind)))
        {
            await changes.AddAsync(connection, transaction, person, ChangeKind.Connection);
        }
    }

    public void Wake() => changes.Wake();

    public async Task AddAsync(string kind, long? userId, long? version = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await AddAsync(connection, null, kind, userId, version);
    }

    /// <summary>How many different connections met this within the last while.</summary>
    public async Task<long> CountAsync(string kind, TimeSpan within)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            $"SELECT count(DISTINCT user_id) FROM token_event WHERE kind = @kind AND at > {dialect.Later("-@seconds")}",
            new { kind, seconds = within.TotalSeconds, now = clock.GetUtcNow() });
    }

    /// <summary>True when this happened to this version.</summary>
    public async Task<bool> HasAsync(string kind, long userId, long version)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM token_event WHERE kind = @kind AND user_id = @userId AND version = @version", new { kind, userId, version }) > 0;
    }

    public async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            deleted = await connection.ExecuteAsync(
                $"DELETE FROM token_event WHERE id IN (SELECT id FROM token_event WHERE at < {dialect.Later("-@seconds")} LIMIT {DeletedAtOnce})",
                new { seconds = TimeSpan.FromDays(DaysKept).TotalSeconds, now = clock.GetUtcNow() });
        }
        while (deleted == DeletedAtOnce);
    }
}
