using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Webhooks;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>The pairs in the database, and what is known of the connections around them.</summary>
internal sealed class TokenStore(
    DbDataSource database, Dialect dialect, PairSeal seal, CalendlyMode mode, DatabaseClock databaseClock, TokenEvents events, Revocations revocations, TimeProvider clock)
    : ITokenStore, IConnections
{
    private readonly ConnectionMemory _memory = new(seal, databaseClock, clock);

    /// <inheritdoc cref="ConnectionMemory.OwnerChanged"/>
    public event Action<long>? OwnerChanged
    {
        add => _memory.OwnerChanged += value;
        remove => _memory.OwnerChanged -= value;
    }

    public async Task<Connection?> FindAsync(long userId, CancellationToken cancellationToken) =>
        (await RecallAsync(userId, cancellationToken))?.Connection;

    public ValueTask<StoredTokens?> RecallAsync(long userId, CancellationToken cancellationToken) =>
        _memory.TryRecall(userId, out var tokens)
            ? ValueTask.FromResult(tokens)
            : new ValueTask<StoredTokens?>(ReadAsync(userId, cancellationToken));

    public async Task<StoredTokens?> ReadAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return _memory.Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task<StoredTokens?> ConnectAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectOnceAsync(userId, tokens, cancellationToken);
        }
        catch (DbException taken) when (taken.IsUniqueViolation())
        {
            // Two people connected the same Calendly user at once, and the other was first.
            return null;
        }
    }

    private async Task<StoredTokens?> ConnectOnceAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken)
    {
        var refreshToken = tokens.RefreshToken ?? throw new ArgumentException("A new grant has a refresh token.", nameof(tokens));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Locks the row, so that the pair read after it is the last one: a refresh may be storing another just now.
        await connection.ExecuteAsync("UPDATE calendly_connection SET user_id = user_id WHERE user_id = @userId", new { userId }, transaction);
        var old = await ReadRowAsync(connection, transaction, userId);
        var isSwitch = old is { AccessToken: not null } && old.Status != ConnectionRow.Disconnected
            && old.CalendlyUserUri != tokens.OwnerUri && !old.CalendlyUserUri.StartsWith(Connection.UnknownOwner, StringComparison.Ordinal);
        var formerWebhookUri = await WebhookSubscriptions.TakeOutAsync(connection, transaction, userId, unlessOf: tokens.OwnerUri);
        if (isSwitch)
        {
            await WebhookInbox.ForgetAsync(connection, transaction, userId, old!.CalendlyUserUri);
            await revocations.QueueAsync(connection, transaction, userId, old!.AccessToken!, old.RefreshToken, formerWebhookUri);
        }

        var version = await connection.QuerySingleOrDefaultAsync<long?>(
            $"""
            INSERT INTO calendly_connection AS c
              (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, token_version, refresh_after, connected_at, refreshed_at)
            SELECT @userId, @mode, '{ConnectionRow.Connected}', {dialect.Now}, @OwnerUri, @OrganizationUri, @scopes, 1, {dialect.Later("@refreshAfter")}, {dialect.Now}, {dialect.Now}
             WHERE NOT EXISTS (
               SELECT 1 FROM calendly_connection other
                WHERE other.calendly_user_uri = @OwnerUri AND other.user_id <> @userId AND other.status <> '{ConnectionRow.Disconnected}')
            ON CONFLICT (user_id) DO UPDATE SET
              mode = excluded.mode, status = '{ConnectionRow.Connected}', status_reason = NULL, status_since = excluded.status_since,
              calendly_org_uri = excluded.calendly_org_uri, scopes = excluded.scopes,
              profile_name = CASE WHEN c.calendly_user_uri = excluded.calendly_user_uri THEN c.profile_name END,
              profile_email = CASE WHEN c.calendly_user_uri = excluded.calendly_user_uri THEN c.profile_email END,
              profile_timezone = CASE WHEN c.calendly_user_uri = excluded.calendly_user_uri THEN c.profile_timezone END,
              profile_scheduling_url = CASE WHEN c.calendly_user_uri = excluded.calendly_user_uri THEN c.profile_scheduling_url END,
              calendly_user_uri = excluded.calendly_user_uri,
              token_version = c.token_version + 1, refresh_after = excluded.refresh_after,
              connected_at = excluded.connected_at, refreshed_at = excluded.refreshed_at,
              {ConnectionRow.BeginAnew}, window_count = 0
            RETURNING token_version
            """,
            new
            {
                userId,
                mode = mode.Name,
                tokens.OwnerUri,
                tokens.OrganizationUri,
                scopes = string.Join(' ', tokens.Scopes),
                refreshAfter = RefreshAfter(tokens),
                now = clock.GetUtcNow(),
            },
            transaction);
        if (version is null)
        {
            return null;
        }

        await WritePairAsync(connection, transaction, userId, tokens, refreshToken);
        await WebhookSubscriptions.HastenAsync(connection, transaction, dialect, userId, clock.GetUtcNow());
        await events.AddAsync(connection, transaction, isSwitch ? TokenEventKind.Switched : TokenEventKind.Connected, userId, version);
        await transaction.CommitAsync(cancellationToken);
        revocations.Wake();
        events.Wake();
        return _memory.Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task<StoredTokens?> ReplaceAsync(long userId, long version, IssuedTokens tokens, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wasDegraded = await connection.ExecuteScalarAsync<string>("SELECT status FROM calendly_connection WHERE user_id = @userId", new { userId }, transaction) != ConnectionRow.Connected;
        var replaced = await connection.ExecuteAsync(
            $"""
            UPDATE calendly_connection
               SET status_since = CASE WHEN status = '{ConnectionRow.Connected}' THEN status_since ELSE {dialect.Now} END,
                   status = '{ConnectionRow.Connected}', status_reason = NULL, token_version = token_version + 1,
                   refresh_after = {dialect.Later("@refreshAfter")}, refreshed_at = {dialect.Now},
                   {ConnectionRow.BeginAnew}
             WHERE user_id = @userId AND token_version = @version AND status <> '{ConnectionRow.Disconnected}'
            """,
            new { userId, version, refreshAfter = RefreshAfter(tokens), now = clock.GetUtcNow() },
            transaction);
        if (replaced == 0)
        {
            return null;
        }

        await WritePairAsync(connection, transaction, userId, tokens, tokens.RefreshToken);
        await events.AddAsync(connection, transaction, TokenEventKind.Refreshed, userId, version + 1, isShown: wasDegraded);
        await transaction.CommitAsync(cancellationToken);
        events.Wake();
        return _memory.Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task<bool> MarkAsync(long userId, long version, ConnectionStatus status, string reason, string? leaseOwner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var marked = await connection.ExecuteAsync(
            $"""
            UPDATE calendly_connection
               SET status = @status, status_reason = @reason, status_since = {dialect.Now}, {ConnectionRow.EndLease}
             WHERE user_id = @userId AND token_version = @version AND status <> '{ConnectionRow.Disconnected}'
               AND (CAST(@leaseOwner AS text) IS NULL OR lease_owner = @leaseOwner)
            """,
            new { userId, version, status = ConnectionRow.ColumnOf(status), reason, leaseOwner, now = clock.GetUtcNow() },
            transaction);
        if (marked == 1)
        {
            await events.AddAsync(connection, transaction, ConnectionRow.ColumnOf(status), userId, version);
        }

        await transaction.CommitAsync(cancellationToken);
        events.Wake();
        _memory.Outdate(userId);
        return marked == 1;
    }

    public async Task KeepProfileAsync(long userId, CalendlyProfile profile, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE calendly_connection
               SET profile_name = @Name, profile_email = @Email, profile_timezone = @Timezone, profile_scheduling_url = @SchedulingUrl
             WHERE user_id = @userId
            """,
            new { userId, profile.Name, profile.Email, profile.Timezone, profile.SchedulingUrl });
        _memory.Outdate(userId);
    }

    public async Task<bool> DisconnectAsync(long userId, CancellationToken cancellationToken, bool revoke = true)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The fence first: it locks the row, so that the pair read after it is the last one.
        var version = await connection.QuerySingleOrDefaultAsync<long?>(
            $"""
            UPDATE calendly_connection
               SET status = '{ConnectionRow.Disconnected}', status_reason = NULL, status_since = {dialect.Now}, token_version = token_version + 1,
                   {ConnectionRow.BeginAnew}
             WHERE user_id = @userId AND status <> '{ConnectionRow.Disconnected}'
            RETURNING token_version
            """,
            new { userId, now = clock.GetUtcNow() },
            transaction);
        if (version is null)
        {
            return false;
        }

        var row = (await ReadRowAsync(connection, transaction, userId))!;
        var webhookUri = await WebhookSubscriptions.TakeOutAsync(connection, transaction, userId);
        if (revoke && row.AccessToken is not null)
        {
            await revocations.QueueAsync(connection, transaction, userId, row.AccessToken, row.RefreshToken, webhookUri);
        }

        await ConnectionRow.ForgetPairAsync(connection, transaction, dialect, userId, clock.GetUtcNow());
        await WebhookInbox.ForgetAsync(connection, transaction, userId, row.CalendlyUserUri);
        await events.AddAsync(connection, transaction, TokenEventKind.Disconnected, userId, version);
        await transaction.CommitAsync(cancellationToken);
        _memory.Remember(userId, row);
        revocations.Wake();
        events.Wake();
        return true;
    }

    private Task<ConnectionRow?> ReadRowAsync(DbConnection connection, DbTransaction? transaction, long userId) =>
        ConnectionRow.ReadAsync(connection, transaction, dialect, userId, clock.GetUtcNow());

    private Task<int> WritePairAsync(DbConnection connection, DbTransaction transaction, long userId, IssuedTokens tokens, Secret? refreshToken) =>
        connection.ExecuteAsync(
            $"""
            UPDATE "User"
               SET "calendlyAccessToken" = @access, "calendlyRefreshToken" = coalesce(@refresh, "calendlyRefreshToken"),
                   "calendlyExpiresAt" = {dialect.Later("@lifetime")}, "updatedAt" = {dialect.Now}
             WHERE "id" = @userId
            """,
            new
            {
                userId,
                access = seal.SealAccess(userId, tokens.AccessToken),
                refresh = refreshToken is null ? null : seal.SealRefresh(userId, refreshToken),
                lifetime = tokens.Lifetime.TotalSeconds,
                now = clock.GetUtcNow(),
            },
            transaction);

    // Seconds, between 70 and 80 % of the life, at random, so that a thousand pairs issued together are not renewed together.
    private static double RefreshAfter(IssuedTokens tokens) => (tokens.Lifetime * (0.70 + (0.10 * Random.Shared.NextDouble()))).TotalSeconds;
}
