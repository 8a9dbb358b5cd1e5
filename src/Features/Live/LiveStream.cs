using System.Threading.Channels;
using CalendlySlices.Infrastructure.Live;

namespace CalendlySlices.Features.Live;

/// <summary>Why a stream ends; each is the last thing that it says.</summary>
internal enum LiveEnd
{
    /// <summary>It has lived long enough; the page opens another at once.</summary>
    Aged,

    /// <summary>This instance stops.</summary>
    Stopping,

    /// <summary>The person has opened more pages than may listen.</summary>
    Superseded,

    SessionOver,
}

/// <summary>Who listens, and to whose changes.</summary>
/// <param name="WatchedId">Whose pages are open: a delegate's are the coach's.</param>
/// <param name="SessionKey">Null where sessions are kept by somebody else.</param>
/// <param name="Address">Null where it is not known.</param>
internal sealed record LiveReader(long UserId, long WatchedId, string? SessionKey, string? Address);

/// <summary>What one open page has not been told yet.</summary>
internal sealed class LiveStream
{
    private readonly Channel<Change?> _held;
    private volatile bool _missed;
    private volatile bool _look;
    private LiveEnd? _end;

    public LiveStream(LiveReader reader, int held, IDisposable page)
    {
        Reader = reader;
        Page = page;
        _held = Channel.CreateBounded<Change?>(
            new BoundedChannelOptions(held) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => _missed = true);
    }

    public LiveReader Reader { get; }

    public IDisposable Page { get; }

    public ChannelReader<Change?> Held => _held.Reader;

    public LiveEnd? Ending => _end;

    public void Tell(Change change) => _held.Writer.TryWrite(change);

    /// <summary>Has the session looked at again.</summary>
    public void Look()
    {
        _look = true;
        _held.Writer.TryWrite(null);
    }

    /// <summary>The first reason counts. What is told until it has said so is still sent.</summary>
    public void End(LiveEnd end)
    {
        _end ??= end;
        _held.Writer.TryWrite(null);
    }

    public bool TakeMissed()
    {
        var missed = _missed;
        _missed = false;
        return missed;
    }

    public bool TakeLook()
    {
        var look = _look;
        _look = false;
        return look;
    }
}
