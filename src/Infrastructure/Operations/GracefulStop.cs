using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Told to stop, says so at once where a balancer asks, goes on answering until it has looked, and ends the
/// streams. The server stops after that, and waits for the answers under way.</summary>
internal sealed class GracefulStop(Draining draining, AppSettings settings, WireTime time) : IHostedLifecycleService
{
    /// <summary>For the answers and refreshes under way, together with the wait for the balancer's look: what a supervisor
    /// usually gives a process is thirty seconds.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(20);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Whoever hosts us may ask twice. Out of time, there is all the more to end.
        if (draining.Begin() && settings.BalancerWait > TimeSpan.Zero)
        {
            await Task.Delay(settings.BalancerWait, time.Provider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await draining.EndStreamsAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
