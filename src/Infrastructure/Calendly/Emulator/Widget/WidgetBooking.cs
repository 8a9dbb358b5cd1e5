using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>The pages on which somebody books, from the list of a host's event types to the last word.</summary>
internal sealed class WidgetBooking(CalendlyEmulator emulator)
{
    public WidgetPage Profile(string owner, WidgetAddress address) => emulator.At((desk, _) =>
    {
        if (desk.World.AccountByKey(owner) is not { } host)
        {
            return WidgetPage.Note("missing", "This page is not there") with { Status = StatusCodes.Status404NotFound };
        }

        var types = desk.World.EventTypes.Where(type => type is { Active: true, Secret: false, IsOneOff: false, DeletedAt: null } && type.Owner == host).OrderBy(type => type.Position);
        return new WidgetPage("profile", host.Name, "_WidgetProfile", new WidgetProfile(
            host.Name, [.. types.Select(type => new WidgetLink(address.To($"{WidgetRoutes.Prefix}/{owner}/{type.Slug}"), $"{type.Name}, {type.Minutes} min"))]))
        {
            Messages = [WidgetMessage.ProfileViewed],
        };
    });

    public WidgetPage Times(WidgetTarget target, WidgetAddress address) => emulator.At((desk, now) =>
    {
        var (type, _, refusal) = target.Find(desk.World, now);
        return refusal ?? new WidgetPage("times", type!.Name, "_WidgetTimes", WidgetCalendar.Times(desk, type, address, target.Path, "Select a date and time", What(type), now))
        {
            Messages = [WidgetMessage.EventTypeViewed],
        };
    });

    public WidgetPage Details(WidgetTarget target, string start, WidgetAddress address) => emulator.At((desk, now) =>
    {
        var (type, _, refusal) = target.Find(desk.World, now);
        if (refusal is not null)
        {
            return refusal;
        }

        if (WidgetCalendar.Instant(start) is not { } at || desk.OpenTimes.HostsAt(type!, at, now) is null)
        {
            return Taken(target, address);
        }

        // Who comes from the list of times has been told of already.
        IReadOnlyList<WidgetMessage> messages = address[WidgetAddress.Picked] is null ? [WidgetMessage.EventTypeViewed, WidgetMessage.TimeSelected] : [WidgetMessage.TimeSelected];
        return Details(desk, target, type!, at, address, WidgetForm.Prefilled(type!, address, WidgetCalendar.Zone(desk, type!, address).Id)) with { Messages = messages };
    });

    public WidgetPage Book(WidgetTarget target, string start, IFormCollection fields, WidgetAddress address, Func<WidgetTurn> takeTurn) => emulator.At((desk, now) =>
    {
        var (type, link, refusal) = target.Find(desk.World, now);
        if (refusal is not null)
        {
            return refusal;
        }

        if (WidgetCalendar.Instant(start) is not { } at)
        {
            return Taken(target, address);
        }

        var form = WidgetForm.Filled(type!, fields);
        if (form.Check(type!, address.Tracking) is not { } request)
        {
            return Details(desk, target, type!, at, address, form) with { Status = StatusCodes.Status422UnprocessableEntity };
        }

        var turn = takeTurn();
        if (turn.Has(WidgetKnob.SlotTaken))
        {
            desk.World.Add(new BusyBlock(type!.Owner, BusyKind.External, at, at.AddMinutes(type.Minutes)));
            return Taken(target, address);
        }

        var when = WidgetCalendar.When(at, at.AddMinutes(type!.Minutes), request.Zone is { } id ? NodaTime.DateTimeZoneProviders.Tzdb[id] : WidgetCalendar.Zone(desk, type, address));
        if (turn.Has(WidgetKnob.TellsButDidNotBook))
        {
            return Booked(type, when, null) with { Messages = [WidgetMessage.ScheduledNothing($"{type.Id}/{start}")] };
        }

        if (turn.Has(WidgetKnob.MovesOld) && Earlier(desk, type, request.Email, now) is { } old && desk.Move(old.Id, at, null, request.Tracking, now, type) is { } moved)
        {
            return Booked(type, when, moved);
        }

        if (desk.Book(type, at, request, now) is not { } invitee)
        {
            return Taken(target, address);
        }

        if (link is not null)
        {
            link.IsUsed = true;
        }

        var page = Booked(type, when, invitee);
        return turn.Has(WidgetKnob.BooksSilently) ? page : page with { Messages = [WidgetMessage.Scheduled(invitee.EventUri, invitee.Uri)] };
    });

    private static WidgetPage Details(BookingDesk desk, WidgetTarget target, EmulatedEventType type, DateTimeOffset at, WidgetAddress address, WidgetForm form)
    {
        var zone = WidgetCalendar.Zone(desk, type, address);
        return new WidgetPage("details", type.Name, "_WidgetDetails", new WidgetDetails(
            type,
            $"{What(type)}, {WidgetCalendar.When(at, at.AddMinutes(type.Minutes), zone)}",
            address.To($"{target.Path}/{ZonedTime.Iso(at)}"),
            new(address.To(target.Path), "Another time"),
            form,
            GuessesZone: address.Zone is null));
    }

    private static WidgetPage Taken(WidgetTarget target, WidgetAddress address) => new(
        "taken",
        "This time is not available",
        "_WidgetNote",
        new WidgetNote("This time is not available", ["It may have just been taken."], [new(address.To(target.Path), "View other times")]))
    {
        Status = StatusCodes.Status409Conflict,
    };

    /// <param name="invitee">Null where there is none to cancel or move.</param>
    private static WidgetPage Booked(EmulatedEventType type, string when, EmulatedInvitee? invitee) => new(
        "booked",
        "You are scheduled",
        "_WidgetNote",
        new WidgetNote(
            "You are scheduled",
            [What(type), when],
            invitee is null ? [] : [new($"{WidgetRoutes.Prefix}/reschedulings/{invitee.Id}", "Reschedule"), new($"{WidgetRoutes.Prefix}/cancellations/{invitee.Id}", "Cancel")]));

    /// <summary>The next session of this address with this host, of the same type before all others.</summary>
    private static EmulatedInvitee? Earlier(BookingDesk desk, EmulatedEventType type, string email, DateTimeOffset now) =>
        desk.World.BookedWith(type.Owner)
            .Where(booked => booked.Start > now)
            .OrderByDescending(booked => booked.Type.Id == type.Id)
            .SelectMany(booked => booked.Invitees)
            .FirstOrDefault(invitee => invitee.IsActive && string.Equals(invitee.Email, email, StringComparison.OrdinalIgnoreCase));

    private static string What(EmulatedEventType type) => $"{type.Name} with {type.Owner.Name}, {type.Minutes} min";
}
