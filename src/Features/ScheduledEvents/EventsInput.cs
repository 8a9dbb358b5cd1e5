using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The query of the JSON route, as sent.</summary>
/// <param name="Zone">Gives times without an offset their meaning.</param>
internal sealed record EventsInput(
    string? Count,
    string? PageToken,
    string? Status,
    string? MinStartTime,
    string? MaxStartTime,
    ReaderZone Zone)
{
    /// <summary>Years outside these are taken for slips of the pen.</summary>
    public const int FirstYear = 2000;
    public const int LastYear = 2199;

    public DateTimeOffset? Min => Time(MinStartTime, endOfDay: false);

    public DateTimeOffset? Max => Time(MaxStartTime, endOfDay: true);

    /// <summary>Of an input that the validator has passed.</summary>
    public ScheduledEventsQuery ToQuery() =>
        new(string.Empty, string.IsNullOrEmpty(Status) ? null : Status, Min, Max, Ascending: true, ApiPaging.Rows(Count) ?? ApiPaging.DefaultCount);

    /// <summary>Everything that decides what is listed, in one spelling.</summary>
    public string Filters => string.Create(CultureInfo.InvariantCulture, $"{Status}|{Min?.UtcDateTime:O}|{Max?.UtcDateTime:O}|{ApiPaging.Rows(Count)}");

    // An instant with its offset, or a date with or without a time in the reader's zone.
    private DateTimeOffset? Time(string? text, bool endOfDay)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var instant = OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: var exact } ? exact.ToInstant()
            : LocalDateTimePattern.GeneralIso.Parse(text) is { Success: true, Value: var local } ? local.InZoneLeniently(Zone.Zone).ToInstant()
            : LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= FirstYear and <= LastYear } date }
                ? endOfDay
                    ? date.PlusDays(1).AtStartOfDayInZone(Zone.Zone).ToInstant() - Duration.FromSeconds(1)
                    : date.AtStartOfDayInZone(Zone.Zone).ToInstant()
            : (Instant?)null;
        return instant?.InUtc().Year is >= FirstYear and <= LastYear ? instant.Value.ToDateTimeOffset() : null;
    }
}
