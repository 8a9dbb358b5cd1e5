using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Whose connection a call to Calendly uses. Never the reader of the page by accident: it is always named.</summary>
/// <param name="UserId">The <c>id</c> of the row in the <c>User</c> table.</param>
/// <param name="ReadsOnly">Somebody else looks through this connection: whatever would change something fails with
/// <c>ForbiddenRole</c> before it is sent.</param>
internal sealed record ConnectionOwner(long UserId, bool ReadsOnly = false)
{
    /// <summary>Calls are not tried again when they fail.</summary>
    public bool Once { get; init; }

    /// <summary>An access token that is no connection's any more: it is used as it is, never renewed, and how it fares is not the
    /// person's trouble. Null for the connection's own.</summary>
    public Secret? FormerToken { get; init; }
}

/// <summary>
/// Calendly's API v2, one method per operation, on behalf of one <see cref="ConnectionOwner"/>. Every method can fail
/// with <c>NotConnected</c>, <c>ReconnectRequired</c>, <c>ScopeMissing</c>, <c>CalendlyForbidden</c>,
/// <c>ValidationFailed</c>, <c>NotFound</c>, <c>RateLimited</c>, <c>CalendlyUnavailable</c>, <c>CalendlyTimeout</c> and
/// <c>CalendlyBadResponse</c>; a method says so where it has more. None throws for anything that Calendly can cause.
/// Ids are the last segment of a resource's URI. Source: https://developer.calendly.com/api-docs
/// </summary>
internal interface ICalendlyApi
{
    Task<Result<CalendlyUser>> GetCurrentUserAsync(CancellationToken cancellationToken);

    Task<Result<CalendlyUser>> GetUserAsync(string userId, CancellationToken cancellationToken);

    Task<Result<CalendlyPage<EventType>>> ListEventTypesAsync(EventTypesQuery query, CancellationToken cancellationToken);

    /// <summary>Also gives a deleted event type, with <see cref="EventType.DeletedAt"/> set.</summary>
    Task<Result<EventType>> GetEventTypeAsync(string eventTypeId, CancellationToken cancellationToken);

    /// <summary>Turns a one-on-one event type on or off.</summary>
    Task<Result<EventType>> UpdateEventTypeAsync(string eventTypeId, EventTypeChange change, CancellationToken cancellationToken);

    /// <summary>The starts that can be booked, soonest first. Calendly takes at most <see cref="CalendlyLimits.AvailableTimesRange"/>
    /// at once, and a start strictly in the future.</summary>
    Task<Result<IReadOnlyList<AvailableTime>>> ListAvailableTimesAsync(AvailableTimesQuery query, CancellationToken cancellationToken);

    /// <summary>What keeps a user from being booked, soonest first; at most <see cref="CalendlyLimits.BusyTimesRange"/> at once,
    /// not from the past. Also fails with <c>ExternalCalendarUnavailable</c>.</summary>
    Task<Result<IReadOnlyList<BusyTime>>> ListBusyTimesAsync(BusyTimesQuery query, CancellationToken cancellationToken);

    Task<Result<IReadOnlyList<AvailabilitySchedule>>> ListSchedulesAsync(string userUri, CancellationToken cancellationToken);

    Task<Result<AvailabilitySchedule>> GetScheduleAsync(string scheduleId, CancellationToken cancellationToken);

    /// <summary>Replaces all rules; every event type that uses the schedule follows.</summary>
    Task<Result<AvailabilitySchedule>> UpdateScheduleAsync(string scheduleId, AvailabilityScheduleChange change, CancellationToken cancellationToken);

    /// <summary>The hours of an event type, one entry for each host.</summary>
    Task<Result<IReadOnlyList<EventTypeAvailability>>> ListEventTypeSchedulesAsync(string eventTypeUri, CancellationToken cancellationToken);

    /// <summary>Replaces all rules; from then on the event type has hours of its own.</summary>
    Task<Result<EventTypeAvailability>> UpdateEventTypeScheduleAsync(string eventTypeUri, EventTypeAvailabilityChange change, CancellationToken cancellationToken);

    /// <summary>Makes a link for one booking. Sent once: after an outage nobody knows whether it was made, and an unknown link
    /// harms nobody.</summary>
    Task<Result<SchedulingLink>> CreateSchedulingLinkAsync(string eventTypeUri, CancellationToken cancellationToken);

    Task<Result<CalendlyPage<ScheduledEvent>>> ListScheduledEventsAsync(ScheduledEventsQuery query, CancellationToken cancellationToken);

    Task<Result<ScheduledEvent>> GetScheduledEventAsync(string eventId, CancellationToken cancellationToken);

    Task<Result<CalendlyPage<Invitee>>> ListInviteesAsync(string eventId, InviteesQuery query, CancellationToken cancellationToken);

    Task<Result<Invitee>> GetInviteeAsync(string eventId, string inviteeId, CancellationToken cancellationToken);

    /// <summary>
    /// Books for somebody; Calendly writes to everybody. A start that is taken fails with <c>ValidationFailed</c>, or with
    /// <c>CalendlyBadResponse</c>: which is not documented. Sent at most once: after <c>CalendlyUnavailable</c>,
    /// <c>CalendlyTimeout</c> or <c>CalendlyBadResponse</c> the outcome is unknown, and the caller has to look for the booking.
    /// </summary>
    Task<Result<Invitee>> CreateInviteeAsync(InviteeRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Cancels the whole event; Calendly tells every invitee. Also fails with <c>CancelNotAllowed</c>,
    /// <c>EventInPast</c> and <c>EventAlreadyCanceled</c>. Sent at most once: after <c>CalendlyUnavailable</c>,
    /// <c>CalendlyTimeout</c> or <c>CalendlyBadResponse</c> the outcome is unknown and the caller has to read the event.
    /// </summary>
    Task<Result<Cancellation>> CancelEventAsync(string eventId, string? reason, CancellationToken cancellationToken);

    /// <summary>
    /// Has Calendly tell us. Where it tells this address already, the failure is one of <see cref="CalendlyFailures.IsTaken"/>;
    /// where the plan or the role does not allow it, <c>CalendlyForbidden</c>. Sent at most once: after
    /// <c>CalendlyUnavailable</c>, <c>CalendlyTimeout</c> or <c>CalendlyBadResponse</c> the outcome is unknown, and the caller
    /// has to look into the list before asking again.
    /// </summary>
    Task<Result<WebhookSubscription>> CreateWebhookSubscriptionAsync(WebhookSubscriptionRequest request, CancellationToken cancellationToken);

    Task<Result<CalendlyPage<WebhookSubscription>>> ListWebhookSubscriptionsAsync(WebhookSubscriptionsQuery query, CancellationToken cancellationToken);

    /// <summary>Succeeds with the id also when Calendly knows of no such subscription: gone is gone.</summary>
    Task<Result<string>> DeleteWebhookSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken);
}

/// <param name="UserUri">The full URI of the user whose event types are listed.</param>
/// <param name="Active">Null lists both active and inactive ones.</param>
/// <param name="ScheduleUri">Lists only those that use this named schedule.</param>
internal sealed record EventTypesQuery(
    string UserUri, bool? Active = null, string Sort = "name:asc", int Count = 100, string? PageToken = null, string? ScheduleUri = null);

/// <param name="UserUri">The full URI of the host.</param>
/// <param name="Status"><c>active</c>, <c>canceled</c>, or null for both.</param>
/// <param name="MinStartTime">Inclusive lower bound of the start, a UTC instant.</param>
/// <param name="MaxStartTime">Upper bound of the start, a UTC instant.</param>
/// <param name="Ascending">By start time: soonest first, or latest first.</param>
/// <param name="Count">1 to 100.</param>
internal sealed record ScheduledEventsQuery(
    string UserUri,
    string? Status = null,
    DateTimeOffset? MinStartTime = null,
    DateTimeOffset? MaxStartTime = null,
    bool Ascending = true,
    int Count = 20,
    string? PageToken = null,
    string? InviteeEmail = null);

/// <param name="Status"><c>active</c>, <c>canceled</c>, or null for both.</param>
internal sealed record InviteesQuery(string? Status = null, int Count = 100, string? PageToken = null);

/// <summary>Those of one user; both URIs are needed.</summary>
internal sealed record WebhookSubscriptionsQuery(string OrganizationUri, string UserUri, int Count = 100, string? PageToken = null);

/// <param name="EventTypeUri">The full URI.</param>
/// <param name="StartTime">A UTC instant, in the future when the call arrives.</param>
internal sealed record AvailableTimesQuery(string EventTypeUri, DateTimeOffset StartTime, DateTimeOffset EndTime);

/// <param name="UserUri">The full URI.</param>
/// <param name="StartTime">A UTC instant, not in the past when the call arrives.</param>
internal sealed record BusyTimesQuery(string UserUri, DateTimeOffset StartTime, DateTimeOffset EndTime);

/// <summary>How much Calendly gives at once. Source: https://developer.calendly.com/release-notes/2026/7/9 and
/// https://developer.calendly.com/api-docs/calendly-api/availability/list-user-busy-times</summary>
internal static class CalendlyLimits
{
    public static readonly TimeSpan AvailableTimesRange = TimeSpan.FromDays(31);
    public static readonly TimeSpan BusyTimesRange = TimeSpan.FromDays(7);

    /// <summary>Added to "now" where a start has to lie in the future when Calendly reads it.</summary>
    public static readonly TimeSpan FutureMargin = TimeSpan.FromMinutes(1);
}
