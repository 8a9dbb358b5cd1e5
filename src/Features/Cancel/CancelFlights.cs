using System.Collections.Concurrent;
using CalendlySlices.Infrastructure;

namespace CalendlySlices.Features.Cancel;

/// <summary>
/// One cancellation of one session at a time in this process: a double click, or a second tab, waits for the first and
/// gets its answer, so that Calendly is asked once. A singleton.
/// </summary>
internal sealed class CancelFlights
{
    private readonly ConcurrentDictionary<(long UserId, string EventId), Lazy<Task<Result<CancelOutcome>>>> _flights = [];

    /// <summary>Runs <paramref name="cancelAsync"/>, or joins the run that is under way. The run goes on when a caller
    /// leaves: what has been sent must be settled.</summary>
    public async Task<Result<CancelOutcome>> JoinAsync(
        long userId, string eventId, Func<Task<Result<CancelOutcome>>> cancelAsync, CancellationToken cancellationToken)
    {
        var key = (userId, eventId);
        var mine = new Lazy<Task<Result<CancelOutcome>>>(() => RunAsync(key, cancelAsync));
        return await _flights.GetOrAdd(key, mine).Value.WaitAsync(cancellationToken);
    }

    private async Task<Result<CancelOutcome>> RunAsync((long UserId, string EventId) key, Func<Task<Result<CancelOutcome>>> cancelAsync)
    {
        // Without this, a run that ends at once would remove itself before it is there to be joined.
        await Task.Yield();
        try
        {
            return await cancelAsync();
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
