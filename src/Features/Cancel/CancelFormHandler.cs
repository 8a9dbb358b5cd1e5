using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Cancel;

/// <param name="Invitees">Null when they cannot be read; the form then says less, but works.</param>
internal sealed record CancelSubject(Connection Connection, ScheduledEvent Session, IReadOnlyList<Invitee>? Invitees);

/// <summary>Reads what the form says about a session; one that the person does not host is not found. Kept answers will do:
/// the cancellation itself looks anew.</summary>
internal sealed class CancelFormHandler(ICalendlyApi calendly, IConnections connections, ReadCache cache)
{
    private static readonly TimeSpan SessionFreshFor = TimeSpan.FromSeconds(15);

    // Also how old a form may be while Calendly is down.
    private static readonly TimeSpan SessionStaleFor = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan NamesFreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NamesStaleFor = TimeSpan.FromHours(24);

    public async Task<Result<CancelSubject>> HandleAsync(long userId, string eventId, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(userId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out var failure))
        {
            return failure;
        }

        // Keys are the paths of what was read, so that whoever has read the same is not asked again.
        var reading = cache.GetAsync(
            userId, $"/scheduled_events/{eventId}", SessionFreshFor, SessionStaleFor,
            cancellation => calendly.GetScheduledEventAsync(eventId, cancellation), cancellationToken);
        var booked = await cache.GetAsync(
            userId, $"/scheduled_events/{eventId}/invitees", NamesFreshFor, NamesStaleFor,
            cancellation => calendly.ListInviteesAsync(eventId, new InviteesQuery(), cancellation), cancellationToken);
        if (!(await reading).Succeeded(out var session, out failure))
        {
            return failure.Code == FailureCode.NotFound ? failure with { Message = CancelHandler.NotFound } : failure;
        }

        return !CancelHandler.IsHostedBy(session.Value, connection)
            ? new Failure(FailureCode.NotFound, CancelHandler.NotFound)
            : new CancelSubject(connection, session.Value, booked.Succeeded(out var invitees, out _) ? invitees.Value.Collection : null);
    }
}
