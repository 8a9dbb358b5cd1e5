using System.Data.Common;
using System.Reflection;
using Dapper;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Brings the schema up to date at start: each file once, in the order of their names, each in a transaction.</summary>
internal sealed class Migrations(DbDataSource database, ILogger<Migrations> log)
{
    private const string Folder = ".Data.Sqlite.";

    public void Apply()
    {
        using var connection = database.OpenConnection();
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY)");
        foreach (var (name, sql) in Files())
        {
            ApplyOnce(connection, name, sql);
        }
    }

    private void ApplyOnce(DbConnection connection, string name, string sql)
    {
        // Takes SQLite's write lock at once: of two processes that start together, the second waits and finds the work done.
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM schema_migration WHERE name = @name", new { name }, transaction) > 0)
        {
            return;
        }

        connection.Execute(sql, transaction: transaction);
        connection.Execute("INSERT INTO schema_migration (name) VALUES (@name)", new { name }, transaction);
        transaction.Commit();
        log.LogInformation("Applied migration {Migration}", name);
    }

    private static IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], reader.ReadToEnd());
        }
    }
}
