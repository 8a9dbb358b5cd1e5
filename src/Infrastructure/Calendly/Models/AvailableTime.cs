using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A start that could be booked when Calendly was asked; nothing is held. It ends after the event type's
/// duration, which Calendly does not repeat here.</summary>
/// <param name="Status"><c>available</c>.</param>
/// <param name="InviteesRemaining">Seats left: more than 1 for group types.</param>
/// <param name="StartTime">A UTC instant.</param>
/// <param name="SchedulingUrl">Calendly's page for just this start.</param>
internal sealed record AvailableTime(
    [property: JsonRequired] string Status,
    [property: JsonRequired] decimal InviteesRemaining,
    [property: JsonRequired] DateTimeOffset StartTime,
    [property: JsonRequired] string SchedulingUrl);
