using CalendlySlices.Infrastructure.Identity;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Start">A UTC instant, as the slots carry it.</param>
internal sealed record SlotInput(string? EventType, string? Start, ReaderZone Zone)
{
    public DateTimeOffset? At => Start is { } text && InstantPattern.General.Parse(text) is { Success: true, Value: var instant }
        && instant.InUtc().Year is > 2000 and < 2200
            ? instant.ToDateTimeOffset()
            : null;
}
