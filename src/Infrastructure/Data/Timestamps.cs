using System.Globalization;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Instants as text that sorts by time: UTC, seven digits, for example <c>2026-03-02T15:00:00.0000000Z</c>.</summary>
internal static class Timestamps
{
    public static string ToColumn(this DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset FromColumn(string column) =>
        DateTimeOffset.Parse(column, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
