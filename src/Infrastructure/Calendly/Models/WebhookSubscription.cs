using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>That Calendly tells somebody at an address. There is no way to change one; it is deleted and made anew.</summary>
/// <param name="RetryStartedAt">Since when deliveries fail; after a day of it Calendly sets the state to <c>disabled</c>.</param>
/// <param name="State"><c>active</c> or <c>disabled</c>; the latter is never revived.</param>
internal sealed record WebhookSubscription(
    [property: JsonRequired] string Uri,
    [property: JsonRequired] string CallbackUrl,
    DateTimeOffset? RetryStartedAt,
    [property: JsonRequired] string State,
    [property: JsonRequired] IReadOnlyList<string> Events,
    string? User) : IJsonOnDeserialized
{
    [JsonIgnore]
    public string Id => CalendlyUri.LastSegment(Uri);

    [JsonIgnore]
    public bool IsActive => State == "active";

    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Events);
}

/// <param name="Url">Where Calendly is to tell us; https.</param>
/// <param name="Organization">Always needed, with the scope <c>user</c> too.
/// Source: https://developer.calendly.com/api-docs/calendly-api/webhooks/create-webhook-subscription</param>
internal sealed record WebhookSubscriptionRequest(string Url, IReadOnlyList<string> Events, string Organization, string User, string Scope = "user");
