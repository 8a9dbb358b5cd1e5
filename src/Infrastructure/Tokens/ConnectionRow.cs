using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>One connection as it stands in the database, its pair sealed.</summary>
/// <param name="Now">The database's time when it was read.</param>
internal sealed record ConnectionRow(
    string Status,
    string? StatusReason,
    DateTimeOffset StatusSince,
    string CalendlyUserUri,
    string OrganizationUri,
    string Scopes,
    string? ProfileName,
    string? ProfileEmail,
    string? ProfileTimezone,
    string? ProfileSchedulingUrl,
    long Version,
    DateTimeOffset RefreshAfter,
    DateTimeOffset ConnectedAt,
    DateTimeOffset RefreshedAt,
    DateTimeOffset? NextAttemptAt,
    string? AccessToken,
    string? RefreshToken,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset Now)
{
    public const string Connected = "connected";
    public const string Degraded = "degraded";
    public const string NeedsReconnect = "needs_reconnect";
    public const string Disconnected = "disconnected";

    /// <summary>Left by an earlier application; Calendly has not said yet whose it is. Nobody uses it until then.</summary>
    public const string TakenOver = "taken_over";

    /// <summary>SQL that ends a lease, whoever holds it.</summary>
    public const string EndLease = "lease_owner = NULL, prev_owner = NULL, lease_until = NULL";

    /// <summary>SQL that forgets what the pair before went through.</summary>
    public const string BeginAnew = EndLease + ", next_attempt_at = NULL, fail_count = 0";

    public static string ColumnOf(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connected => Connected,
        ConnectionStatus.Degraded => Degraded,
        _ => NeedsReconnect,
    };

    public static ConnectionStatus StatusOf(string column) => column switch
    {
        Connected => ConnectionStatus.Connected,
        Degraded => ConnectionStatus.Degraded,
        _ => ConnectionStatus.NeedsReconnect,
    };

    public static Task<ConnectionRow?> ReadAsync(DbConnection connection, DbTransaction? transaction, Dialect dialect, long userId, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<ConnectionRow>(
            $"""
            SELECT c.status AS Status, c.status_reason AS StatusReason, c.status_since AS StatusSince,
                   c.calendly_user_uri AS CalendlyUserUri, c.calendly_org_uri AS OrganizationUri, c.scopes AS Scopes,
                   c.profile_name AS ProfileName, c.profile_email AS ProfileEmail, c.profile_timezone AS ProfileTimezone,
                   c.profile_scheduling_url AS ProfileSchedulingUrl, c.token_version AS Version, c.refresh_after AS RefreshAfter,
                   c.connected_at AS ConnectedAt, c.refreshed_at AS RefreshedAt, c.next_attempt_at AS NextAttemptAt,
                   u."calendlyAccessToken" AS AccessToken, u."calendlyRefreshToken" AS RefreshToken, u."calendlyExpiresAt" AS ExpiresAt,
                   {dialect.Now} AS Now
              FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id
             WHERE c.user_id = @userId
            """,
            new { userId, now },
            transaction);

    /// <summary>Takes the pair out of the row of its person.</summary>
    public static Task ForgetPairAsync(DbConnection connection, DbTransaction transaction, Dialect dialect, long userId, DateTimeOffset now) =>
        connection.ExecuteAsync(
            $"""
            UPDATE "User" SET "calendlyAccessToken" = NULL, "calendlyRefreshToken" = NULL, "calendlyExpiresAt" = NULL, "updatedAt" = {dialect.Now}
             WHERE "id" = @userId
            """,
            new { userId, now },
            transaction);

    public StoredTokens ToStoredTokens(long userId, PairSeal seal) => new(
        new Connection(
            userId,
            StatusOf(Status),
            StatusReason,
            StatusSince,
            CalendlyUserUri,
            OrganizationUri,
            Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ProfileName is null ? null : new CalendlyProfile(ProfileName, ProfileEmail!, ProfileTimezone!, ProfileSchedulingUrl!),
            ConnectedAt,
            RefreshedAt,
            ExpiresAt ?? RefreshedAt,
            RefreshAfter),
        Version,
        NextAttemptAt,
        () => seal.OpenAccess(userId, AccessToken),
        () => seal.OpenRefresh(userId, RefreshToken));
}
