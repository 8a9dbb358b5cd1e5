using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Collects the data of one account, at offsets from the start of the world.</summary>
internal sealed class SessionBook(EmulatedAccount owner, DateTimeOffset start)
{
    private readonly List<EmulatedEvent> _events = [];
    private readonly List<EmulatedEventType> _eventTypes = [];
    private readonly List<EmulatedSchedule> _schedules = [];
    private readonly List<BusyBlock> _busy = [];

    public IReadOnlyList<EmulatedEvent> Events => _events;

    public IReadOnlyList<EmulatedEventType> EventTypes => _eventTypes;

    public IReadOnlyList<EmulatedSchedule> Schedules => _schedules;

    public IReadOnlyList<BusyBlock> Busy => _busy;

    /// <summary>So many days from the world's first day, which is the account's today.</summary>
    public LocalDate Date(int day) => Instant.FromDateTimeOffset(start).InZone(owner.Zone).Date.PlusDays(day);

    /// <summary>A wall-clock time in the account's zone, so many days from the world's first day.</summary>
    /// <param name="time">For example <c>09:30</c>.</param>
    public DateTimeOffset On(int day, string time)
    {
        var local = Date(day) + LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(time).Value;
        return local.InZoneLeniently(owner.Zone).ToDateTimeOffset().ToUniversalTime();
    }

    /// <summary>An instant so many hours from the world's start, whatever the wall clock says.</summary>
    public DateTimeOffset In(double hours) => start.AddHours(hours);

    public EmulatedEventType Offer(EmulatedEventType type)
    {
        var created = start.AddDays(-300 + _eventTypes.Count).AddMicroseconds(EmulatedIds.Microseconds(type.Id));
        var complete = type with { CreatedAt = created, UpdatedAt = start.AddDays(-20 - (7 * _eventTypes.Count)).AddMicroseconds(EmulatedIds.Microseconds(type.Name)) };
        _eventTypes.Add(complete);
        return complete;
    }

    /// <summary>The first one is the account's default.</summary>
    public SessionBook Schedule(string key, string name, WeeklyHours hours)
    {
        _schedules.Add(new(owner, EmulatedIds.Schedule(owner.Key, key), name, IsDefault: _schedules.Count == 0, hours));
        return this;
    }

    /// <summary>Time on one day that no session takes, by the account's wall clock.</summary>
    public SessionBook Block(int day, string from, string to, BusyKind kind = BusyKind.External)
    {
        _busy.Add(new(owner, kind, On(day, from), On(day, to)));
        return this;
    }

    public void Add(string key, EmulatedEventType type, DateTimeOffset at, string? location, params Booker[] bookers) =>
        Add(key, type, at, location, new SessionExtras(), bookers);

    public void Add(string key, EmulatedEventType type, DateTimeOffset at, string? location, SessionExtras extras, params Booker[] bookers)
    {
        var id = EmulatedIds.Session(owner.Key, key);
        var created = BookedAt(id, at);
        var booked = new EmulatedEvent(id, type, at, [owner, .. extras.CoHosts])
        {
            Name = extras.Name ?? type.Name,
            Location = location,
            Notes = extras.Notes,
            Guests = extras.Guests,
            Invitees = [.. bookers.Select((booker, number) => Invitee(key, booker, number, CalendlyUri.For("scheduled_events", id), created, at))],
            CreatedAt = created,
            UpdatedAt = created.AddSeconds(2),
        };
        if (extras.Canceled is { } canceled)
        {
            booked.Cancel(canceled with { CreatedAt = Earlier(start, at).AddHours(-5).AddMicroseconds(EmulatedIds.Microseconds(id)) });
        }

        _events.Add(booked);
    }

    private EmulatedInvitee Invitee(string key, Booker booker, int number, string eventUri, DateTimeOffset created, DateTimeOffset at) =>
        new(EmulatedIds.Invitee(owner.Key, key, number), eventUri, booker.Name, booker.Email, booker.Zone)
        {
            Answers = booker.Answers,
            FirstName = booker.HasTwoNames ? booker.Name[..booker.Name.IndexOf(' ', StringComparison.Ordinal)] : null,
            LastName = booker.HasTwoNames ? booker.Name[(booker.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..] : null,
            Tracking = booker.Campaign is { } campaign ? EmulatedTracking.None with { Campaign = campaign, Source = "newsletter" } : EmulatedTracking.None,
            TextReminderNumber = booker.TextReminderNumber,
            Payment = booker.Payment,
            NoShowAt = booker.NoShow ? at.AddMinutes(15) : null,
            OldInvitee = InviteeUri(booker.MovedFrom),
            NewInvitee = InviteeUri(booker.MovedTo),
            CreatedAt = created.AddMinutes(11 * number),
            UpdatedAt = created.AddMinutes(11 * number).AddSeconds(2),
        };

    // Only the first who booked a session is ever moved.
    private string? InviteeUri(string? key) => key is null
        ? null
        : $"{CalendlyUri.For("scheduled_events", EmulatedIds.Session(owner.Key, key))}/invitees/{EmulatedIds.Invitee(owner.Key, key, 0)}";

    /// <summary>Two to ten days before the session or the world's start, whichever was first.</summary>
    private DateTimeOffset BookedAt(string id, DateTimeOffset at)
    {
        var odd = EmulatedIds.Microseconds(id);
        return Earlier(start, at).AddDays(-2 - (odd % 9)).AddMinutes(-(odd % 600)).AddMicroseconds(odd);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
