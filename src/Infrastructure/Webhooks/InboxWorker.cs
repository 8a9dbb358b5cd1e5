using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>Works off what Calendly has delivered: asks Calendly what is true, and tells people and pages what is new. Any
/// number of instances do so at the same time.</summary>
internal sealed class InboxWorker(
    WebhookInbox inbox, SessionNews news, Changes changes, IConnections connections, CalendlyApiFor calendlyFor, DbDataSource database, WireTime time, ILogger<InboxWorker> log)
    : BackgroundService
{
    private const string Scope = "scheduled_events:read";
    private const int AtOnce = 4;
    private const int ClaimedAtOnce = 5;

    // Where another instance has received something.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    // Together shorter than a claim.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan PartnerWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var places = new SemaphoreSlim(AtOnce);
        try
        {
            while (true)
            {
                await places.WaitAsync(stoppingToken);
                var awoken = inbox.Awoken;
                IReadOnlyList<ClaimedDelivery> claimed = [];
                try
                {
                    claimed = await ClaimAsync(stoppingToken);
                }
                finally
                {
                    // Also when it is told to stop in the middle of asking: a place that is never given back is waited for below.
                    if (claimed.Count == 0)
                    {
                        places.Release();
                    }
                }

                if (claimed.Count > 0)
                {
                    _ = WorkAsync(claimed, places);
                    continue;
                }

                await Task.WhenAny(awoken, Task.Delay(Idle, time.Provider, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            // Nobody leaves halfway: the next instance would have to wait for the claims to end.
            for (var place = 0; place < AtOnce; place++)
            {
                await places.WaitAsync(CancellationToken.None);
            }
        }
    }

    private async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await inbox.ClaimAsync(ClaimedAtOnce, cancellationToken);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            log.LogWarning("Deliveries wait: {Trouble}", trouble.GetType().Name);
            return [];
        }
    }

    private async Task WorkAsync(IReadOnlyList<ClaimedDelivery> claimed, SemaphoreSlim places)
    {
        try
        {
            var began = time.Provider.GetTimestamp();
            var settled = new HashSet<(string, string?, string?)>();
            for (var at = 0; at < claimed.Count; at++)
            {
                if (time.Provider.GetElapsedTime(began) > Prompt)
                {
                    await inbox.ReleaseAsync(claimed.Skip(at));
                    return;
                }

                // What was read for one of them holds for the others of the same invitee, and has settled them.
                var subject = (claimed[at].SenderUri, claimed[at].SessionId, claimed[at].InviteeId);
                if ((claimed[at].IsHeld || !settled.Contains(subject)) && await WorkAsync(claimed[at]))
                {
                    settled.Add(subject);
                }
            }
        }
        catch (Exception trouble)
        {
            // The claims end by themselves.
            log.LogWarning("Deliveries wait: {Trouble}", trouble.GetType().Name);
        }
        finally
        {
            places.Release();
        }
    }

    // True when it is settled.
    private async Task<bool> WorkAsync(ClaimedDelivery delivery)
    {
        using var patience = new CancellationTokenSource(Patience, time.Provider);
        try
        {
            var outcome = await FinishAsync(delivery, patience.Token);
            if (outcome.Outage is { } outage)
            {
                await TryLaterAsync(delivery, DeliveryResult.Outage, outage.RetryAfter);
            }

            return outcome.IsSettled;
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException or OperationCanceledException)
        {
            await TryLaterAsync(delivery, DeliveryResult.Outage, null);
            return false;
        }
        catch (Exception fault)
        {
            log.LogError("Delivery {Id} could not be worked on: {Fault}", delivery.Id, fault.GetType().Name);
            await TryLaterAsync(delivery, DeliveryResult.Fault, null);
            return false;
        }
    }

    private async Task<Outcome> FinishAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        if (await inbox.OwnerAsync(delivery.SenderUri, cancellationToken) is not { } userId)
        {
            await inbox.IgnoreAsync(delivery, DeliveryResult.NoConnection, null);
            return Outcome.Other;
        }

        if (delivery.EventTypeId is { } eventTypeId)
        {
            return await SettleAsync(delivery, userId, async (connection, transaction) =>
            {
                await changes.AddAsync(connection, transaction, userId, ChangeKind.EventType, eventTypeId);
                return true;
            });
        }

        if (!(await connections.FindAsync(userId, cancellationToken)).IsUsable(Scope, out _))
        {
            await inbox.IgnoreAsync(delivery, DeliveryResult.NotUsable, userId);
            return Outcome.Other;
        }

        var calendly = calendlyFor(new ConnectionOwner(userId, ReadsOnly: true));
        if (!(await DeliveryTruth.ReadAsync(calendly, delivery.SenderUri, delivery.SessionId!, delivery.InviteeId!, cancellationToken)).Succeeded(out var truth, out var failure))
        {
            return await IgnoreOrWaitAsync(delivery, userId, failure);
        }

        if (truth.IsFirstHalf && !delivery.IsHeld)
        {
            await HoldAsync(delivery, userId, truth);
            return Outcome.Other;
        }

        var told = truth.IsFirstHalf ? await truth.FollowAsync(calendly, delivery.SenderUri, cancellationToken) : await truth.LookBackAsync(calendly, delivery.SenderUri, cancellationToken);
        return await SettleAsync(delivery, userId, (connection, transaction) => delivery.Event == WebhookEnvelope.NoShowDeleted
            ? news.LookAnewAsync(connection, transaction, userId, told.Session, told.Invitee)
            : news.TellAsync(connection, transaction, userId, told.Session, told.Invitee, told.MovedFrom));
    }

    // The order matters: rows first, and what all instances write to one after another last.
    private async Task<Outcome> SettleAsync(ClaimedDelivery delivery, long userId, Func<DbConnection, DbTransaction, Task<bool>> tellAsync)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            if (!await inbox.TrySettleAsync(connection, transaction, delivery, userId))
            {
                return Outcome.Other;
            }

            if (await tellAsync(connection, transaction))
            {
                await WebhookInbox.SetAppliedAsync(connection, transaction, delivery);
            }

            await transaction.CommitAsync();
        }

        changes.Wake();
        return Outcome.Settled;
    }

    // Pages show it at once. What is said of it waits for the other half, of which there may be no news yet.
    private async Task HoldAsync(ClaimedDelivery delivery, long userId, DeliveryTruth truth)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var isTold = await SessionNews.IsMoveToldAsync(connection, transaction, userId, truth.Invitee);
            if (!await (isTold ? inbox.TrySettleAsync(connection, transaction, delivery, userId) : inbox.TryHoldAsync(connection, transaction, delivery, userId, PartnerWait)))
            {
                return;
            }

            await news.LookAnewAsync(connection, transaction, userId, truth.Session, truth.Invitee);
            await transaction.CommitAsync();
        }

        changes.Wake();
    }

    private async Task<Outcome> IgnoreOrWaitAsync(ClaimedDelivery delivery, long userId, Failure failure)
    {
        switch (failure.Code)
        {
            case FailureCode.NotFound or FailureCode.CalendlyForbidden or FailureCode.ValidationFailed:
                await inbox.IgnoreAsync(delivery, DeliveryResult.Gone, userId);
                return Outcome.Other;
            case FailureCode.ForbiddenUser:
                await inbox.IgnoreAsync(delivery, DeliveryResult.NotTheirs, userId);
                return Outcome.Other;
            case FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing:
                await inbox.IgnoreAsync(delivery, DeliveryResult.NotUsable, userId);
                return Outcome.Other;
            default:
                return new Outcome(IsSettled: false, failure);
        }
    }

    private async Task TryLaterAsync(ClaimedDelivery delivery, string result, TimeSpan? asked)
    {
        if (delivery.Attempts > Waits.Length)
        {
            log.LogCritical("Delivery {Id} of Calendly's is given up after {Attempts} attempts; it can be replayed", delivery.Id, delivery.Attempts);
            await inbox.GiveUpAsync(delivery, result);
            return;
        }

        var wait = Waits[delivery.Attempts - 1];
        await inbox.TryLaterAsync(delivery, result, asked > wait ? asked.Value : wait);
    }

    /// <param name="Outage">What is in the way for now.</param>
    private sealed record Outcome(bool IsSettled, Failure? Outage = null)
    {
        public static readonly Outcome Settled = new(true);

        /// <summary>Ignored, held, or somebody else's by now.</summary>
        public static readonly Outcome Other = new(false);
    }
}
