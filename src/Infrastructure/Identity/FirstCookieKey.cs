using CalendlySlices.Infrastructure.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>Makes the key for cookies and states when there is none. Left to itself, each of several instances that start
/// together makes its own, and they refuse each other's cookies until they have noticed. The framework goes by the machine's
/// clock, whatever time testers have set, and so does this.</summary>
internal sealed class FirstCookieKey(IKeyManager keys, JobLeases leases)
{
    private const string Job = "first-cookie-key";

    // The framework's own life for a key.
    private static readonly TimeSpan KeyLife = TimeSpan.FromDays(90);

    private static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(50);

    public async Task EnsureAsync()
    {
        while (!Exists())
        {
            if (!await leases.TryTakeAsync(Job, LeaseLife, CancellationToken.None))
            {
                await Task.Delay(Nap, TimeProvider.System);
                continue;
            }

            if (!Exists())
            {
                var now = TimeProvider.System.GetUtcNow();
                keys.CreateNewKey(now, now + KeyLife);
            }

            await leases.ReleaseAsync(Job);
        }
    }

    private bool Exists()
    {
        var now = TimeProvider.System.GetUtcNow();
        return keys.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && now < key.ExpirationDate);
    }
}
