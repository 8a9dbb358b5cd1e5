namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Something happens to a session at Calendly. Each of these hooks answers when what it causes has been delivered
/// once, however that went; with <c>"webhook":false</c> nobody is told.</summary>
internal static class SessionHooks
{
    public static void MapSessionHooks(this IEndpointRouteBuilder hooks)
    {
        hooks.MapPost("/calendly/sessions", BookAsync);
        hooks.MapPost("/calendly/cancel", CancelAsync);
        hooks.MapPost("/calendly/move", MoveAsync);
        hooks.MapPost("/calendly/no-show", MarkNoShowAsync);
    }

    private static async Task<IResult> BookAsync(SessionRequest request, CalendlyEmulator emulator, ReadCache reads, CancellationToken cancellationToken)
    {
        if (!BookingRules.IsEmail(request.Email) || string.IsNullOrWhiteSpace(request.Name) || request.Start is not { } start)
        {
            return Results.BadRequest(new { problem = "name, email and start are required" });
        }

        return await ActAsync(
            emulator,
            reads,
            request.Webhook,
            (desk, now) =>
            {
                var type = desk.World.EventTypes.FirstOrDefault(type => type.Owner.Key == request.Account && type.Slug == request.EventType && type.DeletedAt is null);
                var booking = new BookingRequest(request.Name, request.Email!, null) { Tracking = EmulatedTracking.None with { Content = request.UtmContent } };
                return type is null ? null : desk.Book(type, start.ToUniversalTime(), booking, now);
            },
            cancellationToken);
    }

    private static Task<IResult> CancelAsync(InviteeRequest request, CalendlyEmulator emulator, ReadCache reads, CancellationToken cancellationToken) => ActAsync(
        emulator, reads, request.Webhook, (desk, now) => request.Find(desk) is { } invitee && desk.Cancel(invitee.Id, request.Reason, now) ? invitee : null, cancellationToken);

    private static async Task<IResult> MoveAsync(InviteeRequest request, CalendlyEmulator emulator, ReadCache reads, CancellationToken cancellationToken) =>
        request.Start is not { } start
            ? Results.BadRequest(new { problem = "start is required" })
            : await ActAsync(
                emulator,
                reads,
                request.Webhook,
                (desk, now) => request.Find(desk) is { } invitee ? desk.Move(invitee.Id, start.ToUniversalTime(), request.Reason, EmulatedTracking.None, now) : null,
                cancellationToken);

    private static Task<IResult> MarkNoShowAsync(InviteeRequest request, CalendlyEmulator emulator, ReadCache reads, CancellationToken cancellationToken) => ActAsync(
        emulator,
        reads,
        request.Webhook,
        (desk, now) => request.Find(desk) is { } invitee && desk.World.InviteeById(invitee.Id) is { } found && desk.MarkNoShow(found.Session, found.Invitee, request.Undo is not true, now) ? invitee : null,
        cancellationToken);

    private static async Task<IResult> ActAsync(
        CalendlyEmulator emulator, ReadCache reads, bool? webhook, Func<BookingDesk, DateTimeOffset, EmulatedInvitee?> act, CancellationToken cancellationToken)
    {
        var (done, deliveries) = emulator.At(act, tells: webhook is not false);
        reads.Expire();
        if (done is null)
        {
            return Results.Conflict(new { problem = "Calendly would not let that happen: nobody and nothing of that name, or a time that is not right for it" });
        }

        await EmulatedWebhooks.TriedAsync(deliveries, cancellationToken);
        return Results.Json(new { @event = done.EventUri, invitee = done.Uri });
    }

    /// <param name="EventType">A slug.</param>
    private sealed record SessionRequest(string? Account, string? EventType, DateTimeOffset? Start, string? Name, string? Email, string? UtmContent, bool? Webhook);

    /// <summary>An invitee by id or URI, or the first who still comes to an event.</summary>
    private sealed record InviteeRequest(string? Invitee, string? Event, string? Reason, DateTimeOffset? Start, bool? Undo, bool? Webhook)
    {
        public EmulatedInvitee? Find(BookingDesk desk) =>
            Invitee is not null ? desk.World.InviteeById(CalendlyUri.LastSegment(Invitee))?.Invitee
            : Event is not null && desk.World.TryGetEvent(CalendlyUri.LastSegment(Event), out var session) ? session.Invitees.FirstOrDefault(invitee => invitee.IsActive)
            : null;
    }
}
