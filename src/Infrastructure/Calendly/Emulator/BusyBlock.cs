using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal enum BusyKind
{
    /// <summary>From a calendar outside Calendly.</summary>
    External,

    /// <summary>Blocked in Calendly, with no event to show.</summary>
    Reserved,
}

/// <summary>Time of a host that no session takes.</summary>
internal sealed record BusyBlock(EmulatedAccount Owner, BusyKind Kind, DateTimeOffset Start, DateTimeOffset End);

/// <summary>One line of the answer about busy times.</summary>
/// <param name="Type"><c>calendly</c>, <c>external</c> or <c>reserved</c>.</param>
/// <param name="Buffered">With the buffers of the session, when it has any.</param>
/// <param name="Event">The session, when it is one.</param>
internal sealed record EmulatedBusyTime(string Type, Instant Start, Instant End, TimeBlock? Buffered, EmulatedEvent? Event);
