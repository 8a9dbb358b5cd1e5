namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>The network's own last look: a token of the emulator's never leaves this machine. Throws, since only a
/// database that was mistaken for another can bring one here.</summary>
internal sealed class MadeUpTokensHandler : DelegatingHandler
{
    // How every token of the emulator begins.
    private const string MadeUp = "mock_";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Headers.Authorization?.Parameter is { } token && token.StartsWith(MadeUp, StringComparison.Ordinal) && !request.RequestUri!.IsLoopback
            ? throw new InvalidOperationException("A token of the emulator's was about to leave this machine.")
            : base.SendAsync(request, cancellationToken);
}
