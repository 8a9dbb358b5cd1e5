using CalendlySlices.Infrastructure;

namespace CalendlySlices.Features.Status;

/// <summary>The checks under way, and when each connection was last checked: not more often than every ten seconds, since
/// Calendly counts every call. A singleton.</summary>
internal sealed class StatusChecks(TimeProvider clock)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // After this long nobody fetches the rows of a check any more.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, StatusCheck> _latest = [];

    /// <summary>Fails with <c>RateLimited</c> and the wait while the pause runs; <paramref name="begin"/> is then not called.</summary>
    public Result<StatusCheck> Start(long ownerId, Func<(Task Account, Task List)> begin)
    {
        lock (_lock)
        {
            foreach (var (past, _) in _latest.Where(entry => Age(entry.Value) >= Kept && entry.Value.Whole.IsCompleted).ToList())
            {
                _latest.Remove(past);
            }

            if (_latest.TryGetValue(ownerId, out var last) && (Age(last) < Pause || !last.Whole.IsCompleted))
            {
                var wait = Pause - Age(last);
                return new Failure(FailureCode.RateLimited) { RetryAfter = wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1) };
            }

            var (account, list) = begin();
            return _latest[ownerId] = new StatusCheck(account, list, clock.GetUtcNow(), clock.GetTimestamp());
        }
    }

    /// <summary>The latest check; null when there was none lately.</summary>
    public StatusCheck? Find(long? ownerId)
    {
        lock (_lock)
        {
            return ownerId is { } id ? _latest.GetValueOrDefault(id) : null;
        }
    }

    public bool IsRunning(long? ownerId) => Find(ownerId) is { Whole.IsCompleted: false };

    // A clock that stands still, as mock mode's may, must not keep the pause for good: real time counts too.
    private TimeSpan Age(StatusCheck check)
    {
        var (told, real) = (clock.GetUtcNow() - check.StartedAt, clock.GetElapsedTime(check.Started));
        return told > real ? told : real;
    }
}
