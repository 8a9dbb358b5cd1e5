namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Something that subscriptions may want to be told of.</summary>
/// <param name="Event">For example <c>invitee.created</c>.</param>
/// <param name="Payload">Calendly's JSON of it, as it was then.</param>
/// <param name="Hosts">Whose subscriptions it concerns.</param>
internal sealed record WebhookNotice(string Event, byte[] Payload, IReadOnlyList<EmulatedAccount> Hosts)
{
    public const string Created = "invitee.created";
    public const string Canceled = "invitee.canceled";
    public const string NoShowCreated = "invitee_no_show.created";
    public const string NoShowDeleted = "invitee_no_show.deleted";
    public const string TypeUpdated = "event_type.updated";

    public static WebhookNotice Of(string @event, EmulatedEvent session, EmulatedInvitee invitee) =>
        new(@event, WebhookJson.Payload(session, invitee), session.Hosts);

    public static WebhookNotice Of(string @event, EmulatedEventType type) => new(@event, WebhookJson.Payload(type), [.. type.Hosts]);
}
