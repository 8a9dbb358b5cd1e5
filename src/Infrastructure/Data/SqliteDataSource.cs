using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>
/// Opens the file with the settings that a keeper of single-use tokens needs: a commit survives the loss of power
/// (<c>synchronous=FULL</c>), readers never wait for the writer (WAL), and writers queue for up to five seconds.
/// Source: https://www.sqlite.org/pragma.html#pragma_synchronous
/// </summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 5,
    }.ToString();

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = (SqliteConnection)base.OpenDbConnection();
        Prepare(connection);
        return connection;
    }

    // SQLite has no asynchronous calls of its own; opening is a matter of microseconds.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(OpenDbConnection());
    }

    private static void Prepare(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;";
        command.ExecuteNonQuery();
    }
}
