using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;
using Npgsql;

namespace CalendlySlices.Infrastructure.Live;

/// <summary>The changes of the last hour, in the database that all instances share.</summary>
internal sealed class Changes(DbDataSource database, TimeProvider clock)
{
    /// <summary>The channel on which PostgreSQL tells every instance that there are new ones.</summary>
    public const string Channel = "calendly_slices_change";

    // Any number, as long as everybody who writes changes uses the same.
    private const long Lock = 7_260_912_032;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly WakeSignal _added = new();

    /// <summary>Completes when this process has added some.</summary>
    public Task Awoken => _added.Next;

    public void Wake() => _added.Raise();

    /// <summary>In the transaction that makes the change; whoever commits it calls <see cref="Wake"/> then.</summary>
    public async Task AddAsync(DbConnection connection, DbTransaction transaction, long userId, string kind, string? subject = null)
    {
        if (connection is NpgsqlConnection)
        {
            // One writer at a time until it commits: without that a reader could see number 9 after number 10 and never look back.
            await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({Lock}); SELECT pg_notify('{Channel}', '')", transaction: transaction);
        }

        await connection.ExecuteAsync(
            "INSERT INTO page_change (user_id, kind, subject, expires_at) VALUES (@userId, @kind, @subject, @expiresAt)",
            new { userId, kind, subject, expiresAt = clock.GetUtcNow() + Kept },
            transaction);
    }

    /// <summary>On its own, for what was changed elsewhere.</summary>
    public async Task AddAsync(long userId, string kind, string? subject = null)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await AddAsync(connection, transaction, userId, kind, subject);
            await transaction.CommitAsync();
        }

        Wake();
    }

    /// <summary>The same, for what has been done already: that it cannot be told must not look as if it had failed. Pages then
    /// find it when they read anew.</summary>
    public async Task TryAddAsync(long userId, string kind, string? subject = null)
    {
        try
        {
            await AddAsync(userId, kind, subject);
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException)
        {
        }
    }

    /// <summary>The number of the last change of all; zero before the first.</summary>
    public async Task<long> LastIdAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(id), 0) FROM page_change");
    }

    /// <summary>Everybody's, oldest first.</summary>
    public async Task<IReadOnlyList<Change>> ReadAsync(long after, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Change>($"{Select} WHERE id > @after ORDER BY id LIMIT {most}", new { after })];
    }

    /// <summary>One person's, oldest first. Null when more than <paramref name="most"/> came, or when it is not certain that all
    /// of them are still here: then everything has to be read anew.</summary>
    public async Task<IReadOnlyList<Change>?> ReadAsync(long userId, long after, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (first, last) = await connection.QuerySingleAsync<(long First, long Last)>("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM page_change");

        // A number from before the oldest that is kept, or one that this database has never given.
        if (after > last || (after < first - 1 && after > 0) || (after == 0 && first > 1))
        {
            return null;
        }

        var found = (await connection.QueryAsync<Change>($"{Select} WHERE user_id = @userId AND id > @after ORDER BY id LIMIT {most + 1}", new { userId, after })).ToList();
        return found.Count > most ? null : found;
    }

    private const string Select = "SELECT id AS Id, user_id AS UserId, kind AS Kind, subject AS Subject FROM page_change";
}
