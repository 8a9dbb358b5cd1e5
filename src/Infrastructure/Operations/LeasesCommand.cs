using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Web;
using Dapper;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Which refreshes are under way, which were left in doubt, and who does the work that one instance does for all.</summary>
internal sealed class LeasesCommand(DbDataSource database, Dialect dialect, TimeProvider clock) : IOperatorCommand
{
    private const int Listed = 100;

    public string Name => "leases";

    public string Usage => string.Empty;

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool>();

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (held, expired) = await connection.QuerySingleAsync<(long Held, long Expired)>(
            $"""
            SELECT coalesce(sum(CASE WHEN lease_until >= {dialect.Now} THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN lease_until < {dialect.Now} THEN 1 ELSE 0 END), 0)
              FROM calendly_connection WHERE lease_owner IS NOT NULL
            """,
            new { now = clock.GetUtcNow() });
        output.WriteLine($"{held} held, {expired} expired and in doubt");
        var leases = await connection.QueryAsync<(long UserId, long Version, string Owner, DateTimeOffset Until)>(
            $"""
            SELECT user_id, token_version, lease_owner, lease_until FROM calendly_connection
             WHERE lease_owner IS NOT NULL ORDER BY lease_until LIMIT {Listed}
            """);
        TextTable.Write(output, ["CONNECTION", "VERSION", "OWNER", "UNTIL"], leases.Select(lease => (IReadOnlyList<string>)
            [$"{lease.UserId}", $"{lease.Version}", lease.Owner, ZonedTime.Iso(lease.Until)]));
        var jobs = await connection.QueryAsync<(string Name, string Owner, DateTimeOffset Until)>(
            $"SELECT name, owner, until FROM job_lease WHERE until >= {dialect.RealNow} ORDER BY name");
        TextTable.Write(output, ["JOB", "OWNER", "UNTIL"], jobs.Select(job => (IReadOnlyList<string>)[job.Name, job.Owner, ZonedTime.Iso(job.Until)]));
        return 0;
    }
}
