using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>
/// Ends every connection there is. What has been done is seen in the rows themselves, so that whoever is stopped half-way
/// goes on where it was. Asked for by a page, it is noted in the database and done by whichever instance comes to it.
/// </summary>
internal sealed class MassRevocation(
    DbDataSource database,
    Dialect dialect,
    ITokenStore store,
    PlaintextTakeover takeover,
    PendingSwitches switches,
    ReadCache reads,
    JobLeases leases,
    WireTime time,
    TimeProvider clock,
    ILogger<MassRevocation> log)
    : SharedJob(leases, time, log)
{
    private const int PageRows = 50;
    private const string Marker = "revoke_all";

    // Two hundred a second.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    protected override string Job => "mass-revocation";

    protected override TimeSpan FirstAfter => TimeSpan.FromSeconds(5);

    protected override TimeSpan Every => TimeSpan.FromSeconds(15);

    /// <summary>Notes that everybody who is connected now is to be disconnected, and begins.</summary>
    public async Task RequestAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            // As an instant by the database's own clock, which also says when a connection was made.
            await connection.ExecuteAsync(
                $"""
                INSERT INTO marker (name, value) VALUES (@Marker, CAST({dialect.Now} AS text))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                new { Marker, now = clock.GetUtcNow() });
        }

        Wake();
    }

    /// <summary>True until everybody is disconnected who was connected when it was asked for.</summary>
    public async Task<bool> IsUnderWayAsync(CancellationToken cancellationToken) => await RequestedAtAsync(cancellationToken) is not null;

    /// <summary>How many connections there are to end.</summary>
    /// <param name="userId">One person's; null for all.</param>
    public async Task<long> CountAsync(long? userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            $"SELECT count(*) FROM calendly_connection WHERE status <> '{ConnectionRow.Disconnected}' {(userId is null ? null : "AND user_id = @userId")}", new { userId });
    }

    /// <summary>Disconnects everybody, page by page; what Calendly has yet to be told of lies in the outbox then.</summary>
    /// <param name="told">Is told after each page how many it were so far.</param>
    public Task<long> DisconnectAsync(Action<long> told, CancellationToken cancellationToken) => DisconnectAsync(null, told, cancellationToken);

    public override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (await RequestedAtAsync(cancellationToken) is not { } requestedAt)
        {
            return;
        }

        var done = await DisconnectAsync(requestedAt, _ => { }, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM marker WHERE name = @Marker AND value = @requestedAt", new { Marker, requestedAt });
        log.LogWarning("{Count} connections were ended because an administrator has asked for it", done);
    }

    private async Task<string?> RequestedAtAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>("SELECT value FROM marker WHERE name = @Marker", new { Marker });
    }

    // Also what an earlier application has left, and grants that wait for a decision.
    private async Task<long> DisconnectAsync(string? madeUntil, Action<long> told, CancellationToken cancellationToken)
    {
        await takeover.SealAsync(cancellationToken);
        await switches.GiveUpAsync(expiredOnly: false, cancellationToken);
        var (done, after) = (0L, long.MinValue);
        while (true)
        {
            var page = await PageAsync(madeUntil, after, cancellationToken);
            if (page.Count == 0)
            {
                return done;
            }

            foreach (var userId in page)
            {
                done += await store.DisconnectAsync(userId, cancellationToken) ? 1 : 0;
                reads.Forget(userId);
            }

            after = page[^1];
            told(done);
            await HoldsAsync(cancellationToken);
            await RestAsync(Rest, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<long>> PageAsync(string? madeUntil, long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(
            $"""
            SELECT user_id FROM calendly_connection
             WHERE status <> '{ConnectionRow.Disconnected}' AND user_id > @after
               {(madeUntil is null ? null : $"AND (connected_at <= {dialect.InstantOf("@madeUntil")} OR status = '{ConnectionRow.TakenOver}')")}
             ORDER BY user_id LIMIT {PageRows}
            """,
            new { madeUntil, after })];
    }
}
