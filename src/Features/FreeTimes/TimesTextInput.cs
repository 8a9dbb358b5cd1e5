using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="ReceiverZone">The IANA zone in which the times are written; without one, the reader's.</param>
internal sealed record TimesTextInput(string? EventType, string? Date, string? ReceiverZone, ReaderZone Zone)
{
    public FreeTimesInput Page => new(EventType, Date, null, null, null, null, Zone);
}
