using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;
using Npgsql;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>What has to be true of the database before anything is served: its schema is whole, it belongs to this mode,
/// our keys open what is in it, and there is a key for cookies that all instances share.</summary>
internal sealed class DatabaseStart(
    DbDataSource database, Migrations migrations, CalendlyMode mode, KeyCanaries canaries, FirstCookieKey cookieKey, WireTime time, ILogger<DatabaseStart> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile bool _isPrepared;

    /// <summary>True once all of it has been found true, or made so.</summary>
    public bool IsPrepared => _isPrepared;

    /// <summary>Waits for a database that does not answer yet, however long.</summary>
    /// <exception cref="SettingsException">This database cannot be served with these settings.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(500);
        while (!await TryPrepareAsync())
        {
            // Not at the same moment as everybody else who waits for the database, and never later than the longest pause.
            await Task.Delay(pause * (0.5 + (0.5 * Random.Shared.NextDouble())), time.Provider, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>False when the database does not answer.</summary>
    /// <exception cref="SettingsException">This database cannot be served with these settings.</exception>
    public async Task<bool> TryPrepareAsync()
    {
        try
        {
            migrations.Apply();
            await CheckModeAsync();
            await canaries.CheckAsync();
            await cookieKey.EnsureAsync();
            return _isPrepared = true;
        }
        catch (PostgresException refused) when (!refused.IsTransient)
        {
            throw new SettingsException([$"SUPABASE_DB_URL leads to a database that refuses us ({refused.SqlState})."]);
        }
        catch (NpgsqlException silent)
        {
            log.LogWarning("The database does not answer ({Trouble}); trying again", silent.GetType().Name);
            return false;
        }
    }

    private async Task CheckModeAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var marked = await connection.ExecuteScalarAsync<string>(
            """
            INSERT INTO marker (name, value) VALUES ('mode', @Name) ON CONFLICT (name) DO NOTHING;
            SELECT value FROM marker WHERE name = 'mode'
            """,
            new { mode.Name });
        if (marked != mode.Name)
        {
            throw new SettingsException([$"The database was made with USE_REAL_CALENDLY={(marked == "mock" ? "false" : "true")}; real and mock data never share one."]);
        }
    }
}
