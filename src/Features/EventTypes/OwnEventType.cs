using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.EventTypes;

/// <summary>Finds an event type of the coach's own. Somebody else's is as good as absent, so that ids cannot be probed.</summary>
internal sealed class OwnEventType(EventTypeReads eventTypes, ICalendlyApi calendly, IConnections connections, ReadCache cache)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    /// <summary>From the list, mostly without a call. Fails with <c>ValidationFailed</c> for what cannot be an id, and with
    /// <c>NotFound</c> for a deleted one.</summary>
    public async Task<Result<EventType>> FindAsync(long userId, string id, CancellationToken cancellationToken) =>
        !CalendlyUri.IsWellFormedId(id) ? new Failure(FailureCode.ValidationFailed)
        : !(await eventTypes.ReadAsync(userId, cancellationToken)).Succeeded(out var reading, out var failure) ? failure
        : reading.Value.Find(id) is { } type ? type
        : new Failure(FailureCode.NotFound, EventTypeWords.EventType.NotFound);

    /// <summary>As <see cref="FindAsync"/>, and also a deleted one.</summary>
    public async Task<Result<Reading<EventType>>> ReadAsync(long userId, string id, CancellationToken cancellationToken)
    {
        if (!CalendlyUri.IsWellFormedId(id))
        {
            return new Failure(FailureCode.ValidationFailed);
        }

        if (!(await eventTypes.ReadAsync(userId, cancellationToken)).Succeeded(out var list, out var failure))
        {
            return failure;
        }

        if (list.Value.Find(id) is { } listed)
        {
            return new Reading<EventType>(listed, list.ReadAt, list.Trouble);
        }

        var read = await cache.GetAsync(
            userId, $"event type {id}", FreshFor, StaleFor, cancellation => calendly.GetEventTypeAsync(id, cancellation), cancellationToken);
        var connection = await connections.FindAsync(userId, cancellationToken);
        return read.Succeeded(out var unlisted, out failure) && unlisted.Value.Profile?.Owner == connection?.CalendlyUserUri ? unlisted
            : failure is null or { Code: FailureCode.CalendlyForbidden } ? new Failure(FailureCode.NotFound, EventTypeWords.EventType.NotFound)
            : failure;
    }
}
