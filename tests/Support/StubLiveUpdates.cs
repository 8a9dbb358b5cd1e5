using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Tests.Support;

/// <summary>How we hear of changes, as a test says.</summary>
internal sealed class StubLiveUpdates : ILiveUpdates
{
    public LiveUpdates Current { get; set; } = new(LiveUpdateState.NotOn);

    public Task<LiveUpdates> FindAsync(long ownerId, CancellationToken cancellationToken) => Task.FromResult(Current);

    public Task TurnOnAsync(long ownerId, CancellationToken cancellationToken) => Task.CompletedTask;
}
