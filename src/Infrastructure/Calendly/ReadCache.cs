using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Something read from Calendly, perhaps a while ago.</summary>
/// <param name="ReadAt">When the read began; the value is at least this new.</param>
/// <param name="Trouble">Set when Calendly's last answer failed, so that <paramref name="Value"/> is the last good one.</param>
internal sealed record Reading<T>(T Value, DateTimeOffset ReadAt, Failure? Trouble)
    where T : notnull;

/// <summary>
/// What each user has read from Calendly lately, so that a page costs no call while its data is fresh and still shows
/// something while Calendly is down. A singleton. Values are handed out as they are, so they must not change.
/// </summary>
internal sealed class ReadCache(TimeProvider clock)
{
    /// <summary>Entries kept over all users; the oldest goes first.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, Entry> _entries = [];
    private readonly LinkedList<CacheKey> _oldestFirst = [];
    private readonly Dictionary<CacheKey, IFlight> _flights = [];
    private long _generation;

    /// <summary>
    /// The value under this key: the kept one while it is younger than <paramref name="freshFor"/> (unless
    /// <paramref name="renew"/>), otherwise a new one. Whoever asks while a read is under way shares that read, which
    /// goes on when a caller leaves; <paramref name="readAsync"/> therefore must not use what ends with the request. When
    /// the read fails with an outage, a value younger than <paramref name="staleFor"/> stands in, marked with the trouble.
    /// Every other failure is passed on. Two readers that keep different types under one name do not meet.
    /// </summary>
    public Task<Result<Reading<T>>> GetAsync<T>(
        long userId,
        string key,
        TimeSpan freshFor,
        TimeSpan staleFor,
        Func<CancellationToken, Task<Result<T>>> readAsync,
        CancellationToken cancellationToken,
        bool renew = false)
        where T : notnull
    {
        var name = new CacheKey(userId, key, typeof(T));
        Flight<T> flight;
        lock (_lock)
        {
            if (!renew && TryGet<T>(name, freshFor, out var entry) && IsFresh(entry, freshFor))
            {
                return entry.Answer;
            }

            if (_flights.TryGetValue(name, out var running))
            {
                return ((Flight<T>)running).Task.WaitAsync(cancellationToken);
            }

            flight = new Flight<T>(name, clock.GetUtcNow(), clock.GetTimestamp(), _generation, staleFor);
            _flights.Add(flight.Key, flight);
        }

        _ = RunAsync(flight, readAsync);
        return flight.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The kept value that is younger than <paramref name="youngerThan"/>, without reading anything, and whether it is
    /// still younger than <paramref name="freshFor"/>. Null when there is none.</summary>
    public (Reading<T> Reading, bool IsFresh)? Peek<T>(long userId, string key, TimeSpan freshFor, TimeSpan youngerThan)
        where T : notnull
    {
        var name = new CacheKey(userId, key, typeof(T));
        lock (_lock)
        {
            return TryGet<T>(name, youngerThan, out var entry)
                ? (entry.Reading, TryGet<T>(name, freshFor, out _) && IsFresh(entry, freshFor))
                : null;
        }
    }

    /// <summary>Drops all that this user has read. Reads under way still answer those who wait for them, but what they
    /// bring is not kept, and nobody who asks from now on gets it.</summary>
    public void Forget(long userId)
    {
        lock (_lock)
        {
            foreach (var (key, flight) in _flights.Where(flight => flight.Key.UserId == userId).ToList())
            {
                flight.IsForgotten = true;
                _flights.Remove(key);
            }

            foreach (var entry in _entries.Values.Where(entry => entry.Place.Value.UserId == userId).ToList())
            {
                Remove(entry);
            }
        }
    }

    /// <summary>Nothing read before now is fresh any more; it may still stand in during an outage.</summary>
    public void Expire()
    {
        lock (_lock)
        {
            _generation++;
        }
    }

    /// <summary>The same for what one user has read. Whoever asks from now on does not share a read that is under way, which may
    /// have begun before the change.</summary>
    public void Expire(long userId)
    {
        lock (_lock)
        {
            foreach (var key in _flights.Keys.Where(key => key.UserId == userId).ToList())
            {
                _flights.Remove(key);
            }

            foreach (var entry in _entries.Values.Where(entry => entry.Place.Value.UserId == userId))
            {
                entry.IsOutdated = true;
            }
        }
    }

    /// <summary><see cref="Forget"/>, for everybody.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var flight in _flights.Values)
            {
                flight.IsForgotten = true;
            }

            _flights.Clear();
            _entries.Clear();
            _oldestFirst.Clear();
        }
    }

    private async Task RunAsync<T>(Flight<T> flight, Func<CancellationToken, Task<Result<T>>> readAsync)
        where T : notnull
    {
        try
        {
            flight.SetResult(Land(flight, await readAsync(CancellationToken.None)));
        }
        catch (Exception bug)
        {
            lock (_lock)
            {
                TryEnd(flight);
            }

            flight.SetException(bug);
        }
    }

    private Result<Reading<T>> Land<T>(Flight<T> flight, Result<T> result)
        where T : notnull
    {
        lock (_lock)
        {
            var wanted = TryEnd(flight);
            if (result.Succeeded(out var value, out var failure))
            {
                var reading = new Reading<T>(value, flight.StartedAt, Trouble: null);
                if (wanted)
                {
                    Keep(flight, reading);
                }

                return reading;
            }

            return !flight.IsForgotten && failure.IsOutage && TryGet<T>(flight.Key, flight.StaleFor, out var last)
                ? last.Reading with { Trouble = failure }
                : failure;
        }
    }

    // False when what the user has read was forgotten or expired meanwhile: the flight is no longer the one under its key.
    private bool TryEnd<T>(Flight<T> flight)
        where T : notnull =>
        _flights.TryGetValue(flight.Key, out var current) && ReferenceEquals(current, flight) && _flights.Remove(flight.Key);

    private bool TryGet<T>(CacheKey key, TimeSpan youngerThan, [NotNullWhen(true)] out Entry<T>? entry)
        where T : notnull
    {
        entry = _entries.TryGetValue(key, out var found) ? (Entry<T>)found : null;
        if (entry is null)
        {
            return false;
        }

        // A negative age means that the clock was set back; such an entry is of unknown age.
        var age = clock.GetUtcNow() - entry.Reading.ReadAt;
        return age >= TimeSpan.Zero && age < youngerThan;
    }

    // A clock that stands still, as mock mode's may, must not keep an entry fresh for good: real time counts too.
    private bool IsFresh<T>(Entry<T> entry, TimeSpan freshFor)
        where T : notnull =>
        !entry.IsOutdated && entry.Generation == _generation && clock.GetElapsedTime(entry.Started) < freshFor;

    private void Keep<T>(Flight<T> flight, Reading<T> reading)
        where T : notnull
    {
        var key = flight.Key;
        if (_entries.TryGetValue(key, out var former))
        {
            Remove(former);
        }
        else if (_entries.Count == Capacity)
        {
            Remove(_entries[_oldestFirst.First!.Value]);
        }

        _entries.Add(key, new Entry<T>(_oldestFirst.AddLast(key), reading, flight.Started, flight.Generation));
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Place.Value);
        _oldestFirst.Remove(entry.Place);
    }

    private readonly record struct CacheKey(long UserId, string Name, Type Kept);

    private abstract class Entry(LinkedListNode<CacheKey> place)
    {
        public LinkedListNode<CacheKey> Place { get; } = place;

        public bool IsOutdated { get; set; }
    }

    private sealed class Entry<T>(LinkedListNode<CacheKey> place, Reading<T> reading, long started, long generation) : Entry(place)
        where T : notnull
    {
        public long Started { get; } = started;

        public long Generation { get; } = generation;

        public Reading<T> Reading { get; } = reading;

        // Made once, so that a hit allocates nothing.
        public Task<Result<Reading<T>>> Answer { get; } = Task.FromResult<Result<Reading<T>>>(reading);
    }

    private interface IFlight
    {
        /// <summary>Its user is gone, or another account is; not even an outage brings back what was read before.</summary>
        bool IsForgotten { get; set; }
    }

    private sealed class Flight<T>(CacheKey key, DateTimeOffset startedAt, long started, long generation, TimeSpan staleFor)
        : TaskCompletionSource<Result<Reading<T>>>(TaskCreationOptions.RunContinuationsAsynchronously), IFlight
        where T : notnull
    {
        public bool IsForgotten { get; set; }

        public CacheKey Key { get; } = key;

        public DateTimeOffset StartedAt { get; } = startedAt;

        public long Started { get; } = started;

        public long Generation { get; } = generation;

        public TimeSpan StaleFor { get; } = staleFor;
    }
}
