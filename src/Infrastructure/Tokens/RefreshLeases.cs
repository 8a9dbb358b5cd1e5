using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <param name="Owner">Who holds it: the instance and the flight. Null when it was not to be had.</param>
/// <param name="InDoubt">A former holder never gave it back, so the refresh token may be spent.</param>
/// <param name="IsExhausted">Not to be had because this minute's tries are used up; otherwise because another holds it, or
/// the version has moved.</param>
internal sealed record Lease(string? Owner, bool InDoubt, bool IsExhausted);

/// <summary>
/// The right to refresh one version of one pair, for half a minute, across all instances. Each statement is short and
/// alone: nothing is locked while Calendly answers. A lease that ends without being given back tells the next holder that
/// a refresh is in doubt.
/// </summary>
internal sealed class RefreshLeases(DbDataSource database, Dialect dialect, Instance instance, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    /// <summary>Half of what Calendly allows per user and minute.</summary>
    public const int TriesPerMinute = 4;

    private long _count;

    public async Task<Lease> TakeAsync(long userId, long version)
    {
        var owner = $"{instance.Name}/{Interlocked.Increment(ref _count)}";
        var fresh = $"window_start < {dialect.Later("-60")}";
        await using var connection = await database.OpenConnectionAsync();
        var taken = await connection.QueryAsync<(string? Previous, long Version)>(
            $"""
            UPDATE calendly_connection
               SET prev_owner = lease_owner, lease_owner = @owner, lease_until = {dialect.Later("@life")},
                   window_count = CASE WHEN {fresh} THEN 1 ELSE window_count + 1 END,
                   window_start = CASE WHEN {fresh} THEN {dialect.Now} ELSE window_start END
             WHERE user_id = @userId AND token_version = @version AND status = '{ConnectionRow.Connected}'
               AND (lease_until IS NULL OR lease_until < {dialect.Now})
               AND (window_count < {TriesPerMinute} OR {fresh})
            RETURNING prev_owner, token_version
            """,
            new { userId, version, owner, life = Life.TotalSeconds, now = clock.GetUtcNow() });
        foreach (var (previous, _) in taken)
        {
            return new Lease(owner, previous is not null, IsExhausted: false);
        }

        var exhausted = await connection.ExecuteScalarAsync<long>(
            $"""
            SELECT count(*) FROM calendly_connection
             WHERE user_id = @userId AND token_version = @version AND status = '{ConnectionRow.Connected}'
               AND (lease_until IS NULL OR lease_until < {dialect.Now}) AND window_count >= {TriesPerMinute} AND NOT ({fresh})
            """,
            new { userId, version, now = clock.GetUtcNow() });
        return new Lease(null, InDoubt: false, exhausted > 0);
    }

    /// <summary>Gives it back: nothing was sent, or Calendly has said clearly that the token is unspent.</summary>
    /// <param name="wait">How long nobody should try again; null for longer each time, from half a minute to five.</param>
    public Task ReleaseAsync(long userId, long version, Lease lease, TimeSpan? wait) => EndAsync(userId, version, lease, wait, ConnectionRow.EndLease);

    /// <summary>Lets it run out instead of giving it back, as evidence for whoever takes it next.</summary>
    public Task LeaveInDoubtAsync(long userId, long version, Lease lease, TimeSpan? wait) => EndAsync(userId, version, lease, wait, "lease_owner = lease_owner");

    private async Task EndAsync(long userId, long version, Lease lease, TimeSpan? wait, string change)
    {
        const string Growing = "CASE fail_count WHEN 0 THEN 30 WHEN 1 THEN 60 WHEN 2 THEN 120 ELSE 300 END";
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"""
            UPDATE calendly_connection
               SET {change}, fail_count = fail_count + {(wait is null ? 1 : 0)}, next_attempt_at = {dialect.Later(wait is null ? Growing : "@wait")}
             WHERE user_id = @userId AND token_version = @version AND lease_owner = @Owner
            """,
            new { userId, version, lease.Owner, wait = wait?.TotalSeconds, now = clock.GetUtcNow() });
    }
}
