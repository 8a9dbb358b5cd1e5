using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Features.Status;

/// <summary>Asks Calendly anew to tell us when something changes. What came of it stands in our own records.</summary>
internal sealed class TurnOnHandler(ILiveUpdates liveUpdates)
{
    public Task HandleAsync(StatusQuery query, CancellationToken cancellationToken) =>
        query.OwnerId is { } ownerId ? liveUpdates.TurnOnAsync(ownerId, cancellationToken) : Task.CompletedTask;
}
