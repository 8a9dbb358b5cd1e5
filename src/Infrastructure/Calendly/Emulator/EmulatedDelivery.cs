namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>One event on its way to one subscription. Everything but <see cref="FirstTry"/> is guarded by the lock of
/// <see cref="EmulatedWebhooks"/>.</summary>
internal sealed class EmulatedDelivery(string @event, ReadOnlyMemory<byte> body)
{
    private readonly TaskCompletionSource _firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Event => @event;

    /// <summary>The same bytes at every try.</summary>
    public ReadOnlyMemory<byte> Body => body;

    public int Tries { get; set; }

    /// <summary>When a try failed first; null until one does.</summary>
    public DateTimeOffset? FailedSince { get; set; }

    /// <summary>Ends with the first try, however that went, or when there will be none any more.</summary>
    public Task FirstTry => _firstTry.Task;

    public void EndFirstTry() => _firstTry.TrySetResult();
}
