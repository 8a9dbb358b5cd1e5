using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>The hours in which an event type can be booked. Calendly promises none of its fields.</summary>
/// <param name="EventType">The event type's URI.</param>
/// <param name="AvailabilitySetting"><c>host</c>.</param>
internal sealed record EventTypeAvailability(string? EventType, string? AvailabilitySetting, EventTypeHours? AvailabilityRule);

/// <param name="Timezone">IANA; the rules are local to it.</param>
/// <param name="Uri">The named schedule behind these hours; null when the event type has hours of its own.</param>
/// <param name="User">Whose hours they are.</param>
internal sealed record EventTypeHours(string? Timezone, string? Uri, string? Name, string? User, IReadOnlyList<AvailabilityRule>? Rules)
    : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Rules);
}

/// <summary>Replaces all rules of an event type, which then has hours of its own.</summary>
internal sealed record EventTypeAvailabilityChange(EventTypeHoursChange AvailabilityRule, string AvailabilitySetting = "host");

internal sealed record EventTypeHoursChange(string Timezone, IReadOnlyList<AvailabilityRule> Rules);
