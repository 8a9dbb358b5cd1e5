namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// The subscriptions of one emulator and what waits to be delivered to them. Says what is to be tried, and keeps the
/// consequences of each try; <see cref="EmulatorDeliveries"/> does the sending. Thread-safe, with a lock of its own that is
/// never held while something is sent.
/// </summary>
internal sealed class EmulatedWebhooks(TimeProvider clock)
{
    /// <summary>So long a delivery is tried before its subscription is disabled. Source:
    /// https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors</summary>
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(24);

    /// <summary>Between the first try and the second; doubled every time.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<EmulatedSubscription> _subscriptions = [];
    private Action<EmulatedSubscription>? _send;
    private TaskCompletionSource _life = NewEnd();
    private DeliveryWish? _wish;
    private DateTimeOffset _lastNotice;
    private TaskCompletionSource? _idle;
    private int _made;
    private int _sending;

    /// <summary>A copy, oldest first.</summary>
    public List<EmulatedSubscription> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions];
            }
        }
    }

    /// <summary>Names who sends. Until then everything waits.</summary>
    /// <param name="send">Returns at once, and from then on takes what <see cref="Next"/> gives until that is null.</param>
    public void SendWith(Action<EmulatedSubscription> send)
    {
        lock (_gate)
        {
            _send = send;
            _subscriptions.ForEach(Begin);
        }
    }

    /// <summary>Null when the owner has one for this address in this scope.</summary>
    public EmulatedSubscription? Add(SubscriptionRequest request, EmulatedAccount creator, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_subscriptions.Exists(one => one.IsLike(request, creator)))
            {
                return null;
            }

            var subscription = new EmulatedSubscription(EmulatedIds.Subscription(++_made), request, creator, now, _life.Task);
            subscription.Line.Wish(_wish, now);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public EmulatedSubscription? Find(string id)
    {
        lock (_gate)
        {
            return _subscriptions.Find(one => one.Id == id);
        }
    }

    /// <summary>Ends it together with what waits for it.</summary>
    public void Remove(EmulatedSubscription subscription)
    {
        lock (_gate)
        {
            End(subscription);
            _subscriptions.Remove(subscription);
        }
    }

    /// <summary>Ends all that the account has made.</summary>
    /// <returns>How many there were.</returns>
    public int Remove(EmulatedAccount account)
    {
        lock (_gate)
        {
            var own = _subscriptions.FindAll(one => one.Creator.Id == account.Id);
            own.ForEach(Remove);
            return own.Count;
        }
    }

    /// <summary>Calendly's JSON of it as it is now.</summary>
    public byte[] Json(EmulatedSubscription subscription)
    {
        lock (_gate)
        {
            return WebhookJson.Subscription(subscription);
        }
    }

    /// <summary>Reads what belongs together without anything changing meanwhile.</summary>
    public List<T> Read<T>(Func<EmulatedSubscription, T> read)
    {
        lock (_gate)
        {
            return _subscriptions.ConvertAll(one => read(one));
        }
    }

    /// <summary>Puts the deliveries in line, and has those sent that wait for nothing, or for nothing more. Returns at once, with
    /// those.</summary>
    public IReadOnlyList<EmulatedDelivery> Tell(IReadOnlyList<WebhookNotice> notices)
    {
        var goingOut = new List<EmulatedDelivery>();
        lock (_gate)
        {
            foreach (var (subscription, delivery) in Addressed(notices))
            {
                if (!subscription.Line.TryAdd(delivery, clock.GetUtcNow(), goingOut))
                {
                    subscription.Missed++;
                }

                Begin(subscription);
            }
        }

        return goingOut;
    }

    /// <summary>What would be delivered of these, to whom, in order; for somebody who delivers it otherwise.</summary>
    public IReadOnlyList<(EmulatedSubscription Subscription, EmulatedDelivery Delivery)> Write(IReadOnlyList<WebhookNotice> notices)
    {
        lock (_gate)
        {
            return [.. Addressed(notices)];
        }
    }

    /// <summary>The next to try for this subscription; null when there is none now.</summary>
    public EmulatedDelivery? Next(EmulatedSubscription subscription)
    {
        lock (_gate)
        {
            if (subscription.IsActive && subscription.Line.Next(clock.GetUtcNow()) is { } delivery)
            {
                return delivery;
            }

            Rest(subscription);
            return null;
        }
    }

    /// <summary>Nobody sends for it any more.</summary>
    public void Stop(EmulatedSubscription subscription)
    {
        lock (_gate)
        {
            Rest(subscription);
        }
    }

    /// <summary>Keeps what came of a try.</summary>
    /// <param name="status">0 without an answer.</param>
    public void Settle(EmulatedSubscription subscription, EmulatedDelivery delivery, int status)
    {
        lock (_gate)
        {
            delivery.Tries++;
            if (status is >= 200 and <= 299)
            {
                subscription.Sent++;
            }
            else
            {
                Fail(subscription, delivery, clock.GetUtcNow());
            }

            if (subscription.Line.Failing == 0 && subscription.IsActive)
            {
                subscription.RetryStartedAt = null;
            }
        }

        delivery.EndFirstTry();
    }

    /// <summary>How the next deliveries of each subscription are to come, of those made later too; null for as usual.</summary>
    public void Wish(DeliveryWish? wish)
    {
        lock (_gate)
        {
            _wish = wish;
            foreach (var subscription in _subscriptions)
            {
                subscription.Line.Wish(wish, clock.GetUtcNow());
                Begin(subscription);
            }
        }
    }

    /// <summary>Disables what the account has made, or makes it active again, as only a tester can.</summary>
    /// <returns>How many there are.</returns>
    public int Disable(EmulatedAccount account, bool isDisabled)
    {
        lock (_gate)
        {
            var own = _subscriptions.FindAll(one => one.Creator.Id == account.Id);
            foreach (var subscription in own)
            {
                if (isDisabled && !subscription.IsDisabled)
                {
                    Disable(subscription, clock.GetUtcNow());
                }
                else if (!isDisabled)
                {
                    (subscription.IsDisabled, subscription.RetryStartedAt) = (false, null);
                }
            }

            return own.Count;
        }
    }

    /// <summary>Ends everything, what is being sent too.</summary>
    public void Clear()
    {
        TaskCompletionSource ended;
        lock (_gate)
        {
            _subscriptions.ForEach(End);
            _subscriptions.Clear();
            (_wish, _made, _lastNotice) = (null, 0, default);
            (ended, _life) = (_life, NewEnd());
        }

        ended.SetResult();
    }

    /// <summary>Ends when nothing is being tried and nothing is due, or after 10 seconds.</summary>
    public Task IdleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return WaitAsync(_sending == 0 ? Task.CompletedTask : _idle!.Task, cancellationToken);
        }
    }

    /// <summary>Ends when each has been tried once, or after 10 seconds.</summary>
    public static Task TriedAsync(IReadOnlyList<EmulatedDelivery> deliveries, CancellationToken cancellationToken) =>
        WaitAsync(Task.WhenAll(deliveries.Select(delivery => delivery.FirstTry)), cancellationToken);

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // By the machine's time: the emulator's may stand still.
    private static async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(LongestWait, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Whoever asks has waited long enough, and sees for themselves.
        }
    }

    private IEnumerable<(EmulatedSubscription Subscription, EmulatedDelivery Delivery)> Addressed(IReadOnlyList<WebhookNotice> notices)
    {
        foreach (var notice in notices)
        {
            var createdAt = NoticedAt(clock.GetUtcNow());
            foreach (var subscription in _subscriptions)
            {
                if (subscription.IsActive && subscription.Wants(notice))
                {
                    yield return (subscription, new EmulatedDelivery(notice.Event, WebhookJson.Envelope(notice, createdAt, subscription.Creator)));
                }
            }
        }
    }

    // No two events have the same microsecond, on a clock that stands still either: their bodies tell them apart.
    private DateTimeOffset NoticedAt(DateTimeOffset now)
    {
        var isNext = now > _lastNotice || _lastNotice - now > TimeSpan.FromSeconds(1);
        _lastNotice = isNext ? now : _lastNotice.AddMicroseconds(1);
        return _lastNotice;
    }

    private static void Fail(EmulatedSubscription subscription, EmulatedDelivery delivery, DateTimeOffset now)
    {
        subscription.FailedTries++;
        if (!subscription.IsActive)
        {
            subscription.Missed++;
            return;
        }

        var since = delivery.FailedSince ??= now;
        if (now - since >= GivesUpAfter)
        {
            subscription.Missed++;
            Disable(subscription, now);
            return;
        }

        var due = now + (FirstPause * Math.Pow(2, delivery.Tries - 1));
        subscription.Line.Again(delivery, due < since + GivesUpAfter ? due : since + GivesUpAfter);
        subscription.RetryStartedAt ??= now;
    }

    private static void Disable(EmulatedSubscription subscription, DateTimeOffset now)
    {
        subscription.Missed += subscription.Line.Clear();
        (subscription.IsDisabled, subscription.UpdatedAt) = (true, now);
    }

    private static void End(EmulatedSubscription subscription)
    {
        subscription.IsGone = true;
        subscription.Line.Clear();
        subscription.Timer?.Dispose();
    }

    private void Begin(EmulatedSubscription subscription)
    {
        if (_send is null || subscription.IsSending || !subscription.IsActive || subscription.Line.Count == 0)
        {
            return;
        }

        subscription.IsSending = true;
        if (++_sending == 1)
        {
            _idle = NewEnd();
        }

        _send(subscription);
    }

    private void Rest(EmulatedSubscription subscription)
    {
        if (subscription.IsSending)
        {
            subscription.IsSending = false;
            if (--_sending == 0)
            {
                _idle!.SetResult();
            }
        }

        if (subscription.IsActive && subscription.Line.NextDue is { } due)
        {
            subscription.Timer ??= clock.CreateTimer(_ => ComeDue(subscription), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Wake(subscription.Timer, due);
        }
    }

    // A timer takes a length, and somebody may move the clock between reading it and setting the timer.
    private void Wake(ITimer timer, DateTimeOffset due)
    {
        DateTimeOffset now;
        do
        {
            now = clock.GetUtcNow();
            timer.Change(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        while (clock.GetUtcNow() - now > TimeSpan.FromMilliseconds(1));
    }

    private void ComeDue(EmulatedSubscription subscription)
    {
        lock (_gate)
        {
            Begin(subscription);
        }
    }
}
