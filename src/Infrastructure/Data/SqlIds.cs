using System.Globalization;

namespace CalendlySlices.Infrastructure.Data;

internal static class SqlIds
{
    /// <summary>What stands after IN, for both databases; numbers need no parameters. Not for none, which PostgreSQL refuses.</summary>
    public static string In(IReadOnlyCollection<long> ids) => $"({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))})";
}
