using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What stands in the header with which Calendly signs a delivery: <c>t=1795300000,v1=4a11…</c>, perhaps with more
/// signatures. Source: https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures</summary>
/// <param name="SignedAt">As it was sent, since this text is signed.</param>
internal sealed record WebhookSignature(string SignedAt, IReadOnlyList<byte[]> Signatures)
{
    public const string Header = "Calendly-Webhook-Signature";

    /// <summary>How old a signature may be, or how far ahead; the limit of Calendly's own sample.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(3);

    private const int MostCharacters = 1024;
    private const int MostSignatures = 5;

    // Seconds of every year up to 9999.
    private const int MostDigits = 11;

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(long.Parse(SignedAt, NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>Null for what cannot be such a header.</summary>
    public static WebhookSignature? Read(string? header)
    {
        if (header is null or { Length: >= MostCharacters })
        {
            return null;
        }

        string? signedAt = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = sign < 0 ? (string.Empty, string.Empty) : (part[..sign].Trim(), part[(sign + 1)..].Trim());
            if (name == "t")
            {
                if (signedAt is not null || value.Length is 0 or > MostDigits || !value.All(char.IsAsciiDigit))
                {
                    return null;
                }

                signedAt = value;
            }
            else if (name == "v1")
            {
                if (signatures.Count == MostSignatures || value.Length != 2 * SHA256.HashSizeInBytes || !value.All(char.IsAsciiHexDigitLower))
                {
                    return null;
                }

                signatures.Add(Convert.FromHexString(value));
            }
        }

        return signedAt is null || signatures.Count == 0 ? null : new WebhookSignature(signedAt, signatures);
    }

    /// <summary>Which key has signed these very bytes, counted from one; null when none has. It takes as long either way.</summary>
    public int? KeyOf(ReadOnlySpan<byte> body, WebhookKeys keys)
    {
        int? found = null;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        for (var number = 1; number <= keys.All.Count; number++)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(keys.All[number - 1].Reveal()));
            hmac.AppendData(Encoding.ASCII.GetBytes(SignedAt + "."));
            hmac.AppendData(body);
            hmac.GetHashAndReset(expected);
            foreach (var signature in Signatures)
            {
                if (CryptographicOperations.FixedTimeEquals(expected, signature))
                {
                    found ??= number;
                }
            }
        }

        return found;
    }
}
