using System.Collections.Concurrent;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// Keeps a fault at Calendly from signing everybody out. When, within five minutes, more connections are called dead than
/// is believable, their states are left as they are, and an operator is told.
/// </summary>
internal sealed class MassGuard(TokenEvents events, TimeProvider clock, ILogger<MassGuard> log)
{
    private const int AlwaysBelievable = 10;
    private const double BelievableShare = 0.20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InUse = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _used = new();
    private long _toldAt = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>This connection is one that people use.</summary>
    public void Saw(long userId) => _used[userId] = clock.GetUtcNow();

    /// <summary>Calendly has called this connection dead. False when so many are that none should be believed.</summary>
    public async Task<bool> BelievesAsync(long userId, long version)
    {
        await events.AddAsync(TokenEventKind.Refused, userId, version);
        return !await IsTrippedAsync();
    }

    /// <summary>True while too many connections are being called dead: the condition <c>auth_incident</c>.</summary>
    public async Task<bool> IsTrippedAsync()
    {
        var refused = await events.CountAsync(TokenEventKind.Refused, Window);
        if (refused <= Math.Max(AlwaysBelievable, BelievableShare * InUseNow()))
        {
            return false;
        }

        var now = clock.GetUtcNow().UtcTicks;
        var told = Interlocked.Read(ref _toldAt);
        if (now - told >= Window.Ticks && Interlocked.CompareExchange(ref _toldAt, now, told) == told)
        {
            log.LogCritical("Calendly calls {Count} connections dead within {Minutes} minutes. That is an incident of Calendly's or of our registration there: no state is changed", refused, Window.TotalMinutes);
        }

        return true;
    }

    private int InUseNow()
    {
        var since = clock.GetUtcNow() - InUse;
        foreach (var (userId, at) in _used)
        {
            if (at < since)
            {
                _used.TryRemove(KeyValuePair.Create(userId, at));
            }
        }

        return _used.Count;
    }
}
