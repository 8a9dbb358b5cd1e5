using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CalendlySlices.Infrastructure.Data;

internal static class DbExceptionExtensions
{
    // SQLITE_CONSTRAINT_UNIQUE of https://www.sqlite.org/rescode.html
    private const int SqliteUniqueViolation = 2067;

    /// <summary>True when a row was refused because another one is there already.</summary>
    public static bool IsUniqueViolation(this DbException trouble) => trouble
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteExtendedErrorCode: SqliteUniqueViolation };
}
