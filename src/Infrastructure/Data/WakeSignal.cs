namespace CalendlySlices.Infrastructure.Data;

/// <summary>Wakes whoever waits between two rounds of work. To miss nothing, <see cref="Next"/> is taken before a round and
/// awaited after it.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes with the next <see cref="Raise"/>.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
