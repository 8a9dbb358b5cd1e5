using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Features.Live;

/// <summary>Tells one page what changes. Holds neither a scope nor a connection to the database while nothing does.</summary>
internal sealed class LiveHandler(LiveStreams streams, Changes changes, ChangeFeed feed, SessionTickets sessions, WireTime time, IOptions<LiveOptions> options)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    // Those who have lost their stream together do not come back together.
    private const double WithinSeconds = 3;

    /// <summary>What has changed on this person's pages since a page was made, and the number to ask with next time.</summary>
    public async Task<(IReadOnlyList<LiveEvent> Events, long Last)> ReadAsync(long watchedId, long since, CancellationToken cancellationToken)
    {
        var last = feed.Last;
        if (since == last)
        {
            return ([], last);
        }

        return await changes.ReadAsync(watchedId, since, options.Value.Held, cancellationToken) is { } missed
            ? ([.. missed.Select(LiveEvent.Of)], missed.Count > 0 ? Math.Max(last, missed[^1].Id) : Math.Max(since, last))
            : ([new LiveEvent(last, LiveEvent.CatchUp)], last);
    }

    /// <summary>Runs until the stream ends or the browser is gone; <paramref name="send"/> sends at once.</summary>
    public async Task RunAsync(LiveStream stream, long since, Func<byte[], Task> send, CancellationToken cancellationToken)
    {
        var started = time.Provider.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var (missed, last) = await ReadAsync(stream.Reader.WatchedId, since, cancellationToken);
            var skip = missed.Count > 0 ? missed[^1].Id : 0;
            foreach (var known in missed)
            {
                await send(known.ToBytes());
            }

            await send(new LiveEvent(last, LiveEvent.Live).ToBytes(Soon));
            Task<bool>? more = null;
            Task? beat = null;
            while (stream.Ending is null)
            {
                more ??= stream.Held.WaitToReadAsync(over.Token).AsTask();
                beat ??= Task.Delay(options.Value.Heartbeat, time.Provider, over.Token);
                if (await Task.WhenAny(more, beat) == beat)
                {
                    await beat;
                    beat = null;
                    if (time.Provider.GetElapsedTime(started) >= options.Value.Life)
                    {
                        stream.End(LiveEnd.Aged);
                    }
                    else if (await HoldsAsync(stream))
                    {
                        await send(LiveEvent.Heartbeat);
                    }
                }
                else
                {
                    await more;
                    more = null;
                    last = await SendHeldAsync(stream, skip, last, send);
                    if (stream.TakeLook())
                    {
                        await HoldsAsync(stream);
                    }
                }
            }

            // First out of the list: then all that was told to anybody until this number has been told here.
            var told = streams.Close(stream);
            last = Math.Max(await SendHeldAsync(stream, skip, last, send), told);
            await send(new LiveEvent(last, LiveEvent.Name(stream.Ending.Value)).ToBytes(
                stream.Ending == LiveEnd.Stopping ? Soon + TimeSpan.FromSeconds(Random.Shared.NextDouble() * WithinSeconds) : Soon));
        }
        finally
        {
            streams.Close(stream);
            await over.CancelAsync();
        }
    }

    private static async Task<long> SendHeldAsync(LiveStream stream, long skip, long last, Func<byte[], Task> send)
    {
        var held = new List<LiveEvent>();
        while (stream.Held.TryRead(out var change))
        {
            if (change is not null && change.Id > skip)
            {
                held.Add(LiveEvent.Of(change));
            }
        }

        last = held.Count > 0 ? held[^1].Id : last;
        foreach (var known in stream.TakeMissed() ? [new LiveEvent(last, LiveEvent.CatchUp)] : held)
        {
            await send(known.ToBytes());
        }

        return last;
    }

    private async Task<bool> HoldsAsync(LiveStream stream)
    {
        try
        {
            if (stream.Reader.SessionKey is null || await sessions.HoldsAsync(stream.Reader.SessionKey))
            {
                return true;
            }
        }
        catch (DbException)
        {
            // An outage ends nobody's session.
            return true;
        }

        stream.End(LiveEnd.SessionOver);
        return false;
    }
}
