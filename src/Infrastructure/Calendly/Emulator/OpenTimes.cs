using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The start times at which the event types of this world can be booked, and with whom.</summary>
internal sealed class OpenTimes(CalendlyWorld world)
{
    /// <summary>From <paramref name="from"/> up to, not including, <paramref name="to"/>, soonest first. None for a type that is
    /// switched off or deleted.</summary>
    public List<OpenSlot> Of(EmulatedEventType type, Instant from, Instant to, DateTimeOffset now)
    {
        if (!type.Active || type.DeletedAt is not null)
        {
            return [];
        }

        var hosts = type.Hosts.Select(host => TimeOf(type, host)).ToList();
        var times = Times(type, now);
        return type.Pooling == "round_robin" ? times.WhenAnyIsFree(hosts, from, to) : times.WhenAllAreFree(hosts, from, to);
    }

    /// <summary>Who would hold a session that is booked at this very start: of hosts who take turns, the first who is free. Null
    /// when it cannot be booked.</summary>
    public IReadOnlyList<EmulatedAccount>? HostsAt(EmulatedEventType type, DateTimeOffset start, DateTimeOffset now)
    {
        var from = Instant.FromDateTimeOffset(start);
        var to = from + Duration.FromSeconds(1);
        if (!Of(type, from, to, now).Exists(slot => slot.Start == from))
        {
            return null;
        }

        return type.Pooling == "round_robin"
            ? [type.Hosts.First(host => Times(type, now).WhenAllAreFree([TimeOf(type, host)], from, to).Count > 0)]
            : [.. type.Hosts];
    }

    /// <summary>The session and what its type keeps free before and after it.</summary>
    public static TimeBlock WithBuffers(EmulatedEvent booked) => new(
        Instant.FromDateTimeOffset(booked.Start.AddMinutes(-booked.Type.BeforeBuffer)),
        Instant.FromDateTimeOffset(booked.End.AddMinutes(booked.Type.AfterBuffer)));

    private AvailableTimes Times(EmulatedEventType type, DateTimeOffset now)
    {
        var rules = new SlotRules(type.Minutes, type.StartTimeIncrement)
        {
            BeforeBuffer = type.BeforeBuffer,
            AfterBuffer = type.AfterBuffer,
            Notice = type.Notice,
            HorizonDays = type.HorizonDays,
            PerDay = type.PerDay,
            Seats = type.Seats,
        };
        var sessions = world.Events
            .Where(booked => booked.Cancellation is null && booked.Type.Id == type.Id)
            .Select(booked => new BookedSession(Instant.FromDateTimeOffset(booked.Start), booked.SeatsLeft))
            .ToList();
        return new AvailableTimes(rules, sessions, Instant.FromDateTimeOffset(now));
    }

    private HostTime TimeOf(EmulatedEventType type, EmulatedAccount host) => new(world.HoursOf(type, host).Hours, Busy(host));

    private List<TimeBlock> Busy(EmulatedAccount host) =>
    [
        .. world.BookedWith(host).Select(WithBuffers),
        .. world.Busy.Where(block => block.Owner == host).Select(block => new TimeBlock(Instant.FromDateTimeOffset(block.Start), Instant.FromDateTimeOffset(block.End))),
    ];
}
