using System.Data.Common;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Settings;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>One sealed word per key in the database. An instance with a wrong key finds out before it serves anybody, and
/// not by calling every connection unreadable.</summary>
internal sealed class KeyCanaries(DbDataSource database, TokenKeys keys, Envelope envelope)
{
    private const string Word = "canary";

    /// <exception cref="SettingsException">A key is missing, or is not the one that sealed this database; its id is named.</exception>
    public async Task CheckAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var id in keys.Ids)
        {
            await connection.ExecuteAsync(
                "INSERT INTO token_key (key_id, canary) VALUES (@id, @canary) ON CONFLICT (key_id) DO NOTHING",
                new { id, canary = envelope.SealWith(id, Word, Word, id) });
        }

        var problems = new List<string>();
        foreach (var (id, canary) in await connection.QueryAsync<(string, string)>("SELECT key_id, canary FROM token_key ORDER BY key_id"))
        {
            if (!keys.TryFind(id, out _))
            {
                if (await KeyUse.IsInUseAsync(connection, id))
                {
                    problems.Add($"TOKEN_KEYS lacks key '{id}', which still seals connections in this database.");
                }
                else
                {
                    await connection.ExecuteAsync("DELETE FROM token_key WHERE key_id = @id", new { id });
                }
            }
            else if (!Opens(id, canary))
            {
                problems.Add($"TOKEN_KEYS holds another key '{id}' than the one that sealed this database.");
            }
        }

        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }
    }

    /// <summary>True when each of our keys still opens its word. Changes nothing.</summary>
    public async Task<bool> OpenAsync(DbConnection connection)
    {
        var words = (await connection.QueryAsync<(string Id, string Canary)>("SELECT key_id, canary FROM token_key")).ToDictionary(row => row.Id, row => row.Canary, StringComparer.Ordinal);
        return keys.Ids.All(id => words.TryGetValue(id, out var canary) && Opens(id, canary));
    }

    private bool Opens(string id, string canary)
    {
        try
        {
            return envelope.Open(canary, Word, id) == Word;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
