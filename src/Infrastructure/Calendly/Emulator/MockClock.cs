namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// The time of mock mode. Ticks with the machine's clock until it is set; then it stands still and moves only by
/// <see cref="Set"/> and <see cref="Advance"/>, which run every timer that comes due, in order, before they return.
/// </summary>
/// <remarks>
/// Timestamps (<see cref="TimeProvider.GetTimestamp"/>) stay real: they measure how long something took, and a duration
/// of zero on a frozen clock would blind logs and circuit breakers.
/// </remarks>
internal sealed class MockClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<MockTimer> _timers = [];
    private DateTimeOffset _frozenAt;
    private TimeSpan _offset;
    private long _timersMade;

    /// <param name="frozenAt">Null ticks from the machine's time.</param>
    public MockClock(DateTimeOffset? frozenAt = null)
    {
        IsFrozen = frozenAt is not null;
        _frozenAt = frozenAt?.ToUniversalTime() ?? default;
    }

    public bool IsFrozen { get; private set; }

    // Nothing may depend on where the machine stands.
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return Now();
        }
    }

    /// <summary>Stops the clock at an instant. Backwards fires nothing.</summary>
    public void Set(DateTimeOffset instant)
    {
        lock (_gate)
        {
            Freeze();
        }

        MoveTo(instant.ToUniversalTime());
    }

    /// <summary>Moves the clock forward; one that was ticking goes on ticking.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        bool wasFrozen;
        DateTimeOffset target;
        lock (_gate)
        {
            wasFrozen = IsFrozen;
            Freeze();
            target = _frozenAt + by;
        }

        MoveTo(target);
        if (!wasFrozen)
        {
            Tick();
        }
    }

    /// <summary>Lets time run on from where it stands.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (!IsFrozen)
            {
                return;
            }

            _offset = _frozenAt - System.GetUtcNow();
            IsFrozen = false;
            foreach (var timer in _timers)
            {
                timer.Arm(Now());
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new MockTimer(this, callback, state, Interlocked.Increment(ref _timersMade));
        timer.Change(dueTime, period);
        return timer;
    }

    private DateTimeOffset Now() => IsFrozen ? _frozenAt : System.GetUtcNow() + _offset;

    private void Freeze()
    {
        if (IsFrozen)
        {
            return;
        }

        _frozenAt = Now();
        IsFrozen = true;
        foreach (var timer in _timers)
        {
            timer.Disarm();
        }
    }

    private void MoveTo(DateTimeOffset target)
    {
        while (NextDue(target) is { } timer)
        {
            // Outside the lock: a callback reads the clock and makes timers.
            timer.Fire();
        }
    }

    /// <summary>Moves to the earliest timer due by then and takes it, or to the target when there is none left.</summary>
    private MockTimer? NextDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            MockTimer? next = null;
            foreach (var timer in _timers)
            {
                if (timer.DueAt <= target && (next is null || timer.IsBefore(next)))
                {
                    next = timer;
                }
            }

            _frozenAt = next is null ? target : Later(_frozenAt, next.DueAt);
            next?.Take();
            return next;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed class MockTimer(MockClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private ITimer? _real;
        private bool _disposed;

        /// <summary>The largest value when the timer is not set.</summary>
        public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MaxValue;

        public bool IsBefore(MockTimer other) => DueAt < other.DueAt || (DueAt == other.DueAt && number < other.Number);

        private long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                Disarm();
                clock._timers.Remove(this);
                _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    DueAt = DateTimeOffset.MaxValue;
                    return true;
                }

                var now = clock.Now();
                DueAt = dueTime < DateTimeOffset.MaxValue - now ? now + dueTime : DateTimeOffset.MaxValue;
                clock._timers.Add(this);
                if (!clock.IsFrozen)
                {
                    Arm(now);
                }
                else if (dueTime == TimeSpan.Zero)
                {
                    // Due at once, but never inside the caller's own call.
                    Take();
                    ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
                }

                return true;
            }
        }

        public void Arm(DateTimeOffset now)
        {
            if (DueAt == DateTimeOffset.MaxValue)
            {
                return;
            }

            var wait = DueAt > now ? DueAt - now : TimeSpan.Zero;
            _real = System.CreateTimer(static timer => ((MockTimer)timer!).OnRealTime(), this, LongestWait(wait), Timeout.InfiniteTimeSpan);
        }

        public void Disarm()
        {
            _real?.Dispose();
            _real = null;
        }

        /// <summary>Counts the firing that follows: sets the next one of a periodic timer, and forgets any other.</summary>
        public void Take()
        {
            if (_period == Timeout.InfiniteTimeSpan)
            {
                DueAt = DateTimeOffset.MaxValue;
                clock._timers.Remove(this);
            }
            else
            {
                DueAt += _period;
            }
        }

        public void Fire()
        {
            if (_context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(_context, static timer => ((MockTimer)timer!).Call(), this);
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                Disarm();
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void OnRealTime()
        {
            lock (clock._gate)
            {
                // Frozen, changed or disposed since the machine's timer went off.
                if (clock.IsFrozen || _disposed || DueAt == DateTimeOffset.MaxValue)
                {
                    return;
                }

                var now = clock.Now();
                Disarm();
                if (DueAt > now)
                {
                    Arm(now);
                    return;
                }

                Take();
                Arm(now);
            }

            Fire();
        }

        private void Call() => callback(state);

        // The machine's timers take at most about 49 days; a longer wait is armed again when this one ends.
        private static TimeSpan LongestWait(TimeSpan wait) => wait < TimeSpan.FromDays(40) ? wait : TimeSpan.FromDays(40);
    }
}
