using System.Collections.Concurrent;
using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>The pairs in the database, and a short memory of the connections around them.</summary>
internal sealed class TokenStore(DbDataSource database, Envelope envelope, CalendlyMode mode, TimeProvider clock) : ITokenStore, IConnections
{
    private const string Disconnected = "disconnected";

    // Another process may change a row; after this long its change is seen. Writes of this process are seen at once.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Remembered> _remembered = new();

    public async Task<Connection?> FindAsync(long userId, CancellationToken cancellationToken) =>
        (await RecallAsync(userId, cancellationToken))?.Connection;

    public ValueTask<StoredTokens?> RecallAsync(long userId, CancellationToken cancellationToken) =>
        _remembered.TryGetValue(userId, out var remembered) && clock.GetElapsedTime(remembered.At) < Memory
            ? ValueTask.FromResult(remembered.Tokens)
            : new ValueTask<StoredTokens?>(ReadAsync(userId, cancellationToken));

    public async Task<StoredTokens?> ReadAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task<StoredTokens?> ConnectAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var taken = await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM calendly_connection WHERE calendly_user_uri = @OwnerUri AND user_id <> @userId AND status <> @Disconnected",
            new { tokens.OwnerUri, userId, Disconnected },
            transaction);
        if (taken > 0)
        {
            return null;
        }

        var now = clock.GetUtcNow().ToColumn();
        await connection.ExecuteAsync(
            """
            INSERT INTO calendly_connection
              (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, token_version, refresh_after, connected_at, refreshed_at)
            VALUES (@userId, @Mode, 'connected', @now, @OwnerUri, @OrganizationUri, @scopes, 1, @refreshAfter, @now, @now)
            ON CONFLICT (user_id) DO UPDATE SET
              mode = excluded.mode, status = 'connected', status_reason = NULL, status_since = excluded.status_since,
              calendly_org_uri = excluded.calendly_org_uri, scopes = excluded.scopes,
              profile_name = CASE WHEN calendly_user_uri = excluded.calendly_user_uri THEN profile_name END,
              profile_email = CASE WHEN calendly_user_uri = excluded.calendly_user_uri THEN profile_email END,
              profile_timezone = CASE WHEN calendly_user_uri = excluded.calendly_user_uri THEN profile_timezone END,
              profile_scheduling_url = CASE WHEN calendly_user_uri = excluded.calendly_user_uri THEN profile_scheduling_url END,
              calendly_user_uri = excluded.calendly_user_uri,
              token_version = token_version + 1, refresh_after = excluded.refresh_after,
              connected_at = excluded.connected_at, refreshed_at = excluded.refreshed_at
            """,
            new
            {
                userId,
                Mode = mode.Name,
                now,
                tokens.OwnerUri,
                tokens.OrganizationUri,
                scopes = string.Join(' ', tokens.Scopes),
                refreshAfter = RefreshAfter(tokens).ToColumn(),
            },
            transaction);
        var refreshToken = tokens.RefreshToken ?? throw new ArgumentException("A new grant has a refresh token.", nameof(tokens));
        await WritePairAsync(connection, transaction, userId, tokens, refreshToken);
        await transaction.CommitAsync(cancellationToken);
        return Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task<StoredTokens?> ReplaceAsync(long userId, long version, IssuedTokens tokens, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var replaced = await connection.ExecuteAsync(
            """
            UPDATE calendly_connection
               SET status = 'connected', status_reason = NULL, token_version = token_version + 1,
                   refresh_after = @refreshAfter, refreshed_at = @now
             WHERE user_id = @userId AND token_version = @version AND status <> @Disconnected
            """,
            new { userId, version, refreshAfter = RefreshAfter(tokens).ToColumn(), now = clock.GetUtcNow().ToColumn(), Disconnected },
            transaction);
        if (replaced == 0)
        {
            return null;
        }

        await WritePairAsync(connection, transaction, userId, tokens, tokens.RefreshToken);
        await transaction.CommitAsync(cancellationToken);
        return Remember(userId, await ReadRowAsync(connection, null, userId));
    }

    public async Task MarkAsync(long userId, long version, ConnectionStatus status, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE calendly_connection SET status = @status, status_reason = @reason, status_since = @now
             WHERE user_id = @userId AND token_version = @version AND status <> @Disconnected
            """,
            new { userId, version, status = ColumnOf(status), reason, now = clock.GetUtcNow().ToColumn(), Disconnected });
        _remembered.TryRemove(userId, out _);
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
        _remembered.TryRemove(userId, out _);
    }

    public async Task<StoredTokens?> DisconnectAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await ReadRowAsync(connection, transaction, userId);
        var tokens = row is null ? null : Unseal(userId, row);
        await connection.ExecuteAsync(
            """
            UPDATE calendly_connection SET status = @Disconnected, status_reason = NULL, status_since = @now, token_version = token_version + 1
             WHERE user_id = @userId;
            UPDATE "User" SET "calendlyAccessToken" = NULL, "calendlyRefreshToken" = NULL, "calendlyExpiresAt" = NULL, "updatedAt" = @now
             WHERE "id" = @userId
            """,
            new { userId, now = clock.GetUtcNow().ToColumn(), Disconnected },
            transaction);
        await transaction.CommitAsync(cancellationToken);
        Remember(userId, row is null ? null : row with { Status = Disconnected, Version = row.Version + 1 });
        return tokens;
    }

    private async Task WritePairAsync(DbConnection connection, DbTransaction transaction, long userId, IssuedTokens tokens, Secret? refreshToken)
    {
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(
            """
            UPDATE "User"
               SET "calendlyAccessToken" = @access, "calendlyRefreshToken" = coalesce(@refresh, "calendlyRefreshToken"),
                   "calendlyExpiresAt" = @expiresAt, "updatedAt" = @now
             WHERE "id" = @userId
            """,
            new
            {
                userId,
                access = Seal(userId, "access", tokens.AccessToken),
                refresh = refreshToken is null ? null : Seal(userId, "refresh", refreshToken),
                expiresAt = (now + tokens.Lifetime).ToColumn(),
                now = now.ToColumn(),
            },
            transaction);
    }

    private static Task<Row?> ReadRowAsync(DbConnection connection, DbTransaction? transaction, long userId) =>
        connection.QuerySingleOrDefaultAsync<Row>(
            """
            SELECT c.status AS Status, c.status_reason AS StatusReason, c.status_since AS StatusSince,
                   c.calendly_user_uri AS CalendlyUserUri, c.calendly_org_uri AS OrganizationUri, c.scopes AS Scopes,
                   c.profile_name AS ProfileName, c.profile_email AS ProfileEmail, c.profile_timezone AS ProfileTimezone,
                   c.profile_scheduling_url AS ProfileSchedulingUrl, c.token_version AS Version, c.refresh_after AS RefreshAfter,
                   c.connected_at AS ConnectedAt, c.refreshed_at AS RefreshedAt,
                   u."calendlyAccessToken" AS AccessToken, u."calendlyRefreshToken" AS RefreshToken, u."calendlyExpiresAt" AS ExpiresAt
              FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id
             WHERE c.user_id = @userId
            """,
            new { userId },
            transaction);

    // A slow reader must not put an older version back over what a writer has remembered meanwhile.
    private StoredTokens? Remember(long userId, Row? row)
    {
        var read = new Remembered(row is null ? null : Unseal(userId, row), row?.Version ?? 0, clock.GetTimestamp());
        return _remembered.AddOrUpdate(userId, read, (_, known) => known.Version > read.Version ? known : read).Tokens;
    }

    private StoredTokens? Unseal(long userId, Row row) => row.Status == Disconnected ? null : new StoredTokens(
        row.ToConnection(userId),
        row.Version,
        Open(userId, "access", row.AccessToken!),
        Open(userId, "refresh", row.RefreshToken!),
        Timestamps.FromColumn(row.RefreshAfter));

    private string Seal(long userId, string field, Secret token) => envelope.Seal(token.Reveal(), mode.Name, Owner(userId), field);

    private Secret Open(long userId, string field, string sealedToken) => new(envelope.Open(sealedToken, mode.Name, Owner(userId), field));

    private static string Owner(long userId) => userId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Between 70 and 80 % of the life, at random, so that a thousand pairs issued together are not renewed together.
    private DateTimeOffset RefreshAfter(IssuedTokens tokens) =>
        clock.GetUtcNow() + tokens.Lifetime * (0.70 + (0.10 * Random.Shared.NextDouble()));

    private static string ColumnOf(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connected => "connected",
        ConnectionStatus.Degraded => "degraded",
        _ => "needs_reconnect",
    };

    private sealed record Remembered(StoredTokens? Tokens, long Version, long At);

    private sealed record Row(
        string Status,
        string? StatusReason,
        string StatusSince,
        string CalendlyUserUri,
        string OrganizationUri,
        string Scopes,
        string? ProfileName,
        string? ProfileEmail,
        string? ProfileTimezone,
        string? ProfileSchedulingUrl,
        long Version,
        string RefreshAfter,
        string ConnectedAt,
        string RefreshedAt,
        string? AccessToken,
        string? RefreshToken,
        string? ExpiresAt)
    {
        public Connection ToConnection(long userId) => new(
            userId,
            Status switch { "connected" => ConnectionStatus.Connected, "degraded" => ConnectionStatus.Degraded, _ => ConnectionStatus.NeedsReconnect },
            StatusReason,
            Timestamps.FromColumn(StatusSince),
            CalendlyUserUri,
            OrganizationUri,
            Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ProfileName is null ? null : new CalendlyProfile(ProfileName, ProfileEmail!, ProfileTimezone!, ProfileSchedulingUrl!),
            Timestamps.FromColumn(ConnectedAt),
            Timestamps.FromColumn(RefreshedAt),
            Timestamps.FromColumn(ExpiresAt!))
        {
            RefreshAfter = Timestamps.FromColumn(RefreshAfter),
        };
    }
}
