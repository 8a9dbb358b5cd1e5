using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A stretch in which a user cannot be booked. Times are UTC instants.</summary>
/// <param name="Type"><c>calendly</c>, <c>reserved</c>, <c>external</c> (from a connected calendar, never with a title), or a
/// word unknown today.</param>
/// <param name="BufferedStartTime">With the event type's buffers; null without.</param>
/// <param name="Event">The scheduled event behind it; only for <c>calendly</c>.</param>
internal sealed record BusyTime(
    [property: JsonRequired] string Type,
    [property: JsonRequired] DateTimeOffset StartTime,
    [property: JsonRequired] DateTimeOffset EndTime,
    DateTimeOffset? BufferedStartTime,
    DateTimeOffset? BufferedEndTime,
    BusyTimeEvent? Event);

internal sealed record BusyTimeEvent(string? Uri);
