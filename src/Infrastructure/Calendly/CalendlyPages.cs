using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Calendly's pages as a browser gets to them from ours: where they are or, in mock mode, where their stand-in is,
/// on our own origin. Source of the parameters: https://developer.calendly.com/api-docs/overview/embedding/getting-started</summary>
internal sealed class CalendlyPages(CalendlyMode mode)
{
    private const string Calendly = "https://calendly.com";
    private const string StandIn = "/mock-widget";

    /// <summary>What a policy has to allow for these pages to be framed.</summary>
    public string FrameSource => mode.IsReal ? Calendly : "'self'";

    /// <summary>Null for what is not a page of Calendly's.</summary>
    public string? Address(string? url) =>
        CalendlyUri.PageOrNull(url) is not { } page ? null : mode.IsReal ? page : StandIn + page[Calendly.Length..];

    /// <summary>The same with parameters; those that are null are left out.</summary>
    public string? Address(string? url, params (string Name, string? Value)[] parameters) =>
        Address(url) is { } address
            ? QueryHelpers.AddQueryString(address, parameters.Where(each => each.Value is not null).Select(each => KeyValuePair.Create(each.Name, each.Value)))
            : null;

    /// <summary>The same for a frame in a page of ours. Without a domain Calendly would send that page no messages.</summary>
    /// <param name="host">Ours, with the port if it has one.</param>
    public string? Frame(string? url, string host, params (string Name, string? Value)[] parameters) =>
        Address(
            url,
            [
                ("embed_domain", host),
                ("embed_type", "Inline"),
                // Calendly asks about its cookies itself; hidden, that would be ours to do.
                ("hide_gdpr_banner", "0"),
                .. parameters,
            ]);
}
