using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A bookable kind of session, as set up in Calendly.</summary>
/// <param name="Slug">Null for one-off types.</param>
/// <param name="Duration">Minutes.</param>
/// <param name="Kind"><c>solo</c> or <c>group</c>.</param>
/// <param name="PoolingType"><c>round_robin</c>, <c>collective</c>, <c>multi_pool</c>, or null for one host.</param>
/// <param name="Color"><c>#rrggbb</c> by contract; check before drawing with it.</param>
/// <param name="StartTimeIncrement">Minutes; null for one-off types and in answers recorded before November 2026.</param>
/// <param name="BeforeBuffer">Minutes.</param>
/// <param name="AfterBuffer">Minutes.</param>
internal sealed record EventType(
    [property: JsonRequired] string Uri,
    string? Name,
    [property: JsonRequired] bool Active,
    string? Slug,
    [property: JsonRequired] string SchedulingUrl,
    [property: JsonRequired] decimal Duration,
    IReadOnlyList<int>? DurationOptions,
    [property: JsonRequired] string Kind,
    string? PoolingType,
    [property: JsonRequired] string Type,
    [property: JsonRequired] string Color,
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] DateTimeOffset UpdatedAt,
    string? InternalNote,
    [property: JsonRequired] bool IsPaid,
    string? DescriptionPlain,
    string? DescriptionHtml,
    EventTypeProfile? Profile,
    [property: JsonRequired] bool Secret,
    [property: JsonRequired] string BookingMethod,
    [property: JsonRequired] IReadOnlyList<CustomQuestion> CustomQuestions,
    DateTimeOffset? DeletedAt,
    [property: JsonRequired] bool AdminManaged,
    IReadOnlyList<LocationConfiguration>? Locations,
    [property: JsonRequired] int Position,
    [property: JsonRequired] string Locale,
    int? StartTimeIncrement,
    int? BeforeBuffer,
    int? AfterBuffer) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized()
    {
        CalendlyJson.RefuseNullItems(CustomQuestions);
        CalendlyJson.RefuseNullItems(Locations);
    }
}

/// <param name="Type"><c>User</c> or <c>Team</c>.</param>
internal sealed record EventTypeProfile(string? Type, string? Name, string? Owner);

/// <param name="Type"><c>string</c>, <c>text</c>, <c>phone_number</c>, <c>single_select</c>, <c>multi_select</c>, or a word unknown today.</param>
internal sealed record CustomQuestion(
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Type,
    [property: JsonRequired] int Position,
    [property: JsonRequired] bool Enabled,
    [property: JsonRequired] bool Required,
    IReadOnlyList<string>? AnswerChoices,
    bool? IncludeOther) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(AnswerChoices);
}

/// <summary>A place that an event type offers. Its <see cref="Kind"/> is not spelled as a booked event's
/// <see cref="EventLocation.Type"/>: <c>zoom_conference</c> here is <c>zoom</c> there.</summary>
internal sealed record LocationConfiguration([property: JsonRequired] string Kind, string? Location, string? AdditionalInfo, string? PhoneNumber);
