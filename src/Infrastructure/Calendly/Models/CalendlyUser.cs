using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <param name="Timezone">An IANA zone.</param>
/// <param name="TimeNotation"><c>12h</c> or <c>24h</c>; absent means <c>12h</c>.</param>
internal sealed record CalendlyUser(
    [property: JsonRequired] string Uri,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Slug,
    [property: JsonRequired] string Email,
    [property: JsonRequired] string SchedulingUrl,
    [property: JsonRequired] string Timezone,
    string? TimeNotation,
    string? AvatarUrl,
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] DateTimeOffset UpdatedAt,
    [property: JsonRequired] string CurrentOrganization,
    string? ResourceType,
    string? Locale);
