namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Whether this process has been told to stop, and how far it is with it.</summary>
internal sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _streamsEnd = new();
    private int _isDraining;

    /// <summary>True from the moment that it is told: it is no longer ready, and goes on answering.</summary>
    public bool IsDraining => Volatile.Read(ref _isDraining) == 1;

    /// <summary>Fires when answers that would not end by themselves have to: they tell the browser when to come back, and end.</summary>
    public CancellationToken StreamsEnd => _streamsEnd.Token;

    /// <summary>False when it had begun already.</summary>
    public bool Begin() => Interlocked.Exchange(ref _isDraining, 1) == 0;

    public async Task EndStreamsAsync()
    {
        try
        {
            await _streamsEnd.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Stopped and disposed of already; whoever hosts us may ask twice.
        }
    }

    public void Dispose() => _streamsEnd.Dispose();
}
