using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What a delivery says it is about: a hint where to look, never the truth. Source:
/// https://developer.calendly.com/api-docs/calendly-api/webhooks/get-sample-webhook-data</summary>
/// <param name="CreatedBy">The URI of the Calendly user whose subscription this is.</param>
/// <param name="SessionId">Of an invitee's session, with <paramref name="InviteeId"/>.</param>
internal sealed record WebhookEnvelope(string Event, string CreatedBy, string? SessionId, string? InviteeId, string? EventTypeId)
{
    /// <summary>Its host has taken back that somebody did not come.</summary>
    public const string NoShowDeleted = "invitee_no_show.deleted";

    private static readonly string[] OfInvitees = ["invitee.created", "invitee.canceled", "invitee_no_show.created", NoShowDeleted];
    private static readonly string[] OfEventTypes = ["event_type.created", "event_type.updated", "event_type.deleted"];

    public bool IsOfInvitee => OfInvitees.Contains(Event);

    public bool IsOfEventType => OfEventTypes.Contains(Event);

    /// <summary>The event where we know it, for counting; nobody else's words.</summary>
    public string KnownEvent => IsOfInvitee || IsOfEventType ? Event : "other";

    /// <summary>Null for what is no JSON of this shape.</summary>
    public static WebhookEnvelope? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = CalendlyJson.MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "event") is not { } name || Text(root, "created_by") is not { } createdBy
                || !root.TryGetProperty("payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var uri = Text(payload, "uri");
            var isInvitee = CalendlyUri.TryGetInvitee(uri, out var sessionId, out var inviteeId);
            return new WebhookEnvelope(
                name, createdBy, isInvitee ? sessionId : null, isInvitee ? inviteeId : null, CalendlyUri.TryGetId(uri, "event_types", out var eventTypeId) ? eventTypeId : null);
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            // The second for text that is no Unicode.
            return null;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
