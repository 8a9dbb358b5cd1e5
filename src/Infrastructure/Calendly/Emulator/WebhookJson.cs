using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Calendly's JSON of subscriptions and of what is delivered to them. Source:
/// https://developer.calendly.com/api-docs/calendly-api/webhooks/get-sample-webhook-data</summary>
internal static class WebhookJson
{
    /// <summary>Never with the signing key.</summary>
    public static byte[] Subscription(EmulatedSubscription subscription) => EmulatorJson.Write(json =>
    {
        json.WriteString("uri", subscription.Uri);
        json.WriteString("callback_url", subscription.Request.Address.OriginalString);
        json.WriteString("created_at", EmulatorJson.Time(subscription.CreatedAt));
        json.WriteString("updated_at", EmulatorJson.Time(subscription.UpdatedAt));
        json.WriteString("retry_started_at", subscription.RetryStartedAt is { } since ? EmulatorJson.Time(since) : null);
        json.WriteString("state", subscription.IsDisabled ? "disabled" : "active");
        json.WriteStartArray("events");
        foreach (var name in subscription.Request.Events)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteString("scope", subscription.Request.Scope);
        json.WriteString("organization", subscription.Creator.OrganizationUri);
        json.WriteString("user", subscription.IsOfUser ? subscription.Creator.Uri : null);
        json.WriteNull("group");
        json.WriteString("creator", subscription.Creator.Uri);
    });

    /// <summary>The body of a delivery.</summary>
    public static byte[] Envelope(WebhookNotice notice, DateTimeOffset createdAt, EmulatedAccount creator) => EmulatorJson.Write(json =>
    {
        json.WriteString("event", notice.Event);
        json.WriteString("created_at", EmulatorJson.Time(createdAt));
        json.WriteString("created_by", creator.Uri);
        json.WritePropertyName("payload");
        json.WriteRawValue(notice.Payload, skipInputValidation: true);
    });

    /// <summary>The invitee with its event inside, in which the calendar entry and the buffers are left out.</summary>
    public static byte[] Payload(EmulatedEvent session, EmulatedInvitee invitee) => EmulatorJson.Write(json =>
    {
        EmulatorJson.WriteInvitee(json, invitee);
        json.WriteStartObject("scheduled_event");
        EmulatorJson.WriteEvent(json, session, isWhole: false);
        json.WriteEndObject();
    });

    /// <summary>The event type without its description in HTML.</summary>
    public static byte[] Payload(EmulatedEventType type)
    {
        using var whole = JsonDocument.Parse(type.Json);
        return EmulatorJson.Write(json =>
        {
            foreach (var field in whole.RootElement.EnumerateObject().Where(field => field.Name != "description_html"))
            {
                field.WriteTo(json);
            }
        });
    }
}
