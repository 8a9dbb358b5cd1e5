using System.Security.Cryptography;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>The keys that envelopes are sealed with: the first one writes, all of them read.</summary>
internal sealed class TokenKeys
{
    public const int KeyBytes = 32;

    /// <summary>Published on purpose and the same everywhere, so that mock data is never mistaken for something worth
    /// protecting. Real mode refuses it.</summary>
    public static readonly TokenKeys Mock = new([("mock", SHA256.HashData("calendly-slices mock key, protects nothing"u8))]);

    private readonly Dictionary<string, byte[]> _keys;

    private TokenKeys(IReadOnlyList<(string Id, byte[] Key)> keys)
    {
        CurrentId = keys[0].Id;
        _keys = keys.ToDictionary(entry => entry.Id, entry => entry.Key, StringComparer.Ordinal);
    }

    public string CurrentId { get; }

    public IReadOnlyCollection<string> Ids => _keys.Keys;

    public ReadOnlySpan<byte> Current => _keys[CurrentId];

    public bool TryFind(string id, out ReadOnlySpan<byte> key)
    {
        var found = _keys.TryGetValue(id, out var bytes);
        key = bytes;
        return found;
    }

    /// <summary>Reads <c>id:base64,id:base64</c>. The problem names the key id, never the key.</summary>
    public static bool TryParse(string text, out TokenKeys? keys, out string? problem)
    {
        keys = null;
        var entries = new List<(string Id, byte[] Key)>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var id = colon > 0 ? entry[..colon] : string.Empty;
            if (id.Length == 0 || !id.All(char.IsAsciiLetterOrDigit))
            {
                problem = "each key is written as id:base64, the id of letters and digits";
                return false;
            }

            var key = new byte[KeyBytes + 1];
            if (!Convert.TryFromBase64String(entry[(colon + 1)..], key, out var length) || length != KeyBytes)
            {
                problem = $"key '{id}' is not {KeyBytes} bytes of base64";
                return false;
            }

            key = key[..KeyBytes];
            if (key.All(value => value == key[0]) || Mock.Current.SequenceEqual(key))
            {
                problem = $"key '{id}' is a sample, not a secret";
                return false;
            }

            if (entries.Exists(other => other.Id == id))
            {
                problem = $"key id '{id}' is used twice";
                return false;
            }

            entries.Add((id, key));
        }

        problem = entries.Count == 0 ? "it holds no key" : null;
        keys = entries.Count == 0 ? null : new TokenKeys(entries);
        return keys is not null;
    }
}
