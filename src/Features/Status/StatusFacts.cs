using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using NodaTime;

namespace CalendlySlices.Features.Status;

/// <summary>Everything that the page tells, out of our own records, as of one instant.</summary>
/// <param name="Connection">Null when not connected.</param>
/// <param name="Zone">The reader's.</param>
internal sealed record StatusFacts(
    CalendlyStatus Status, Connection? Connection, PersonCalls Calls, ClockReading? Clock, LiveUpdates LiveUpdates, DateTimeOffset Now, DateTimeZone Zone)
{
    /// <summary>How the operation ended last, over the present connection; null when it was not tried.</summary>
    public CallOutcome? Outcome(string operation) =>
        Calls.Outcomes.GetValueOrDefault(operation) is { } outcome && outcome.At >= Connection?.ConnectedAt ? outcome : null;

    public DateTimeOffset? SlowedUntil => Status.SlowedForSeconds is { } seconds ? Now.AddSeconds(seconds) : null;
}

/// <summary>Gathers the facts. Asks nothing of Calendly.</summary>
internal sealed class StatusFactsHandler(StatusHandler status, IConnections connections, CallRecords records, ILiveUpdates liveUpdates, TimeProvider clock)
{
    public async Task<StatusFacts> HandleAsync(StatusQuery query, DateTimeZone zone, CancellationToken cancellationToken) => new(
        await status.HandleAsync(query, cancellationToken),
        query.OwnerId is { } ownerId ? await connections.FindAsync(ownerId, cancellationToken) : null,
        query.OwnerId is { } caller ? records.Of(caller) : PersonCalls.None,
        records.Clock,
        query.OwnerId is { } owner ? await liveUpdates.FindAsync(owner, cancellationToken) : new LiveUpdates(LiveUpdateState.NotOn),
        clock.GetUtcNow(),
        zone);
}
