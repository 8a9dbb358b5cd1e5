using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Whose connection a call to Calendly uses. Never the reader of the page by accident: it is always named.</summary>
/// <param name="UserId">The <c>id</c> of the row in the <c>User</c> table.</param>
internal sealed record ConnectionOwner(long UserId);

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

    Task<Result<CalendlyPage<ScheduledEvent>>> ListScheduledEventsAsync(ScheduledEventsQuery query, CancellationToken cancellationToken);

    Task<Result<ScheduledEvent>> GetScheduledEventAsync(string eventId, CancellationToken cancellationToken);

    Task<Result<CalendlyPage<Invitee>>> ListInviteesAsync(string eventId, InviteesQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Cancels the whole event; Calendly tells every invitee. Also fails with <c>CancelNotAllowed</c>,
    /// <c>EventInPast</c> and <c>EventAlreadyCanceled</c>. Sent at most once: after <c>CalendlyUnavailable</c>,
    /// <c>CalendlyTimeout</c> or <c>CalendlyBadResponse</c> the outcome is unknown and the caller has to read the event.
    /// </summary>
    Task<Result<Cancellation>> CancelEventAsync(string eventId, string? reason, CancellationToken cancellationToken);
}

/// <param name="UserUri">The full URI of the user whose event types are listed.</param>
/// <param name="Active">Null lists both active and inactive ones.</param>
internal sealed record EventTypesQuery(string UserUri, bool? Active = null, string Sort = "name:asc", int Count = 100, string? PageToken = null);

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
