using System.Net;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Where deliveries may go.</summary>
internal static class DeliveryAddress
{
    private const int Longest = 2_048;

    /// <summary>True for https, and for http on this machine alone.</summary>
    public static bool TryRead(string text, out Uri address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address!)
        && text.Length <= Longest
        && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)));

    /// <summary>Stricter than <see cref="Uri.IsLoopback"/>, which believes names that somebody else may answer to.</summary>
    public static bool IsLoopback(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost, out var number) && IPAddress.IsLoopback(number));
}
