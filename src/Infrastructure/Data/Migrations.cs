using System.Data.Common;
using System.Reflection;
using CalendlySlices.Infrastructure.Settings;
using Dapper;
using Npgsql;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Brings the schema up to date at start: each file once, in the order of their names, each in a transaction.
/// Of several processes that start together, one does the work and the others wait for it.</summary>
internal sealed class Migrations(DbDataSource database, Dialect dialect, ILogger<Migrations> log)
{
    // Any number, as long as everybody who migrates uses the same.
    private const long Lock = 7_260_912_031;

    /// <exception cref="SettingsException">Something is missing, and the database's role may not add it.</exception>
    public void Apply()
    {
        using var connection = database.OpenConnection();
        if (connection is not NpgsqlConnection)
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY)");
        }

        var applied = Applied(connection);
        foreach (var (name, sql) in Files().Where(file => !applied.Contains(file.Name)))
        {
            ApplyOnce(connection, name, sql);
        }
    }

    /// <summary>True when the database has every migration that this application knows.</summary>
    public bool AreApplied(DbConnection connection) => Files().Select(file => file.Name).All(Applied(connection).Contains);

    private static HashSet<string> Applied(DbConnection connection, DbTransaction? transaction = null) =>
        connection is NpgsqlConnection && connection.ExecuteScalar<bool>($"SELECT to_regclass('{PostgreSql.Schema}.schema_migration') IS NULL", transaction: transaction)
            ? []
            : [.. connection.Query<string>("SELECT name FROM schema_migration", transaction: transaction)];

    private void ApplyOnce(DbConnection connection, string name, string sql)
    {
        // Takes SQLite's write lock at once; PostgreSQL is asked for a lock of its own.
        using var transaction = connection.BeginTransaction(connection is NpgsqlConnection ? System.Data.IsolationLevel.ReadCommitted : System.Data.IsolationLevel.Serializable);
        if (connection is NpgsqlConnection)
        {
            connection.Execute($"SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '10min'; SELECT pg_advisory_xact_lock({Lock})", transaction: transaction, commandTimeout: 600);
        }

        if (Applied(connection, transaction).Contains(name))
        {
            return;
        }

        try
        {
            connection.Execute(sql, transaction: transaction, commandTimeout: 600);
            connection.Execute("INSERT INTO schema_migration (name) VALUES (@name) ON CONFLICT (name) DO NOTHING", new { name }, transaction);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new SettingsException([$"SUPABASE_DB_URL leads to a database that lacks migration {name}, with a role that may not apply it. Apply supabase/migrations as the owner (supabase db push), then start again."]);
        }

        transaction.Commit();
        log.LogInformation("Applied migration {Migration}", name);
    }

    private IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = dialect.MigrationFolder;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..], reader.ReadToEnd());
        }
    }
}
