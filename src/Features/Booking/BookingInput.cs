using CalendlySlices.Infrastructure.Identity;
using NodaTime.Text;

namespace CalendlySlices.Features.Booking;

/// <summary>What somebody wants to book, as it stands in the address.</summary>
/// <param name="Coach">The coach's name in addresses.</param>
/// <param name="EventType">The last segment of its URI at Calendly.</param>
/// <param name="Slot">A UTC instant, as the slots carry it.</param>
/// <param name="Attempt">A form that is open already.</param>
internal sealed record BookingInput(string Coach, string EventType, string? Slot, string? Attempt, ReaderZone Zone)
{
    /// <summary>Null without a slot, and for one that is no instant.</summary>
    public DateTimeOffset? At => Slot is { } text && InstantPattern.General.Parse(text) is { Success: true, Value: var instant }
        && instant.InUtc().Year is > 2000 and < 2200
            ? instant.ToDateTimeOffset()
            : null;
}
