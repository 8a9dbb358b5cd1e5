using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>How Calendly signs what it delivers. Source:
/// https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures</summary>
internal static class DeliverySignature
{
    public const string Header = "Calendly-Webhook-Signature";

    /// <summary>The header's value over the bytes as they are sent.</summary>
    public static string Of(Secret key, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key.Reveal()));
        mac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        mac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(mac.GetHashAndReset())}";
    }
}
