namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What invitees and hosts do with a session, each noted for those who want to be told. Not thread-safe: the emulator's lock guards it.</summary>
internal sealed class BookingDesk(CalendlyWorld world, OpenTimes openTimes)
{
    public CalendlyWorld World => world;

    public OpenTimes OpenTimes => openTimes;

    /// <summary>The new invitee; null when the time is not open, or not any more. Where a group has a session at that time, it
    /// is joined.</summary>
    public EmulatedInvitee? Book(EmulatedEventType type, DateTimeOffset start, BookingRequest request, DateTimeOffset now) =>
        openTimes.HostsAt(type, start, now) is { } hosts ? Tell(WebhookNotice.Created, Place(type, start, hosts, request, null, now)) : null;

    /// <summary>False when the invitee, or the session, is not to be canceled any more.</summary>
    public bool Cancel(string inviteeId, string? reason, DateTimeOffset now)
    {
        if (Changeable(inviteeId, now) is not { } found)
        {
            return false;
        }

        found.Session.Leave(found.Invitee, new(found.Invitee.Name, reason, ByHost: false, now));
        Tell(WebhookNotice.Canceled, found);
        return true;
    }

    /// <summary>Cancels for everybody who still comes; whether that is allowed is checked already.</summary>
    public void CancelByHost(EmulatedEvent session, EmulatedCancellation cancellation)
    {
        var coming = session.Invitees.Where(invitee => invitee.IsActive).ToList();
        session.Cancel(cancellation);
        foreach (var invitee in coming)
        {
            Tell(WebhookNotice.Canceled, (session, invitee));
        }
    }

    /// <summary>A host says that the invitee did not come, or takes that back. False when that is said already, and for who
    /// has canceled or is not due yet: refused at Calendly, which does not document how.</summary>
    public bool MarkNoShow(EmulatedEvent session, EmulatedInvitee invitee, bool isNoShow, DateTimeOffset now)
    {
        if (!invitee.IsActive || now < session.Start || isNoShow == invitee.NoShowAt is not null)
        {
            return false;
        }

        invitee.MarkNoShow(isNoShow ? now : null, now);
        Tell(isNoShow ? WebhookNotice.NoShowCreated : WebhookNotice.NoShowDeleted, (session, invitee));
        return true;
    }

    /// <summary>The invitee that this one becomes, in a session of <paramref name="type"/>, or of its own type when null. Null
    /// when it cannot move, or not there. Calendly does not say whether a move keeps the tracking, so it does not.</summary>
    public EmulatedInvitee? Move(string inviteeId, DateTimeOffset start, string? reason, EmulatedTracking tracking, DateTimeOffset now, EmulatedEventType? type = null)
    {
        if (Changeable(inviteeId, now) is not { } found
            || (type ?? TypeOf(found.Session)) is not { } target
            || openTimes.HostsAt(target, start, now) is not { } hosts)
        {
            return null;
        }

        var old = found.Invitee;
        var placed = Place(target, start, hosts, Again(old, found.Session, tracking), old.Uri, now);
        found.Session.Leave(old, new(old.Name, reason, ByHost: false, now), placed.Invitee);
        Tell(WebhookNotice.Canceled, found);
        return Tell(WebhookNotice.Created, placed);
    }

    /// <summary>The invitee and the session, as long as both can still be changed by the invitee.</summary>
    public (EmulatedEvent Session, EmulatedInvitee Invitee)? Changeable(string inviteeId, DateTimeOffset now) =>
        world.InviteeById(inviteeId) is { } found && found.Invitee.IsActive && now < found.Session.Start ? found : null;

    /// <summary>As the type is now; null when it is gone.</summary>
    public EmulatedEventType? TypeOf(EmulatedEvent session) => world.TryGetEventType(session.Type.Id, out var type) ? type : null;

    private static BookingRequest Again(EmulatedInvitee invitee, EmulatedEvent session, EmulatedTracking tracking) => new(invitee.Name, invitee.Email, invitee.Zone)
    {
        FirstName = invitee.FirstName,
        LastName = invitee.LastName,
        TextReminderNumber = invitee.TextReminderNumber,
        Answers = invitee.Answers,
        Guests = session.Type.Seats == 1 ? session.Guests : [],
        Tracking = tracking,
    };

    private EmulatedInvitee Tell(string @event, (EmulatedEvent Session, EmulatedInvitee Invitee) about)
    {
        world.Tell(WebhookNotice.Of(@event, about.Session, about.Invitee));
        return about.Invitee;
    }

    private (EmulatedEvent Session, EmulatedInvitee Invitee) Place(EmulatedEventType type, DateTimeOffset start, IReadOnlyList<EmulatedAccount> hosts, BookingRequest request, string? oldInvitee, DateTimeOffset now)
    {
        var number = world.NextBooking();
        var joined = type.Seats > 1 ? world.Events.FirstOrDefault(booked => booked.Type.Id == type.Id && booked.Start == start && booked.SeatsLeft > 0) : null;
        var id = joined?.Id ?? EmulatedIds.Booking(number);
        var invitee = new EmulatedInvitee(EmulatedIds.BookingInvitee(number), CalendlyUri.For("scheduled_events", id), request.Name, request.Email, request.Zone)
        {
            FirstName = request.FirstName,
            LastName = request.LastName,
            TextReminderNumber = request.TextReminderNumber,
            Answers = request.Answers,
            Tracking = request.Tracking,
            OldInvitee = oldInvitee,
            ByApi = request.ByApi,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (joined is not null)
        {
            joined.Join(invitee, request.Guests);
            return (joined, invitee);
        }

        var place = request.Place ?? (PlaceOnOffer.Of(type) is [var first, ..] ? first : null);
        var session = new EmulatedEvent(id, type, start, hosts)
        {
            Location = place?.Booked(request.PlaceText, id),
            Guests = request.Guests,
            Invitees = [invitee],
            CreatedAt = now,
            UpdatedAt = now,
        };
        world.Add(session);
        return (session, invitee);
    }
}
