using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>What the two databases write differently. All other statements are the same for both.</summary>
/// <param name="clockIsVirtual">
/// True where testers move the time: the statement then takes its clock from the parameter <c>@now</c>. Otherwise the
/// database's own clock counts, because several instances may disagree about the time.
/// </param>
internal abstract class Dialect(bool clockIsVirtual)
{
    static Dialect() => Instants.Register();

    /// <summary>Where the embedded migrations of this database are found.</summary>
    public abstract string MigrationFolder { get; }

    /// <summary>SQL for this instant. The statement is given <c>@now</c>, whether it needs it or not.</summary>
    public string Now => clockIsVirtual ? "@now" : RealNow;

    /// <summary>SQL for this instant by the database's own clock, also where the time is virtual: for what is about
    /// processes and not about people.</summary>
    public abstract string RealNow { get; }

    /// <summary>SQL for an instant so many seconds from now; a number or a parameter, negative for the past.</summary>
    public string Later(string seconds) => Later(Now, seconds);

    /// <summary>The same from <see cref="RealNow"/>.</summary>
    public string RealLater(string seconds) => Later(RealNow, seconds);

    /// <summary>SQL at the end of a choice of rows that several processes work off together: each takes others.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>SQL for an instant that was written as text.</summary>
    public abstract string InstantOf(string text);

    /// <summary>SQL for the id of the key that has sealed what a column holds.</summary>
    public abstract string KeyIdOf(string column);

    /// <summary>Takes older versions of rows out of the files, where the database leaves them there for good.</summary>
    public virtual Task ForgetDeletedAsync(DbDataSource database, CancellationToken cancellationToken) => Task.CompletedTask;

    protected abstract string Later(string from, string seconds);
}

internal sealed class SqliteDialect(bool clockIsVirtual) : Dialect(clockIsVirtual)
{
    public override string MigrationFolder => ".Data.Sqlite.";

    public override string RealNow => "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '0000Z')";

    // Only one writes at a time.
    public override string SkipLocked => string.Empty;

    public override string InstantOf(string text) => text;

    public override string KeyIdOf(string column) => $"substr({column}, 4, instr(substr({column}, 4), '.') - 1)";

    public override async Task ForgetDeletedAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Pages that were split keep copies of rows between their cells. Source: https://www.sqlite.org/lang_vacuum.html
        await connection.ExecuteAsync("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    protected override string Later(string from, string seconds) => $"(strftime('%Y-%m-%dT%H:%M:%f', {from}, ({seconds}) || ' seconds') || '0000Z')";
}

internal sealed class PostgreSqlDialect(bool clockIsVirtual) : Dialect(clockIsVirtual)
{
    public override string MigrationFolder => ".supabase.migrations.";

    public override string RealNow => "clock_timestamp()";

    public override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string InstantOf(string text) => $"CAST({text} AS timestamp with time zone)";

    public override string KeyIdOf(string column) => $"split_part({column}, '.', 2)";

    protected override string Later(string from, string seconds) => $"({from} + make_interval(secs => {seconds}))";
}
