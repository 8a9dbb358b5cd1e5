using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A user's named hours.</summary>
/// <param name="Uri">Its path is not dependable; only the last segment is.</param>
/// <param name="Default">True for exactly one schedule of a user.</param>
/// <param name="Timezone">IANA; the rules are local to it.</param>
internal sealed record AvailabilitySchedule(
    [property: JsonRequired] string Uri,
    [property: JsonRequired] bool Default,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string User,
    [property: JsonRequired] string Timezone,
    [property: JsonRequired] IReadOnlyList<AvailabilityRule> Rules) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Rules);
}

/// <summary>The hours of one weekday, or of one date, which then counts instead of its weekday.</summary>
/// <param name="Type"><c>wday</c> or <c>date</c>.</param>
/// <param name="Wday"><c>sunday</c> to <c>saturday</c>; null for a date.</param>
/// <param name="Date"><c>YYYY-MM-DD</c>; null for a weekday.</param>
/// <param name="Intervals">Empty: unavailable on that day.</param>
internal sealed record AvailabilityRule(
    [property: JsonRequired] string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Wday,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Date,
    [property: JsonRequired] IReadOnlyList<AvailabilityInterval> Intervals) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Intervals);
}

/// <summary>Wall-clock times as <c>hh:mm</c>, 24 hours, in the schedule's zone; <paramref name="To"/> may be <c>24:00</c>.</summary>
internal sealed record AvailabilityInterval([property: JsonRequired] string From, [property: JsonRequired] string To);

/// <summary>Replaces all rules of a named schedule.</summary>
internal sealed record AvailabilityScheduleChange(IReadOnlyList<AvailabilityRule> Rules);
