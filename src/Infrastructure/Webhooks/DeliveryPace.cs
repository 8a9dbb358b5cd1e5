using System.Net;
using System.Threading.RateLimiting;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>How many deliveries that are not Calendly's one address may send. Those that are signed cost it nothing, however
/// many come at once; and the address is known for them.</summary>
internal sealed class DeliveryPace(int most, TimeSpan within) : IDisposable
{
    public const int RefusedPerSecond = 100;

    // Addresses share a bucket where they meet by chance; so there are never more of them than this.
    private const int Buckets = 4096;

    private readonly bool[] _hasSigned = new bool[Buckets];

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, int>(address => RateLimitPartition.GetTokenBucketLimiter(
        Bucket(address),
        _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = most,
            TokensPerPeriod = most,
            ReplenishmentPeriod = within,
            AutoReplenishment = true,
            QueueLimit = 0,
        }));

    /// <summary>False while too many were refused; then nothing more is looked at.</summary>
    /// <remarks>Asked for what is left, since a fraction of a permit would do for acquiring none.</remarks>
    public bool Allows(IPAddress? address) => _limiter.GetStatistics(address ?? IPAddress.None) is not { CurrentAvailablePermits: < 1 };

    /// <summary>Counts one that was refused.</summary>
    public void Refused(IPAddress? address) => _limiter.AttemptAcquire(address ?? IPAddress.None).Dispose();

    /// <summary>Remembers that a delivery from there was Calendly's.</summary>
    public void Signed(IPAddress? address) => _hasSigned[Bucket(address ?? IPAddress.None)] = true;

    /// <summary>True when one was since this was asked last: strangers behind the same address cannot make it true again.</summary>
    public bool TakeSigned(IPAddress? address)
    {
        ref var hasSigned = ref _hasSigned[Bucket(address ?? IPAddress.None)];
        return Interlocked.Exchange(ref hasSigned, false);
    }

    private static int Bucket(IPAddress address) => address.GetHashCode() & (Buckets - 1);

    public void Dispose() => _limiter.Dispose();
}
