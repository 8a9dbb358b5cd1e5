using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <param name="Place">A table.</param>
internal sealed record KeyCount(string KeyId, string Place, long Envelopes);

/// <summary>Which keys seal what in the database.</summary>
internal sealed class KeyUse(DbDataSource database, Dialect dialect)
{
    private static readonly (string Table, string Column)[] Places =
    [
        ("\"User\"", "\"calendlyAccessToken\""),
        ("\"User\"", "\"calendlyRefreshToken\""),
        ("pending_switch", "envelope"),
        ("pending_revocation", "access_token"),
        ("pending_revocation", "refresh_token"),
        ("data_protection_key", "xml"),
        ("webhook_delivery", "body"),
        ("notice", "facts"),
    ];

    public async Task<IReadOnlyList<KeyCount>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = new List<KeyCount>();
        foreach (var (table, column) in Places)
        {
            var found = await connection.QueryAsync<(string KeyId, long Count)>(
                $"SELECT {dialect.KeyIdOf(column)}, count(*) FROM {table} WHERE substr({column}, 1, 3) = 'v1.' GROUP BY 1 ORDER BY 1");
            counts.AddRange(found.Select(row => new KeyCount(row.KeyId, table.Trim('"'), row.Count)));
        }

        return [.. counts.GroupBy(count => (count.KeyId, count.Place)).Select(group => new KeyCount(group.Key.KeyId, group.Key.Place, group.Sum(count => count.Envelopes)))];
    }

    /// <summary>True when anything is still sealed with that key.</summary>
    public static async Task<bool> IsInUseAsync(DbConnection connection, string keyId)
    {
        foreach (var (table, column) in Places)
        {
            var prefix = $"v1.{keyId}.";
            if (await connection.ExecuteScalarAsync<long>(
                $"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE substr({column}, 1, @length) = @prefix LIMIT 1) used", new { prefix, length = prefix.Length }) > 0)
            {
                return true;
            }
        }

        return false;
    }
}
