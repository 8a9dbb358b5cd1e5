using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace CalendlySlices.Features.SignIn;

/// <summary>Ten tries at a password a minute for one address, so that none is found by trying.</summary>
internal sealed class PasswordTries : IDisposable
{
    private const int PerMinute = 10;

    // One household has 2^64 addresses of the newer kind.
    private const int NetworkBytes = 8;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(network =>
        RateLimitPartition.GetSlidingWindowLimiter(network, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        }));

    public bool TryTake(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(Network(address));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static string Network(IPAddress? address) => address switch
    {
        null => string.Empty,
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => address.MapToIPv4().ToString(),
    };
}
