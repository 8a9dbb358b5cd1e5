namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>The pages behind an invitee's own two links. As at Calendly, they tell the page around them of no booking.</summary>
internal sealed class WidgetChanges(CalendlyEmulator emulator)
{
    public WidgetPage AskToCancel(string id, WidgetAddress address) => emulator.At((desk, now) =>
        desk.Changeable(id, now) is not { } found ? Unchangeable(desk, id)
        : new WidgetPage("cancel", "Cancel event", "_WidgetChange", new WidgetChange("Cancel this event?", [What(desk, found.Session, address)], $"{WidgetRoutes.Prefix}/cancellations/{id}", "Cancel event")));

    public WidgetPage Cancel(string id, string? reason, WidgetAddress address) => emulator.At((desk, now) =>
    {
        if (desk.Changeable(id, now) is not { } found)
        {
            return Unchangeable(desk, id);
        }

        desk.Cancel(id, reason, now);
        return WidgetPage.Note("canceled", "This event is canceled", What(desk, found.Session, address));
    });

    public WidgetPage Times(string id, WidgetAddress address) => emulator.At((desk, now) =>
        desk.Changeable(id, now) is not { } found ? Unchangeable(desk, id)
        : desk.TypeOf(found.Session) is not { Active: true, DeletedAt: null } type ? WidgetPage.Note("off", "This calendar is not available now", "Ask the host what to do.")
        : new WidgetPage("times", "Reschedule", "_WidgetTimes", WidgetCalendar.Times(
            desk, type, address, $"{WidgetRoutes.Prefix}/reschedulings/{id}", "Select a new time", $"Now: {What(desk, found.Session, address)}", now)));

    public WidgetPage AskToMove(string id, string start, WidgetAddress address) => emulator.At((desk, now) =>
    {
        if (desk.Changeable(id, now) is not { } found)
        {
            return Unchangeable(desk, id);
        }

        if (WidgetCalendar.Instant(start) is not { } at || desk.TypeOf(found.Session) is not { } type || desk.OpenTimes.HostsAt(type, at, now) is null)
        {
            return Taken(id, address);
        }

        return new WidgetPage("move", "Reschedule", "_WidgetChange", new WidgetChange(
            "Move this event?",
            [$"From: {What(desk, found.Session, address)}", $"To: {WidgetCalendar.When(at, at.AddMinutes(type.Minutes), WidgetCalendar.Zone(desk, type, address))}"],
            address.To($"{WidgetRoutes.Prefix}/reschedulings/{id}/{start}"),
            "Update event"));
    });

    public WidgetPage Move(string id, string start, string? reason, WidgetAddress address) => emulator.At((desk, now) =>
    {
        if (desk.Changeable(id, now) is null)
        {
            return Unchangeable(desk, id);
        }

        return WidgetCalendar.Instant(start) is { } at && desk.Move(id, at, reason, address.Tracking, now) is { } moved && desk.World.InviteeById(moved.Id) is { } found
            ? WidgetPage.Note("moved", "This event is rescheduled", What(desk, found.Session, address))
            : Taken(id, address);
    });

    private static WidgetPage Unchangeable(BookingDesk desk, string id) => desk.World.InviteeById(id) is not { } found
        ? WidgetPage.Note("missing", "This page is not there", "The address may be mistyped.") with { Status = StatusCodes.Status404NotFound }
        : WidgetPage.Note(
            "gone", found.Invitee.IsActive ? "This event is in the past" : found.Invitee.NewInvitee is null ? "This event is canceled already" : "This event has been rescheduled already");

    private static WidgetPage Taken(string id, WidgetAddress address) => new(
        "taken",
        "This time is not available",
        "_WidgetNote",
        new WidgetNote("This time is not available", ["It may have just been taken."], [new(address.To($"{WidgetRoutes.Prefix}/reschedulings/{id}"), "View other times")]))
    {
        Status = StatusCodes.Status409Conflict,
    };

    private static string What(BookingDesk desk, EmulatedEvent session, WidgetAddress address) =>
        $"{session.Name} with {session.Hosts[0].Name}, {WidgetCalendar.When(session.Start, session.End, WidgetCalendar.Zone(desk, session.Type, address))}";
}
