using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>The rows of the <c>User</c> table, found by the name that a way of signing in gives a person.</summary>
internal sealed class People(DbDataSource database)
{
    /// <param name="userId">A persona's <c>persona:ana</c>, a Calendly user's URI, or the <c>sub</c> of a provider's token.</param>
    /// <returns>The row's <c>id</c>, made on first sight.</returns>
    public async Task<long> FindOrAddAsync(string userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            """
            INSERT INTO "User" ("userId") VALUES (@userId) ON CONFLICT ("userId") DO NOTHING;
            SELECT "id" FROM "User" WHERE "userId" = @userId
            """,
            new { userId });
    }
}
