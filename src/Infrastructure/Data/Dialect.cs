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
    public string Now => clockIsVirtual ? "@now" : OwnClock;

    protected bool ClockIsVirtual => clockIsVirtual;

    protected abstract string OwnClock { get; }

    /// <summary>SQL for an instant so many seconds from now; a number or a parameter, negative for the past.</summary>
    public abstract string Later(string seconds);
}

internal sealed class SqliteDialect(bool clockIsVirtual) : Dialect(clockIsVirtual)
{
    public override string MigrationFolder => ".Data.Sqlite.";

    protected override string OwnClock => "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '0000Z')";

    public override string Later(string seconds) =>
        $"(strftime('%Y-%m-%dT%H:%M:%f', {(ClockIsVirtual ? "@now" : "'now'")}, ({seconds}) || ' seconds') || '0000Z')";
}

internal sealed class PostgreSqlDialect(bool clockIsVirtual) : Dialect(clockIsVirtual)
{
    public override string MigrationFolder => ".supabase.migrations.";

    protected override string OwnClock => "clock_timestamp()";

    public override string Later(string seconds) => $"({Now} + make_interval(secs => {seconds}))";
}
