namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>The last look before the wire: whatever an address was made of, it leads to Calendly or nowhere. Throws
/// otherwise, since only a bug of ours can bring it here.</summary>
internal sealed class AllowedHostsHandler(CalendlyOptions options) : DelegatingHandler
{
    private readonly IReadOnlyList<string> _allowed = options.AllowedHosts;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var origin = CalendlyOptions.Origin(request.RequestUri!);
        return _allowed.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? base.SendAsync(request, cancellationToken)
            : throw new InvalidOperationException($"Calls to {origin} are not allowed.");
    }
}
