namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Begins the mock world before the first request is answered.</summary>
internal sealed class MockWorldStart(MockWorld world) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => world.BeginAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
