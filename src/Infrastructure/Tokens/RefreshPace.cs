using System.Threading.RateLimiting;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Not more than eight refreshes at a time and twenty a second in this process, however many tokens seem to end
/// at once because somebody has set a clock.</summary>
internal sealed class RefreshPace : IDisposable
{
    private readonly ConcurrencyLimiter _atOnce = new(new() { PermitLimit = 8, QueueLimit = int.MaxValue });

    private readonly TokenBucketRateLimiter _perSecond = new(new()
    {
        TokenLimit = 20,
        TokensPerPeriod = 2,
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = int.MaxValue,
    });

    /// <summary>Wait for it before the lease is taken; dispose of it when the answer is stored.</summary>
    public async Task<IDisposable> EnterAsync()
    {
        var permit = await _atOnce.AcquireAsync();
        await _perSecond.AcquireAsync();
        return permit;
    }

    public void Dispose()
    {
        _atOnce.Dispose();
        _perSecond.Dispose();
    }
}
