using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Takes out what has had its time: pairs in quarantine, old events, grants that nobody decided about, ended
/// sessions and requests.</summary>
internal sealed class Housekeeping(
    DbDataSource database,
    Quarantine quarantine,
    TokenEvents events,
    PendingSwitches switches,
    JobLeases leases,
    WireTime time,
    TimeProvider clock,
    ILogger<Housekeeping> log)
    : SharedJob(leases, time, log)
{
    // So many at a time, that no statement takes long.
    private const int PageRows = 1000;

    private static readonly (string Table, string Key)[] Ending =
    [
        ("session_ticket", "key_hash"),
        ("authorization_request", "nonce_hash"),
        ("idempotency_key", "(user_id, route, name)"),
        ("delegation_invitation", "token_hash"),
        ("booking", "nonce"),
        ("booking_call", "nonce"),
        ("page_change", "id"),
        ("notice", "name"),
        ("webhook_delivery", "id"),
    ];

    protected override string Job => "housekeeping";

    protected override TimeSpan FirstAfter => TimeSpan.FromMinutes(1);

    protected override TimeSpan Every => TimeSpan.FromHours(1);

    public override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var purged = await quarantine.PurgeAsync(cancellationToken);
        var given = await switches.GiveUpAsync(expiredOnly: true, cancellationToken);
        await events.ForgetOldAsync(cancellationToken);
        foreach (var (table, key) in Ending)
        {
            await DeleteEndedAsync(table, key, cancellationToken);
        }

        if (purged + given > 0)
        {
            log.LogInformation("{Purged} pairs in quarantine were deleted, and {Given} grants that nobody decided about are being revoked", purged, given);
        }
    }

    private async Task DeleteEndedAsync(string table, string key, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await HoldsAsync(cancellationToken);
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var columns = key.Trim('(', ')');

            // By the clock that wrote them, which in tests is not the database's.
            deleted = await connection.ExecuteAsync(
                $"DELETE FROM {table} WHERE {key} IN (SELECT {columns} FROM {table} WHERE expires_at < @now LIMIT {PageRows})",
                new { now = clock.GetUtcNow() });
        }
        while (deleted == PageRows);
    }
}
