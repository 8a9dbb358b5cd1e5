using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>How a person comes to be told, out of our own records.</summary>
internal sealed class LiveUpdateRecords(IConnections connections, WebhookSubscriptions subscriptions, CallbackAddress address, SubscriptionKeeper keeper) : ILiveUpdates
{
    public async Task<LiveUpdates> FindAsync(long ownerId, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(ownerId, cancellationToken);
        if (connection is not { Status: not ConnectionStatus.NeedsReconnect })
        {
            return new LiveUpdates(LiveUpdateState.NotOn, Why: connection is null ? LiveUpdateReason.NotConnected : LiveUpdateReason.AccessEnded);
        }

        var row = await subscriptions.FindAsync(ownerId, cancellationToken);
        TimeSpan? every = connection.Allows("scheduled_events:read")
            ? row is { IsActive: false } ? TimeSpan.FromSeconds(row.LookPause) : SessionPoller.ShortestPause
            : null;
        var known = new LiveUpdates(LiveUpdateState.NotOn, row?.Since, row?.LastDeliveryAt, row?.GapFilledAt, Every: every);
        return row switch
        {
            _ when address.Find() is null => known with { Since = null, Why = LiveUpdateReason.NoAddress },
            { IsActive: true } => known with { State = LiveUpdateState.On, Every = null, FailingSince = row.RetryingSince },
            { State: SubscriptionState.Stopped } => known with { State = LiveUpdateState.Stopped, Why = WhyOf(row) },
            { State: SubscriptionState.Refused } => known with { Why = WhyOf(row) },
            _ => known with { Why = LiveUpdateReason.NotYet },
        };
    }

    public async Task TurnOnAsync(long ownerId, CancellationToken cancellationToken)
    {
        if (address.Find() is null)
        {
            return;
        }

        await subscriptions.AddMissingAsync([ownerId], cancellationToken);
        await subscriptions.HastenAsync(ownerId, cancellationToken);

        // Goes on when the person leaves: what Calendly has been asked is settled. What was missed is read by the keeper; that may
        // take longer than somebody waits.
        await keeper.LookAfterAsync(ownerId, CancellationToken.None, readsGap: false).WaitAsync(cancellationToken);
        keeper.Wake();
    }

    private static LiveUpdateReason WhyOf(SubscriptionRow row) => Enum.TryParse<LiveUpdateReason>(row.Reason, out var reason) ? reason : LiveUpdateReason.NotYet;
}
