using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// The provider's public keys by name. They are read again after an hour, and at once for a name that is new, but never
/// twice within half a minute, so that made-up names cost the provider nothing. When they cannot be read, the last ones
/// serve for a day.
/// </summary>
internal sealed class SigningKeys(TokenProvider provider, IHttpClientFactory clients, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    private const int SmallestRsaKey = 2048;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Keys? _last;
    private long? _triedAt;

    /// <summary>Null for a name that the provider does not have, as far as we know.</summary>
    public async Task<JsonWebKey?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var known = Known(name);
        if (known is not null && Age(_last!) < Fresh)
        {
            return known;
        }

        // Who has a key need not wait for somebody else's reading of newer ones.
        if (!await _one.WaitAsync(known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken))
        {
            return known;
        }

        try
        {
            if (!(Known(name) is not null && Age(_last!) < Fresh) && (_triedAt is not { } before || clock.GetElapsedTime(before) >= Pause))
            {
                _triedAt = clock.GetTimestamp();
                _last = await ReadAsync() ?? _last;
            }
        }
        finally
        {
            _one.Release();
        }

        return Known(name);
    }

    public void Dispose() => _one.Dispose();

    private JsonWebKey? Known(string name) => _last is { } last && Age(last) < Kept ? last.ByName.GetValueOrDefault(name) : null;

    private TimeSpan Age(Keys keys) => clock.GetElapsedTime(keys.ReadAt);

    // Under its own deadline, not the request's: others wait for the same answer.
    private async Task<Keys?> ReadAsync()
    {
        try
        {
            using var http = clients.CreateClient(SignInWire.ClientName);
            using var answer = await http.GetAsync(provider.KeysAddress, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            var set = new JsonWebKeySet(await answer.Content.ReadAsStringAsync(CancellationToken.None));
            var keys = set.Keys.Where(IsForSignatures).DistinctBy(key => key.Kid, StringComparer.Ordinal).ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
            if (keys.Count > 0)
            {
                return new Keys(keys, clock.GetTimestamp());
            }

            log.LogWarning("{Address} holds no key that session tokens could be checked with.", provider.KeysAddress);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or JsonException or ArgumentException)
        {
            log.LogWarning("The keys at {Address} could not be read: {Trouble}.", provider.KeysAddress, trouble.GetType().Name);
        }

        return null;
    }

    private static bool IsForSignatures(JsonWebKey key) =>
        !string.IsNullOrEmpty(key.Kid)
        && (string.IsNullOrEmpty(key.Use) || key.Use == JsonWebKeyUseNames.Sig)
        && ((key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= SmallestRsaKey) || key is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256 });

    private sealed record Keys(FrozenDictionary<string, JsonWebKey> ByName, long ReadAt);
}
