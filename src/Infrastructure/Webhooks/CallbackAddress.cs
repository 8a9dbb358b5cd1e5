using CalendlySlices.Infrastructure.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>Where Calendly reaches us.</summary>
internal sealed class CallbackAddress(AppSettings settings, IServiceProvider services, IHostApplicationLifetime lifetime)
{
    public const string Path = "/webhooks/calendly";

    /// <summary>Null where Calendly cannot reach us: without an address that it could, and before the server listens.</summary>
    public string? Find() => settings.PublicBaseUrl is { } known
        ? IsReachable(known) ? new Uri(known, Path).AbsoluteUri : null
        : settings.Mode.IsMock && Listening() is { } own ? new Uri(own, Path).AbsoluteUri : null;

    /// <summary>Has something done once the server listens, or at once where it does: before that there may be no address.</summary>
    public CancellationTokenRegistration OnListening(Action act) => lifetime.ApplicationStarted.Register(act);

    // A loopback address means this machine, also to a Calendly that is on it.
    private bool IsReachable(Uri address) => address.IsLoopback
        ? settings.Mode.IsMock || settings.Calendly.ApiBaseUrl.IsLoopback
        : address.Scheme == Uri.UriSchemeHttps;

    private Uri? Listening() =>
        lifetime.ApplicationStarted.IsCancellationRequested
        && services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses
            ? addresses.Select(Loopback).OfType<Uri>().FirstOrDefault()
            : null;

    // Listening everywhere includes listening here. Over https it would be with a certificate that nobody trusts.
    private static Uri? Loopback(string address)
    {
        var binding = BindingAddress.Parse(address);
        return binding.Scheme == Uri.UriSchemeHttp && !binding.IsUnixPipe && !binding.IsNamedPipe
            ? new UriBuilder(Uri.UriSchemeHttp, binding.Host is "localhost" ? "localhost" : "127.0.0.1", binding.Port).Uri
            : null;
    }
}
