using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

internal sealed record SessionQuery(long UserId, DateTimeZone Zone, string EventId);

/// <summary>One session, for its own page and for its row.</summary>
internal sealed class SessionHandler(
    ICalendlyApi calendly, IConnections connections, ReadCache cache, EventInvitees invitees, EventTypeColors colors, TimeProvider clock)
{
    private static readonly TimeSpan PageFreshFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    /// <summary>Everything about the session. When only the invitees cannot be read, the rest is there all the same.</summary>
    public async Task<Result<SessionDetail>> HandleAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out var failure))
        {
            return failure;
        }

        var reading = cache.GetAsync(
            query.UserId, $"/scheduled_events/{query.EventId}", PageFreshFor, StaleFor,
            cancellation => calendly.GetScheduledEventAsync(query.EventId, cancellation), cancellationToken);
        var booked = invitees.ReadAsync(query.UserId, query.EventId, PageFreshFor, cancellationToken);
        var known = await colors.ReadAsync(query.UserId, cancellationToken);
        await Task.WhenAll(reading, booked);
        if (!(await reading).Succeeded(out var session, out failure))
        {
            return failure;
        }

        return IsHostedBy(session.Value, connection)
            ? SessionDetail.Of(session, await booked, connection, EventTypeColors.Of(known, session.Value.EventType), clock.GetUtcNow(), query.Zone)
            : new Failure(FailureCode.NotFound);
    }

    /// <summary>The row, read from Calendly this moment: it is asked for when its state may just have changed.</summary>
    public async Task<Result<SessionRows>> ReadRowAsync(SessionQuery query, int check, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out var failure))
        {
            return failure;
        }

        var booked = invitees.ReadAsync(query.UserId, query.EventId, EventInvitees.NamesFreshFor, cancellationToken);
        var known = await colors.ReadAsync(query.UserId, cancellationToken);
        var read = await calendly.GetScheduledEventAsync(query.EventId, cancellationToken);
        var people = (await booked).Succeeded(out var names, out _) ? SessionPeople.Of(names.Value.Collection) : null;
        if (!read.Succeeded(out var session, out failure))
        {
            return failure;
        }

        if (!IsHostedBy(session, connection))
        {
            return new Failure(FailureCode.NotFound);
        }

        var context = new RowContext(clock.GetUtcNow(), query.Zone, connection.Profile?.Name);
        var row = SessionRow.Of(session, EventTypeColors.Of(known, session.EventType), context, people);
        return new SessionRows([], row, NoCancel.Of(connection, null, TimeSpan.Zero), session.IsCanceled || !row.CanCancel ? 0 : check, SessionWords.Changed(row, session.StartTime.In(query.Zone)));
    }

    // An administrator's token reads every session of the organization. Here a session that is not one's own does not
    // exist, so that ids cannot be probed.
    private static bool IsHostedBy(ScheduledEvent session, Connection connection) =>
        session.EventMemberships.Any(membership => membership.User == connection.CalendlyUserUri);
}
