using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A person booked on an event. <see cref="CancelUrl"/> and <see cref="RescheduleUrl"/> are secrets of that person.</summary>
/// <param name="Timezone">An IANA zone, or null.</param>
/// <param name="Rescheduled">True on the old invitee of a move.</param>
internal sealed record Invitee(
    [property: JsonRequired] string Uri,
    [property: JsonRequired] string Email,
    string? FirstName,
    string? LastName,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Status,
    [property: JsonRequired] IReadOnlyList<QuestionAndAnswer> QuestionsAndAnswers,
    string? Timezone,
    [property: JsonRequired] string Event,
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] DateTimeOffset UpdatedAt,
    [property: JsonRequired] Tracking Tracking,
    string? TextReminderNumber,
    [property: JsonRequired] bool Rescheduled,
    string? OldInvitee,
    string? NewInvitee,
    [property: JsonRequired] string CancelUrl,
    [property: JsonRequired] string RescheduleUrl,
    string? RoutingFormSubmission,
    Cancellation? Cancellation,
    Payment? Payment,
    NoShow? NoShow,
    Reconfirmation? Reconfirmation,
    string? SchedulingMethod,
    string? InviteeScheduledBy) : IJsonOnDeserialized
{
    [JsonIgnore]
    public bool IsActive => Status == "active";

    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(QuestionsAndAnswers);
}

internal sealed record QuestionAndAnswer([property: JsonRequired] string Question, [property: JsonRequired] string Answer, int? Position);

internal sealed record Tracking(
    string? UtmCampaign,
    string? UtmSource,
    string? UtmMedium,
    string? UtmContent,
    string? UtmTerm,
    string? SalesforceUuid);

/// <param name="Amount">Calendly has sent both a number and a string; both are read.</param>
internal sealed record Payment(
    string? ExternalId,
    string? Provider,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal? Amount,
    string? Currency,
    string? Terms,
    bool? Successful);

internal sealed record NoShow([property: JsonRequired] string Uri, DateTimeOffset? CreatedAt);

internal sealed record Reconfirmation(DateTimeOffset? CreatedAt, DateTimeOffset? ConfirmedAt);
