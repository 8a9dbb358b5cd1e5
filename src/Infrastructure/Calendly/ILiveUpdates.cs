namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Whether Calendly tells us by itself when something changes. Answers from our own records alone.</summary>
internal interface ILiveUpdates
{
    Task<LiveUpdates> FindAsync(long ownerId, CancellationToken cancellationToken);
}

internal enum LiveUpdateState
{
    /// <summary>Never turned on. Pages ask Calendly when they are opened.</summary>
    NotOn,

    On,

    /// <summary>They were on and have stopped.</summary>
    Stopped,
}

/// <param name="Since">When the state began; null when it has always been so.</param>
/// <param name="LastDeliveryAt">When Calendly last told us something.</param>
/// <param name="LastGapFilledAt">When we last fetched what we had not been told.</param>
/// <param name="Note">What the reader should know beside that: whose fault, what still works, what to do.</param>
internal sealed record LiveUpdates(
    LiveUpdateState State, DateTimeOffset? Since = null, DateTimeOffset? LastDeliveryAt = null, DateTimeOffset? LastGapFilledAt = null, string? Note = null);

/// <summary>For a version that has none.</summary>
internal sealed class NoLiveUpdates : ILiveUpdates
{
    public Task<LiveUpdates> FindAsync(long ownerId, CancellationToken cancellationToken) => Task.FromResult(new LiveUpdates(LiveUpdateState.NotOn));
}
