using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>A pair that Calendly is to end, claimed for a minute.</summary>
/// <param name="WebhookUri">The subscription to be deleted with the pair first; null when there is none.</param>
/// <param name="Age">Since it was queued.</param>
internal sealed record PendingRevocation(long Id, long UserId, string AccessToken, string? RefreshToken, string? WebhookUri, long Attempts, TimeSpan Age);

/// <summary>
/// The outbox of pairs that nobody here holds any longer. They stay, sealed, until Calendly has confirmed that they are
/// dead, however long it is down, and whichever process queued them.
/// </summary>
internal sealed class Revocations(DbDataSource database, Dialect dialect, PairSeal seal, TokenEvents events, TimeProvider clock)
{
    // Longer than three calls at their deadlines.
    private const int ClaimSeconds = 60;

    private readonly WakeSignal _queued = new();

    /// <summary>Completes when something is queued by this process.</summary>
    public Task Awoken => _queued.Next;

    public void Wake() => _queued.Raise();

    /// <summary>Queues sealed tokens in the transaction that takes them from their connection.</summary>
    /// <param name="webhookUri">The subscription that was made with them, if any.</param>
    public Task QueueAsync(
        DbConnection connection, DbTransaction? transaction, long userId, string accessToken, string? refreshToken, string? webhookUri = null) => connection.ExecuteAsync(
        $"""
        INSERT INTO pending_revocation (user_id, access_token, refresh_token, webhook_uri, not_before, created_at)
        VALUES (@userId, @accessToken, @refreshToken, @webhookUri, {dialect.Now}, {dialect.Now})
        """,
        new { userId, accessToken, refreshToken, webhookUri, now = clock.GetUtcNow() },
        transaction);

    /// <summary>Queues a pair that was issued but could not become, or stay, a connection.</summary>
    public async Task QueueOrphanAsync(long userId, IssuedTokens tokens)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await QueueOrphanAsync(connection, transaction, userId, tokens);
            await transaction.CommitAsync();
        }

        Wake();
    }

    /// <summary>The same in the transaction that takes it from where it waited.</summary>
    public async Task QueueOrphanAsync(DbConnection connection, DbTransaction transaction, long userId, IssuedTokens tokens)
    {
        await QueueAsync(
            connection,
            transaction,
            userId,
            seal.SealAccess(userId, tokens.AccessToken),
            tokens.RefreshToken is null ? null : seal.SealRefresh(userId, tokens.RefreshToken));
        await events.AddAsync(connection, transaction, TokenEventKind.Orphaned, userId, null);
    }

    /// <summary>Takes what is due, so that no other process works on it meanwhile.</summary>
    public async Task<IReadOnlyList<PendingRevocation>> ClaimAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            $"""
            UPDATE pending_revocation SET not_before = {dialect.Later("@ClaimSeconds")}, attempts = attempts + 1
             WHERE id IN (SELECT id FROM pending_revocation WHERE not_before <= {dialect.Now} ORDER BY not_before LIMIT @atMost)
               AND not_before <= {dialect.Now}
            RETURNING id AS Id, user_id AS UserId, access_token AS AccessToken, refresh_token AS RefreshToken, webhook_uri AS WebhookUri,
                      attempts AS Attempts, created_at AS CreatedAt, {dialect.Now} AS Now
            """,
            new { atMost = (long)atMost, ClaimSeconds = (double)ClaimSeconds, now = clock.GetUtcNow() });
        return [.. rows.Select(row => new PendingRevocation(row.Id, row.UserId, row.AccessToken, row.RefreshToken, row.WebhookUri, row.Attempts, row.Now - row.CreatedAt))];
    }

    /// <summary>Takes it out, confirmed or not; the diary says which.</summary>
    public async Task EndAsync(PendingRevocation pending, string kind)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("DELETE FROM pending_revocation WHERE id = @Id", new { pending.Id }, transaction);
        await events.AddAsync(connection, transaction, kind, pending.UserId, null);
        await transaction.CommitAsync();
    }

    public async Task TryLaterAsync(PendingRevocation pending, TimeSpan wait)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"UPDATE pending_revocation SET not_before = {dialect.Later("@wait")} WHERE id = @Id",
            new { pending.Id, wait = wait.TotalSeconds, now = clock.GetUtcNow() });
    }

    /// <summary>How many of this person's, or of everybody's, Calendly has not confirmed yet.</summary>
    public async Task<long> CountAsync(long? userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            userId is null ? "SELECT count(*) FROM pending_revocation" : "SELECT count(*) FROM pending_revocation WHERE user_id = @userId", new { userId });
    }

    private sealed record Row(
        long Id, long UserId, string AccessToken, string? RefreshToken, string? WebhookUri, long Attempts, DateTimeOffset CreatedAt, DateTimeOffset Now);
}
