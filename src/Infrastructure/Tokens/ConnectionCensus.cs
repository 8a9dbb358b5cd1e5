using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>How many connections are alike. Filled by name: SQLite knows the types of expressions only where there are rows.</summary>
internal sealed record ConnectionCount
{
    public string Status { get; init; } = string.Empty;

    public string? Reason { get; init; }

    /// <summary>Empty where no pair is left.</summary>
    public string KeyId { get; init; } = string.Empty;

    public long Connections { get; init; }
}

/// <summary>A connection as whoever looks after the application may see it.</summary>
internal sealed record ConnectionEntry(
    long UserId, string Status, string? Reason, DateTimeOffset Since, DateTimeOffset ConnectedAt, DateTimeOffset RefreshedAt, string? Name, string? Email);

/// <param name="Version">Of the pair it happened to.</param>
internal sealed record DiaryEntry(DateTimeOffset At, long? UserId, string Kind, long? Version, string? Name);

/// <summary>All connections, counted and listed; never a token.</summary>
internal sealed class ConnectionCensus(DbDataSource database, Dialect dialect, TimeProvider clock)
{
    private const string Columns =
        """
        SELECT c.user_id AS UserId, c.status AS Status, c.status_reason AS Reason, c.status_since AS Since, c.connected_at AS ConnectedAt,
               c.refreshed_at AS RefreshedAt, c.profile_name AS Name, c.profile_email AS Email
          FROM calendly_connection c
        """;

    /// <summary>By state, reason and key; reads every connection.</summary>
    public async Task<IReadOnlyList<ConnectionCount>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var key = dialect.KeyIdOf("u.\"calendlyAccessToken\"");
        return [.. await connection.QueryAsync<ConnectionCount>(
            $"""
            SELECT c.status AS Status, c.status_reason AS Reason,
                   CASE WHEN u."calendlyAccessToken" IS NULL THEN '' WHEN substr(u."calendlyAccessToken", 1, 3) = 'v1.' THEN {key} ELSE '(readable)' END AS KeyId, count(*) AS Connections
              FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id
             GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """)];
    }

    /// <summary>By state alone, from an index.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByStatusAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string Status, long Count)>("SELECT status, count(*) FROM calendly_connection GROUP BY status");
        return counts.ToDictionary(row => row.Status, row => row.Count, StringComparer.Ordinal);
    }

    /// <summary>In the order of their ids.</summary>
    /// <param name="status">Null for all.</param>
    /// <param name="name">A part of the name at Calendly; null for all.</param>
    public async Task<IReadOnlyList<ConnectionEntry>> ListAsync(string? status, string? name, long after, int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ConnectionEntry>(
            $"""
            {Columns} WHERE c.user_id > @after
             {(status is null ? null : "AND c.status = @status")}
             {(name is null ? null : @"AND lower(c.profile_name) LIKE @pattern ESCAPE '\'")}
             ORDER BY c.user_id LIMIT @count
            """,
            new { status, after, count = (long)count, pattern = name is null ? null : Pattern(name) })];
    }

    /// <summary>Null when there is none.</summary>
    public async Task<ConnectionEntry?> FindAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ConnectionEntry>($"{Columns} WHERE c.user_id = @userId", new { userId });
    }

    /// <summary>What happened last, newest first.</summary>
    public async Task<IReadOnlyList<DiaryEntry>> DiaryAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<DiaryEntry>(
            """
            SELECT e.at AS At, e.user_id AS UserId, e.kind AS Kind, e.version AS Version, c.profile_name AS Name
              FROM (SELECT * FROM token_event ORDER BY id DESC LIMIT @count) e LEFT JOIN calendly_connection c ON c.user_id = e.user_id
             ORDER BY e.id DESC
            """,
            new { count = (long)count })];
    }

    /// <summary>How often each kind of thing happened within the last day.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountEventsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string Kind, long Count)>(
            $"SELECT kind, count(*) FROM token_event WHERE at > {dialect.Later("-86400")} GROUP BY kind ORDER BY kind", new { now = clock.GetUtcNow() });
        return counts.ToDictionary(row => row.Kind, row => row.Count, StringComparer.Ordinal);
    }

    private static string Pattern(string name) => $"%{name.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
