using System.Text.Json;
using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A booked event; the pages call it a session.</summary>
/// <param name="Name">The event type's name at booking.</param>
/// <param name="Status"><c>active</c> or <c>canceled</c>; other words are kept as they come.</param>
/// <param name="EventType">URI; may point to a deleted event type.</param>
/// <param name="Cancellation">Only on a canceled event.</param>
internal sealed record ScheduledEvent(
    [property: JsonRequired] string Uri,
    string? Name,
    string? MeetingNotesPlain,
    string? MeetingNotesHtml,
    [property: JsonRequired] string Status,
    [property: JsonRequired] DateTimeOffset StartTime,
    [property: JsonRequired] DateTimeOffset EndTime,
    [property: JsonRequired] string EventType,
    EventLocation? Location,
    [property: JsonRequired] InviteesCounter InviteesCounter,
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] DateTimeOffset UpdatedAt,
    [property: JsonRequired] IReadOnlyList<EventMembership> EventMemberships,
    [property: JsonRequired] IReadOnlyList<EventGuest> EventGuests,
    CalendarEvent? CalendarEvent,
    Cancellation? Cancellation) : IJsonOnDeserialized
{
    /// <summary>The last segment of <see cref="Uri"/>; the form that addresses and path parameters take.</summary>
    [JsonIgnore]
    public string Id => CalendlyUri.LastSegment(Uri);

    [JsonIgnore]
    public bool IsCanceled => Status == "canceled";

    void IJsonOnDeserialized.OnDeserialized()
    {
        CalendlyJson.RefuseNullItems(EventMemberships);
        CalendlyJson.RefuseNullItems(EventGuests);
    }
}

/// <param name="Total">With the canceled ones.</param>
/// <param name="Limit">Seats of the event.</param>
internal sealed record InviteesCounter(
    [property: JsonRequired] int Total,
    [property: JsonRequired] int Active,
    [property: JsonRequired] int Limit);

/// <summary>One host of an event.</summary>
internal sealed record EventMembership(
    [property: JsonRequired] string User,
    string? UserEmail,
    string? UserName,
    DateTimeOffset? BufferedStartTime,
    DateTimeOffset? BufferedEndTime);

internal sealed record EventGuest(
    [property: JsonRequired] string Email,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt);

internal sealed record CalendarEvent(string? Kind, string? ExternalId);

/// <param name="CanceledBy">A display name, not a URI.</param>
/// <param name="CancelerType"><c>host</c> or <c>invitee</c>.</param>
internal sealed record Cancellation(
    [property: JsonRequired] string CanceledBy,
    string? Reason,
    [property: JsonRequired] string CancelerType,
    DateTimeOffset? CreatedAt);

/// <summary>
/// Where a booked event takes place. One shape for every kind, so that a kind Calendly adds tomorrow is still read:
/// its type tells which of the other fields mean something.
/// </summary>
/// <param name="Type"><c>physical</c>, <c>ask_invitee</c>, <c>custom</c>, <c>inbound_call</c>, <c>outbound_call</c>,
/// <c>google_conference</c>, <c>zoom</c>, <c>gotomeeting</c>, <c>microsoft_teams_conference</c>,
/// <c>webex_conference</c>, or a word unknown today.</param>
/// <param name="Location">An address, a text, or a phone number.</param>
/// <param name="Status">Of a conference: <c>initiated</c>, <c>processing</c>, <c>pushed</c>, <c>failed</c> or null.</param>
/// <param name="JoinUrl">Set only when a conference is <c>pushed</c>. Untrusted: link to it only when it is https.</param>
/// <param name="Data">Dial-in details; their shape differs by <paramref name="Type"/>.</param>
internal sealed record EventLocation(
    [property: JsonRequired] string Type,
    string? Location,
    string? AdditionalInfo,
    string? Status,
    string? JoinUrl,
    JsonElement? Data);
