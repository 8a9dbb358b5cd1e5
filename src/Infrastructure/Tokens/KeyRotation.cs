using System.Data.Common;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Webhooks;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <param name="Rows">Put under the first key.</param>
/// <param name="Unreadable">Left as they are, because they cannot be opened.</param>
/// <param name="Finished">False when another instance has taken the work over.</param>
internal sealed record Rotated(int Rows, int Unreadable, bool Finished);

/// <summary>
/// Puts everything that is sealed with an older key of the ring under the first one. A row is replaced only where it is
/// still what was read, and no version grows: a refresh that runs meanwhile notices nothing.
/// </summary>
internal sealed class KeyRotation(
    DbDataSource database, TokenKeys keys, Envelope envelope, PairSeal seal, TokenEvents events, JobLeases leases, WireTime time, ILogger<KeyRotation> log)
    : SharedJob(leases, time, log)
{
    // Looked at together; few of them may need anything.
    private const int PageRows = 1000;

    // Two hundred rows a second.
    private const int RowsBetweenRests = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private int _rows;
    private int _unreadable;

    protected override string Job => "key-rotation";

    protected override TimeSpan FirstAfter => TimeSpan.FromSeconds(10);

    // Another instance may still run with the older key first.
    protected override TimeSpan Every => TimeSpan.FromHours(1);

    public override Task WorkAsync(CancellationToken cancellationToken) => WalkAsync(cancellationToken);

    /// <summary>Looks at everything once. Not to be called twice at a time.</summary>
    public async Task<Rotated> WalkAsync(CancellationToken cancellationToken)
    {
        (_rows, _unreadable) = (0, 0);
        var finished = keys.Ids.Count == 1
            || (await WalkPairsAsync("\"User\"", "\"id\"", "\"id\"", "\"calendlyAccessToken\"", "\"calendlyRefreshToken\"", cancellationToken)
            && await WalkPairsAsync("pending_revocation", "id", "user_id", "access_token", "refresh_token", cancellationToken)
            && await WalkAsync<long>("pending_switch", "user_id", "envelope", PendingSwitches.BelongsTo, cancellationToken)
            && await WalkAsync<string>("data_protection_key", "name", "xml", DatabaseKeyRing.BelongsTo, cancellationToken)
            && await WalkAsync<string>("webhook_delivery", "digest", "body", SealedBody.BelongsTo, cancellationToken)
            && await WalkAsync<string>("notice", "name", "facts", Notices.BelongsTo, cancellationToken));
        if (_unreadable > 0)
        {
            log.LogCritical("{Count} sealed rows cannot be opened and stay as they are", _unreadable);
        }

        if (finished && _rows > 0)
        {
            await events.AddAsync(TokenEventKind.KeyRotated, null);
            log.LogInformation("{Count} rows are under key {Key} now", _rows, keys.CurrentId);
        }

        return new Rotated(_rows, _unreadable, finished);
    }

    private async Task<bool> WalkPairsAsync(string table, string id, string owner, string access, string refresh, CancellationToken cancellationToken)
    {
        for (long after = long.MinValue; ;)
        {
            if (!await HoldsAsync(cancellationToken))
            {
                return false;
            }

            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var last = await connection.ExecuteScalarAsync<long?>(
                $"SELECT max(id) FROM (SELECT {id} AS id FROM {table} WHERE {id} > @after ORDER BY {id} LIMIT {PageRows}) page", new { after });
            if (last is null)
            {
                return true;
            }

            var rows = await connection.QueryAsync<(long Id, long Owner, string Access, string? Refresh)>(
                $"""
                SELECT {id}, {owner}, {access}, {refresh} FROM {table}
                 WHERE {id} > @after AND {id} <= @last AND substr({access}, 1, 3) = 'v1.'
                   AND (substr({access}, 1, @length) <> @prefix OR substr({refresh}, 1, @length) <> @prefix)
                 ORDER BY {id}
                """,
                new { after, last, prefix = envelope.CurrentPrefix, length = envelope.CurrentPrefix.Length });
            await ReplaceAsync(
                connection,
                $"""
                UPDATE {table} SET {access} = @access, {refresh} = @refresh
                 WHERE {id} = @id AND {access} = @oldAccess AND {refresh} IS NOT DISTINCT FROM @oldRefresh
                """,
                rows,
                row => new
                {
                    id = row.Id,
                    oldAccess = row.Access,
                    oldRefresh = row.Refresh,
                    access = seal.ResealAccess(row.Owner, row.Access),
                    refresh = row.Refresh is null ? null : seal.ResealRefresh(row.Owner, row.Refresh),
                },
                cancellationToken);
            after = last.Value;
        }
    }

    // These tables are small.
    private async Task<bool> WalkAsync<TKey>(string table, string key, string column, Func<TKey, string[]> belongsTo, CancellationToken cancellationToken)
    {
        if (!await HoldsAsync(cancellationToken))
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(TKey Key, string Envelope)>(
            $"SELECT {key}, {column} FROM {table} WHERE substr({column}, 1, @length) <> @prefix",
            new { prefix = envelope.CurrentPrefix, length = envelope.CurrentPrefix.Length });
        await ReplaceAsync(
            connection,
            $"UPDATE {table} SET {column} = @resealed WHERE {key} = @key AND {column} = @old",
            rows,
            row => new { key = row.Key, old = row.Envelope, resealed = envelope.Reseal(row.Envelope, belongsTo(row.Key)) },
            cancellationToken);
        return true;
    }

    // A few at a time in one transaction, to spare the disk; none is locked for longer than that takes.
    private async Task ReplaceAsync<TRow>(DbConnection connection, string statement, IEnumerable<TRow> rows, Func<TRow, object> reseal, CancellationToken cancellationToken)
    {
        foreach (var few in rows.Chunk(RowsBetweenRests))
        {
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                foreach (var row in few)
                {
                    try
                    {
                        _rows += await connection.ExecuteAsync(statement, reseal(row), transaction);
                    }
                    catch (CryptographicException)
                    {
                        _unreadable++;
                    }
                }

                await transaction.CommitAsync(cancellationToken);
            }

            await RestAsync(Rest, cancellationToken);
        }
    }
}
