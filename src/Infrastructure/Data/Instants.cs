using System.Data;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>
/// Instants in both databases, always UTC: <c>timestamptz</c> in PostgreSQL; in SQLite text that sorts by time, with seven
/// digits, for example <c>2026-03-02T15:00:00.0000000Z</c>.
/// </summary>
internal sealed class Instants : SqlMapper.TypeHandler<DateTimeOffset>
{
    /// <summary>Makes Dapper read and write every <see cref="DateTimeOffset"/> so.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Instants());
    }

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
        parameter.Value = parameter is SqliteParameter ? value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) : value.UtcDateTime;

    public override DateTimeOffset Parse(object value) => value switch
    {
        string text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
        DateTimeOffset instant => instant,
        _ => throw new InvalidOperationException($"A {value.GetType().Name} is no instant."),
    };
}
