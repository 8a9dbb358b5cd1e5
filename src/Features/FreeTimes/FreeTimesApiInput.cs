using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>The query of the JSON route, as sent.</summary>
/// <param name="EventUri">The full URI of an event type; only its id is used.</param>
/// <param name="StartTime">An instant with its offset, or a date or local time in the reader's zone; without one, now.</param>
/// <param name="EndTime">Likewise; without one, seven days after the start.</param>
internal sealed record FreeTimesApiInput(string? EventUri, string? StartTime, string? EndTime, ReaderZone Zone)
{
    public static readonly TimeSpan DefaultRange = TimeSpan.FromDays(7);

    public string? EventTypeId => CalendlyUri.TryGetId(EventUri, "event_types", out var id) ? id : null;

    public DateTimeOffset? Start => Time(StartTime);

    public DateTimeOffset? End => Time(EndTime);

    private DateTimeOffset? Time(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var instant = OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: var exact } ? exact.ToInstant()
            : LocalDateTimePattern.GeneralIso.Parse(text) is { Success: true, Value: var local } ? local.InZoneLeniently(Zone.Zone).ToInstant()
            : LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date.AtStartOfDayInZone(Zone.Zone).ToInstant()
            : (Instant?)null;
        return instant?.InUtc().Year is >= 2000 and <= 2199 ? instant.Value.ToDateTimeOffset() : null;
    }
}
