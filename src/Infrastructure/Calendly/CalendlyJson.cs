using System.Text.Json;
using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// Reads and writes Calendly's JSON. A null where the model has none, or a missing required field, is a
/// <see cref="JsonException"/>; fields that the models do not know are passed over.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(CalendlyResource<CalendlyUser>), TypeInfoPropertyName = "OneUser")]
[JsonSerializable(typeof(CalendlyResource<ScheduledEvent>), TypeInfoPropertyName = "OneScheduledEvent")]
[JsonSerializable(typeof(CalendlyResource<Cancellation>), TypeInfoPropertyName = "OneCancellation")]
[JsonSerializable(typeof(CalendlyResource<EventType>), TypeInfoPropertyName = "OneEventType")]
[JsonSerializable(typeof(CalendlyResource<AvailabilitySchedule>), TypeInfoPropertyName = "OneSchedule")]
[JsonSerializable(typeof(CalendlyResource<EventTypeAvailability>), TypeInfoPropertyName = "OneEventTypeAvailability")]
[JsonSerializable(typeof(CalendlyResource<SchedulingLink>), TypeInfoPropertyName = "OneSchedulingLink")]
[JsonSerializable(typeof(CalendlyResource<Invitee>), TypeInfoPropertyName = "OneInvitee")]
[JsonSerializable(typeof(CalendlyResource<WebhookSubscription>), TypeInfoPropertyName = "OneWebhookSubscription")]
[JsonSerializable(typeof(CalendlyCollection<AvailableTime>), TypeInfoPropertyName = "AvailableTimes")]
[JsonSerializable(typeof(CalendlyCollection<BusyTime>), TypeInfoPropertyName = "BusyTimes")]
[JsonSerializable(typeof(CalendlyCollection<AvailabilitySchedule>), TypeInfoPropertyName = "Schedules")]
[JsonSerializable(typeof(CalendlyCollection<EventTypeAvailability>), TypeInfoPropertyName = "EventTypeAvailabilities")]
[JsonSerializable(typeof(CalendlyPage<EventType>), TypeInfoPropertyName = "EventTypes")]
[JsonSerializable(typeof(CalendlyPage<ScheduledEvent>), TypeInfoPropertyName = "ScheduledEvents")]
[JsonSerializable(typeof(CalendlyPage<Invitee>), TypeInfoPropertyName = "Invitees")]
[JsonSerializable(typeof(CalendlyPage<WebhookSubscription>), TypeInfoPropertyName = "WebhookSubscriptions")]
[JsonSerializable(typeof(CalendlyPage<JsonElement>), TypeInfoPropertyName = "UnreadItems")]
[JsonSerializable(typeof(CancellationRequest))]
[JsonSerializable(typeof(EventTypeChange))]
[JsonSerializable(typeof(AvailabilityScheduleChange))]
[JsonSerializable(typeof(EventTypeAvailabilityChange))]
[JsonSerializable(typeof(SchedulingLinkRequest))]
[JsonSerializable(typeof(InviteeRequest))]
[JsonSerializable(typeof(WebhookSubscriptionRequest))]
[JsonSerializable(typeof(CalendlyError))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(Introspection))]
internal sealed partial class CalendlyJson : JsonSerializerContext
{
    public const int MaxDepth = 32;

    /// <summary>For <see cref="IJsonOnDeserialized"/>: annotations on a type argument do not reach the serializer, so that
    /// a null would slip through as an item of a list.</summary>
    public static void RefuseNullItems<T>(IReadOnlyList<T>? items)
    {
        if (items?.Any(item => item is null) == true)
        {
            throw new JsonException("A list holds null.");
        }
    }
}
