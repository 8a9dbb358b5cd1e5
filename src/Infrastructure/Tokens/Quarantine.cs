using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// Connections that Calendly has called dead keep their pair for a day, sealed and out of use: an operator can undo what was
/// Calendly's mistake. Then the pair is deleted.
/// </summary>
internal sealed class Quarantine(DbDataSource database, Dialect dialect, TokenEvents events, TimeProvider clock)
{
    private const int DaySeconds = 24 * 60 * 60;
    private const int PageRows = 200;

    /// <summary>Believes again in the pairs that were called dead since an instant and are still here. Returns how many.</summary>
    public async Task<int> RestoreAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var restored = 0;
        for (var ids = await PageAsync(0); ids.Count > 0; ids = await PageAsync(ids[^1]))
        {
            foreach (var userId in ids)
            {
                restored += await RestoreAsync(userId, since, cancellationToken) ? 1 : 0;
            }
        }

        return restored;

        Task<IReadOnlyList<long>> PageAsync(long after) => ReadAsync(
            $"""
            SELECT user_id FROM calendly_connection
             WHERE status IN ('{ConnectionRow.NeedsReconnect}', '{ConnectionRow.Degraded}') AND status_since >= @since AND user_id > @after
             ORDER BY user_id LIMIT {PageRows}
            """,
            new { since, after },
            cancellationToken);
    }

    /// <summary>Deletes the pairs that have lain here for a day. Returns how many.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = 0;
        for (var ids = await PageAsync(0); ids.Count > 0; ids = await PageAsync(ids[^1]))
        {
            foreach (var userId in ids)
            {
                purged += await PurgeAsync(userId, cancellationToken) ? 1 : 0;
            }
        }

        return purged;

        Task<IReadOnlyList<long>> PageAsync(long after) => ReadAsync(
            $"""
            SELECT c.user_id FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id
             WHERE c.status = '{ConnectionRow.NeedsReconnect}' AND c.status_since < {dialect.Later("@age")} AND c.user_id > @after
               AND (u."calendlyAccessToken" IS NOT NULL OR u."calendlyRefreshToken" IS NOT NULL)
             ORDER BY c.user_id LIMIT {PageRows}
            """,
            new { age = (double)-DaySeconds, after, now = clock.GetUtcNow() },
            cancellationToken);
    }

    private async Task<bool> RestoreAsync(long userId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await connection.QuerySingleOrDefaultAsync<long?>(
            $"""
            UPDATE calendly_connection
               SET status = '{ConnectionRow.Connected}', status_reason = NULL, status_since = {dialect.Now},
                   {ConnectionRow.BeginAnew}
             WHERE user_id = @userId AND status IN ('{ConnectionRow.NeedsReconnect}', '{ConnectionRow.Degraded}')
               AND status_reason IN ('revoked', 'rejected_after_refresh', 'refresh_lost') AND status_since >= @since
            RETURNING token_version
            """,
            new { userId, since, now = clock.GetUtcNow() },
            transaction);

        // Only now, with the row locked, is it certain that the pair is not being deleted.
        if (version is null || !await HasPairAsync(connection, transaction, userId))
        {
            return false;
        }

        await events.AddAsync(connection, transaction, TokenEventKind.Restored, userId, version);
        await transaction.CommitAsync(cancellationToken);
        events.Wake();
        return true;
    }

    private async Task<bool> PurgeAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Locks the row first, as everybody does who changes a pair: the person may be connecting again just now.
        var version = await connection.QuerySingleOrDefaultAsync<long?>(
            $"""
            UPDATE calendly_connection SET user_id = user_id
             WHERE user_id = @userId AND status = '{ConnectionRow.NeedsReconnect}' AND status_since < {dialect.Later("@age")}
            RETURNING token_version
            """,
            new { userId, age = (double)-DaySeconds, now = clock.GetUtcNow() },
            transaction);
        if (version is null)
        {
            return false;
        }

        await ConnectionRow.ForgetPairAsync(connection, transaction, dialect, userId, clock.GetUtcNow());
        await events.AddAsync(connection, transaction, TokenEventKind.Purged, userId, version);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<long>> ReadAsync(string statement, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(statement, parameters)];
    }

    private static async Task<bool> HasPairAsync(DbConnection connection, DbTransaction transaction, long userId) =>
        await connection.ExecuteScalarAsync<long>(
            """
            SELECT count(*) FROM "User" WHERE "id" = @userId AND "calendlyAccessToken" IS NOT NULL AND "calendlyRefreshToken" IS NOT NULL
            """,
            new { userId },
            transaction) > 0;
}
