namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What waits to be delivered to one subscription: in order, unless a tester wants it otherwise or a try has failed.
/// Not thread-safe.</summary>
internal sealed class DeliveryLine
{
    /// <summary>More than that is thrown away, the newest first.</summary>
    public const int Capacity = 50_000;

    private readonly Queue<EmulatedDelivery> _waiting = new();
    private readonly PriorityQueue<EmulatedDelivery, (DateTimeOffset Due, long Number)> _later = new();
    private readonly List<EmulatedDelivery> _held = [];
    private DeliveryWish? _wish;
    private int _wished;
    private long _numbers;

    public int Count => _waiting.Count + _later.Count + _held.Count;

    /// <summary>Those that failed and are to be tried again.</summary>
    public int Failing { get; private set; }

    /// <summary>When the first of those is due that wait for a time; null when none does.</summary>
    public DateTimeOffset? NextDue => _later.TryPeek(out _, out var place) ? place.Due : null;

    /// <summary>Replaces the wish before it; what that one held goes out.</summary>
    public void Wish(DeliveryWish? wish, DateTimeOffset now)
    {
        Release(now, []);
        (_wish, _wished) = (wish, wish?.Next ?? 0);
    }

    /// <summary>False when there is no room.</summary>
    /// <param name="goingOut">Gets what goes out now: this one, those that have waited for it too, or nothing yet.</param>
    public bool TryAdd(EmulatedDelivery delivery, DateTimeOffset now, ICollection<EmulatedDelivery> goingOut)
    {
        var wish = _wished > 0 ? _wish : null;
        if (Count + (wish?.Copies ?? 1) > Capacity)
        {
            return false;
        }

        if (wish is null)
        {
            _waiting.Enqueue(delivery);
            goingOut.Add(delivery);
            return true;
        }

        for (var copy = 0; copy < wish.Copies; copy++)
        {
            _held.Insert(wish.IsReversed ? copy : _held.Count, copy == 0 ? delivery : new EmulatedDelivery(delivery.Event, delivery.Body));
        }

        if (--_wished == 0 || !wish.IsReversed)
        {
            Release(now, goingOut);
        }

        return true;
    }

    /// <summary>The one to try now, taken out; null when there is none.</summary>
    public EmulatedDelivery? Next(DateTimeOffset now)
    {
        if (!(NextDue <= now))
        {
            return _waiting.TryDequeue(out var next) ? next : null;
        }

        var due = _later.Dequeue();
        Failing -= due.FailedSince is null ? 0 : 1;
        return due;
    }

    /// <summary>Is tried again then; the others go on meanwhile.</summary>
    public void Again(EmulatedDelivery failed, DateTimeOffset due)
    {
        Failing++;
        _later.Enqueue(failed, (due, ++_numbers));
    }

    /// <summary>Throws everything away, and says how much that was.</summary>
    public int Clear()
    {
        var count = Count;
        foreach (var delivery in _waiting.Concat(_held).Concat(_later.UnorderedItems.Select(item => item.Element)))
        {
            delivery.EndFirstTry();
        }

        _waiting.Clear();
        _later.Clear();
        _held.Clear();
        Failing = 0;
        return count;
    }

    private void Release(DateTimeOffset now, ICollection<EmulatedDelivery> goingOut)
    {
        foreach (var delivery in _held)
        {
            if (_wish is { } wish && wish.Delay > TimeSpan.Zero)
            {
                _later.Enqueue(delivery, (now + wish.Delay, ++_numbers));
            }
            else
            {
                _waiting.Enqueue(delivery);
                goingOut.Add(delivery);
            }
        }

        _held.Clear();
    }
}
