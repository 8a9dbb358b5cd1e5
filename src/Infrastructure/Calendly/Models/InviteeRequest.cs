using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A booking for somebody, without Calendly's own form. Source:
/// https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-event-invitee</summary>
/// <param name="EventType">The full URI.</param>
/// <param name="StartTime">A UTC instant that Calendly offers now, such as <c>2027-01-12T14:00:00Z</c>.</param>
/// <param name="Location">Null for a type that has none, or whose host is chosen by Calendly.</param>
/// <param name="QuestionsAndAnswers">The questions letter by letter as the event type has them.</param>
/// <param name="EventGuests">At most <see cref="MostGuests"/> addresses.</param>
internal sealed record InviteeRequest(
    string EventType,
    string StartTime,
    InviteePerson Invitee,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] InviteeLocation? Location,
    IReadOnlyList<QuestionAndAnswer> QuestionsAndAnswers,
    Tracking Tracking,
    IReadOnlyList<string> EventGuests)
{
    public const int MostGuests = 10;
}

/// <param name="Timezone">IANA.</param>
internal sealed record InviteePerson(string Name, string Email, string Timezone);

/// <param name="Kind">One that the event type offers.</param>
/// <param name="Location">Needed for <c>physical</c>, <c>outbound_call</c>, <c>ask_invitee</c> and <c>custom</c>.</param>
internal sealed record InviteeLocation(
    string Kind, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Location);
