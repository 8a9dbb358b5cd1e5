using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What an event type asks of a start time. All in minutes, but the two that say otherwise.</summary>
/// <param name="Increment">Start times are this far apart, counted from the beginning of each stretch of hours.</param>
internal sealed record SlotRules(int Minutes, int Increment)
{
    public int BeforeBuffer { get; init; }

    public int AfterBuffer { get; init; }

    public int Notice { get; init; }

    /// <summary>Whole days after today, in the zone of the first host's hours, that can be booked.</summary>
    public int HorizonDays { get; init; } = 60;

    /// <summary>Sessions of the event type on one date, in the same zone. Null for no limit.</summary>
    public int? PerDay { get; init; }

    /// <summary>Invitees who can share one start time.</summary>
    public int Seats { get; init; } = 1;
}

/// <param name="Busy">Everything that keeps the host from a session, with the buffers of what is booked; in any order.</param>
internal sealed record HostTime(WeeklyHours Hours, IReadOnlyList<TimeBlock> Busy);

/// <summary>A session of the event type that is asked about, already booked.</summary>
/// <param name="SeatsLeft">0 when nobody can join it.</param>
internal readonly record struct BookedSession(Instant Start, int SeatsLeft);

/// <param name="Seats">How many invitees can still book this start time; at least 1.</param>
internal readonly record struct OpenSlot(Instant Start, int Seats);
