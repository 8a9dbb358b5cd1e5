using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Operations;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Features.Live;

/// <summary>The open streams of this instance, and how many there may be.</summary>
internal sealed class LiveStreams : IDisposable
{
    // Of people who have opened one lately. Beyond that those who have all their opens left are forgotten.
    private const int Remembered = 50_000;

    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(30);

    private readonly ChangeFeed _feed;
    private readonly SessionTickets _sessions;
    private readonly OpenPages _pages;
    private readonly WireTime _time;
    private readonly LiveOptions _options;
    private readonly CancellationTokenRegistration _stopping;
    private readonly Lock _lock = new();

    // By whose pages they are; of one person they stand in the order in which they were opened.
    private readonly Dictionary<long, List<LiveStream>> _byWatched = [];
    private readonly Dictionary<long, List<LiveStream>> _byUser = [];
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (double Left, long At)> _opens = [];
    private int _count;
    private long _told;
    private bool _isStopping;

    public LiveStreams(ChangeFeed feed, SessionTickets sessions, OpenPages pages, Draining draining, WireTime time, IOptions<LiveOptions> options)
    {
        (_feed, _sessions, _pages, _time, _options) = (feed, sessions, pages, time, options.Value);
        _feed.Happened += Tell;
        _sessions.Ended += Look;
        _stopping = draining.StreamsEnd.Register(Stop);
    }

    /// <summary>Opens one, from now on told of every change. Where the person has too many, the oldest ends. Fails with
    /// <see cref="FailureCode.RateLimited"/>.</summary>
    public Result<LiveStream> Open(LiveReader reader)
    {
        lock (_lock)
        {
            if (Pace(reader.UserId) is { } wait)
            {
                return Refusal("You open pages faster than they can listen for changes.", wait);
            }

            if (_count >= _options.PerInstance || (reader.Address is not null && _byAddress.GetValueOrDefault(reader.Address) >= _options.PerAddress))
            {
                return Refusal("Too many pages listen for changes just now.", WhenFull);
            }

            var stream = new LiveStream(reader, _options.Held, _pages.Open(reader.WatchedId));
            var own = Add(_byUser, reader.UserId, stream);
            if (own.Count(other => other.Ending is null) > _options.PerUser)
            {
                own.First(other => other.Ending is null).End(LiveEnd.Superseded);
            }

            Add(_byWatched, reader.WatchedId, stream);
            _count++;
            if (reader.Address is not null)
            {
                _byAddress[reader.Address] = _byAddress.GetValueOrDefault(reader.Address) + 1;
            }

            if (_isStopping)
            {
                stream.End(LiveEnd.Stopping);
            }

            return stream;
        }
    }

    /// <summary>Nothing more is told to it. The number of the last change of anybody's that it was told, had it been its own;
    /// what is older than this page's own number is not meant.</summary>
    public long Close(LiveStream stream)
    {
        lock (_lock)
        {
            var reader = stream.Reader;
            if (Remove(_byWatched, reader.WatchedId, stream))
            {
                Remove(_byUser, reader.UserId, stream);
                _count--;
                if (reader.Address is not null && --_byAddress[reader.Address] == 0)
                {
                    _byAddress.Remove(reader.Address);
                }

                stream.Page.Dispose();
            }

            return _told;
        }
    }

    public void Dispose()
    {
        _feed.Happened -= Tell;
        _sessions.Ended -= Look;
        _stopping.Dispose();
    }

    private void Tell(Change change)
    {
        lock (_lock)
        {
            _told = change.Id;
            foreach (var stream in _byWatched.GetValueOrDefault(change.UserId, []))
            {
                stream.Tell(change);
            }
        }
    }

    private void Look(long userId)
    {
        lock (_lock)
        {
            foreach (var stream in _byUser.GetValueOrDefault(userId, []))
            {
                stream.Look();
            }
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            foreach (var stream in _byUser.Values.SelectMany(streams => streams))
            {
                stream.End(LiveEnd.Stopping);
            }
        }
    }

    // How long until the next may be opened; null when one may be now, which is then counted.
    private TimeSpan? Pace(long userId)
    {
        var now = _time.Provider.GetTimestamp();
        if (_opens.Count >= Remembered)
        {
            foreach (var (id, _) in _opens.Where(open => Left(open.Value, now) >= _options.OpensPerMinute).ToList())
            {
                _opens.Remove(id);
            }
        }

        var left = _opens.TryGetValue(userId, out var known) ? Left(known, now) : _options.OpensPerMinute;
        if (left < 1)
        {
            return TimeSpan.FromMinutes((1 - left) / _options.OpensPerMinute);
        }

        _opens[userId] = (left - 1, now);
        return null;
    }

    private double Left((double Left, long At) known, long now) =>
        Math.Min(_options.OpensPerMinute, known.Left + (_time.Provider.GetElapsedTime(known.At, now).TotalMinutes * _options.OpensPerMinute));

    private static Failure Refusal(string message, TimeSpan wait) => new(FailureCode.RateLimited, message) { RetryAfter = wait };

    private static List<LiveStream> Add(Dictionary<long, List<LiveStream>> streams, long id, LiveStream stream)
    {
        if (!streams.TryGetValue(id, out var known))
        {
            streams[id] = known = [];
        }

        known.Add(stream);
        return known;
    }

    private static bool Remove(Dictionary<long, List<LiveStream>> streams, long id, LiveStream stream)
    {
        if (!streams.TryGetValue(id, out var known) || !known.Remove(stream))
        {
            return false;
        }

        if (known.Count == 0)
        {
            streams.Remove(id);
        }

        return true;
    }
}
