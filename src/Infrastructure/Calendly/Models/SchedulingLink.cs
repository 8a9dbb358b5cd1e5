using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A link for one booking. Calendly lets an unused one expire after 90 days and tells nobody when it is used.</summary>
/// <param name="Owner">The event type's URI.</param>
internal sealed record SchedulingLink([property: JsonRequired] string BookingUrl, [property: JsonRequired] string Owner, string? OwnerType);

internal sealed record SchedulingLinkRequest(string Owner, int MaxEventCount = 1, string OwnerType = "EventType");
