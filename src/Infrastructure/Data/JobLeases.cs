using System.Data.Common;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Work that one instance does for all: whoever holds the job's lease. A holder that dies loses it with time.</summary>
internal sealed class JobLeases(DbDataSource database, Dialect dialect, Instance instance)
{
    /// <summary>True when the job is this instance's for as long; asking again while it is prolongs it.</summary>
    public async Task<bool> TryTakeAsync(string name, TimeSpan life, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            $"""
            INSERT INTO job_lease (name, owner, until) VALUES (@name, @owner, {dialect.RealLater("@life")})
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
             WHERE job_lease.until < {dialect.RealNow} OR job_lease.owner = excluded.owner
            """,
            new { name, owner = instance.Name, life = life.TotalSeconds }) == 1;
    }

    public async Task ReleaseAsync(string name)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("DELETE FROM job_lease WHERE name = @name AND owner = @owner", new { name, owner = instance.Name });
    }
}
