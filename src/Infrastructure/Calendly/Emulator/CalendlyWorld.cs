using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Everything that exists at the emulated Calendly. Not thread-safe: the emulator's lock guards it.</summary>
internal sealed class CalendlyWorld
{
    private readonly Dictionary<string, EmulatedAccount> _accountsById;
    private readonly Dictionary<string, EmulatedEvent> _eventsById;
    private readonly List<EmulatedEvent> _events;
    private readonly Dictionary<string, EmulatedEventType> _typesById;
    private readonly List<EmulatedEventType> _types;
    private readonly List<EmulatedSchedule> _schedules;
    private readonly List<BusyBlock> _busy;
    private readonly HashSet<string> _brokenCalendars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmulatedLink> _links = new(StringComparer.Ordinal);
    private readonly List<WebhookNotice> _notices = [];
    private int _bookings;

    /// <param name="start">Every date in the data is an offset from this instant.</param>
    public CalendlyWorld(DateTimeOffset start)
    {
        Start = start;
        Accounts = WorldAccounts.All;
        _accountsById = Accounts.ToDictionary(account => account.Id, StringComparer.Ordinal);
        var books = WorldAccounts.Books(start);
        _events = [.. books.SelectMany(book => book.Events).OrderBy(booked => booked.Start).ThenBy(booked => booked.Id, StringComparer.Ordinal)];
        _types = [.. books.SelectMany(book => book.EventTypes)];
        _schedules = [.. books.SelectMany(book => book.Schedules)];
        _busy = [.. books.SelectMany(book => book.Busy)];
        _eventsById = _events.ToDictionary(booked => booked.Id, StringComparer.Ordinal);
        _typesById = _types.ToDictionary(type => type.Id, StringComparer.Ordinal);
    }

    public DateTimeOffset Start { get; }

    public IReadOnlyList<EmulatedAccount> Accounts { get; }

    /// <summary>Soonest first.</summary>
    public IReadOnlyList<EmulatedEvent> Events => _events;

    /// <summary>Deleted ones too.</summary>
    public IReadOnlyList<EmulatedEventType> EventTypes => _types;

    public IReadOnlyList<EmulatedSchedule> Schedules => _schedules;

    /// <summary>What is not booked through Calendly, in no order.</summary>
    public IReadOnlyList<BusyBlock> Busy => _busy;

    public EmulatedAccount? AccountByKey(string? key) => Accounts.FirstOrDefault(account => account.Key == key);

    public bool TryGetAccount(string id, [NotNullWhen(true)] out EmulatedAccount? account) => _accountsById.TryGetValue(id, out account);

    public bool TryGetEvent(string id, [NotNullWhen(true)] out EmulatedEvent? booked) => _eventsById.TryGetValue(id, out booked);

    public bool TryGetEventType(string id, [NotNullWhen(true)] out EmulatedEventType? type) => _typesById.TryGetValue(id, out type);

    public bool TryGetSchedule(string id, [NotNullWhen(true)] out EmulatedSchedule? schedule) =>
        (schedule = _schedules.Find(one => one.Id == id)) is not null;

    /// <summary>True for a known user of the caller's organization.</summary>
    public bool IsColleague(string user, ApiCaller caller) => TryGetAccount(user, out var account) && caller.IsColleagueOf(account);

    /// <summary>The hours that count when this host is booked with this type: the type's own, or else those of a schedule.</summary>
    public EmulatedHours HoursOf(EmulatedEventType type, EmulatedAccount host)
    {
        if (type.OwnHours.TryGetValue(host.Id, out var own))
        {
            return new(type, host, own, null);
        }

        var schedule = _schedules.Find(one => host == type.Owner ? one.Id == type.ScheduleId : one.Owner == host && one.IsDefault)
            ?? _schedules.First(one => one.Owner == host);
        return new(type, host, schedule.Hours, schedule);
    }

    /// <summary>Sessions of the host that are not canceled, whatever their type, soonest first.</summary>
    public IEnumerable<EmulatedEvent> BookedWith(EmulatedAccount host) =>
        Events.Where(booked => booked.Cancellation is null && booked.IsHostedBy(host));

    /// <summary>Puts a changed event type in the place of the one with its id.</summary>
    public void Replace(EmulatedEventType type)
    {
        _types[_types.FindIndex(one => one.Id == type.Id)] = type;
        _typesById[type.Id] = type;
    }

    /// <summary>Adds a schedule, or replaces the one with its id. One that becomes the default takes that from the other.</summary>
    public void Put(EmulatedSchedule schedule)
    {
        for (var index = 0; schedule.IsDefault && index < _schedules.Count; index++)
        {
            if (_schedules[index].Owner == schedule.Owner)
            {
                _schedules[index] = _schedules[index] with { IsDefault = false };
            }
        }

        var place = _schedules.FindIndex(one => one.Id == schedule.Id);
        if (place < 0)
        {
            _schedules.Add(schedule);
        }
        else
        {
            _schedules[place] = schedule;
        }
    }

    public void Add(BusyBlock block) => _busy.Add(block);

    /// <summary>A new session takes its place in the order of all.</summary>
    public void Add(EmulatedEvent booked)
    {
        var place = _events.FindIndex(other => (other.Start, string.CompareOrdinal(other.Id, booked.Id)).CompareTo((booked.Start, 0)) > 0);
        _events.Insert(place < 0 ? _events.Count : place, booked);
        _eventsById.Add(booked.Id, booked);
    }

    /// <summary>The invitee with this id and the session, whoever holds it.</summary>
    public (EmulatedEvent Session, EmulatedInvitee Invitee)? InviteeById(string id)
    {
        foreach (var booked in _events)
        {
            foreach (var invitee in booked.Invitees)
            {
                if (invitee.Id == id)
                {
                    return (booked, invitee);
                }
            }
        }

        return null;
    }

    /// <summary>False while Calendly cannot read the calendars that the account has outside.</summary>
    public bool CalendarAnswers(EmulatedAccount account) => !_brokenCalendars.Contains(account.Id);

    public void LetCalendarAnswer(EmulatedAccount account, bool answers)
    {
        if (answers)
        {
            _brokenCalendars.Remove(account.Id);
        }
        else
        {
            _brokenCalendars.Add(account.Id);
        }
    }

    /// <summary>The invitee who did not come, by the id of that mark, and the session.</summary>
    public (EmulatedEvent Session, EmulatedInvitee Invitee)? InviteeByNoShow(string id)
    {
        foreach (var booked in _events)
        {
            foreach (var invitee in booked.Invitees)
            {
                if (invitee.NoShowAt is not null && EmulatedIds.NoShow(invitee.Id) == id)
                {
                    return (booked, invitee);
                }
            }
        }

        return null;
    }

    /// <summary>Something has happened that subscriptions may want to know.</summary>
    public void Tell(WebhookNotice notice) => _notices.Add(notice);

    /// <summary>What has happened since this was asked last, in order.</summary>
    public IReadOnlyList<WebhookNotice> TakeNotices()
    {
        if (_notices.Count == 0)
        {
            return [];
        }

        List<WebhookNotice> taken = [.. _notices];
        _notices.Clear();
        return taken;
    }

    /// <summary>1 for the first session that is booked in this world, and so on.</summary>
    public int NextBooking() => ++_bookings;

    /// <summary>A new link to this event type that can be used once.</summary>
    public EmulatedLink AddLink(EmulatedEventType type, DateTimeOffset now)
    {
        var link = new EmulatedLink(EmulatedIds.Link(type.Id, _links.Count + 1), type.Id, now);
        _links.Add(link.Code, link);
        return link;
    }

    public bool TryGetLink(string code, [NotNullWhen(true)] out EmulatedLink? link) => _links.TryGetValue(code, out link);
}
