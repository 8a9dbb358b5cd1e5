using System.Collections.Concurrent;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>How Calendly has been doing lately, as our own calls saw it: since when it fails, and whom it slows down.
/// In memory, and gone with the process: the next call tells anew.</summary>
internal sealed class CalendlyWeather(TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, DateTimeOffset> _slowedUntil = new();
    private long _troubleSince;
    private long _lastSuccessAt;

    /// <summary>Null while calls succeed.</summary>
    public DateTimeOffset? TroubleSince =>
        Interlocked.Read(ref _troubleSince) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Null before the first call that succeeds.</summary>
    public DateTimeOffset? LastSuccessAt =>
        Interlocked.Read(ref _lastSuccessAt) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>How long Calendly still asks this person to wait; null when it does not.</summary>
    public TimeSpan? SlowedFor(long userId) =>
        _slowedUntil.TryGetValue(userId, out var until) && until > clock.GetUtcNow() ? until - clock.GetUtcNow() : null;

    public void Report(long userId, Failure? failure)
    {
        switch (failure?.Code)
        {
            case FailureCode.RateLimited:
                _slowedUntil[userId] = clock.GetUtcNow() + (failure.RetryAfter ?? TimeSpan.FromMinutes(1));
                break;
            case FailureCode.CalendlyUnavailable or FailureCode.CalendlyTimeout or FailureCode.CalendlyBadResponse:
                Interlocked.CompareExchange(ref _troubleSince, clock.GetUtcNow().UtcTicks, 0);
                break;
            case null:
                _slowedUntil.TryRemove(userId, out _);
                Interlocked.Exchange(ref _troubleSince, 0);
                Interlocked.Exchange(ref _lastSuccessAt, clock.GetUtcNow().UtcTicks);
                break;
        }
    }

    public void Clear()
    {
        _slowedUntil.Clear();
        Interlocked.Exchange(ref _troubleSince, 0);
    }
}
