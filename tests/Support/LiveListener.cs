using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CalendlySlices.Tests.Support;

/// <param name="At">By <see cref="Stopwatch"/>.</param>
internal sealed record Heard(long Id, string Event, string Data, long At);

/// <summary>An open page's ear: keeps what it is told, and when its stream ends or breaks off comes back with the number of the
/// last thing that it heard, as browsers do.</summary>
internal sealed class LiveListener : IAsyncDisposable
{
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentQueue<Heard> _heard = new();
    private readonly Uri _stream;
    private readonly string _cookie;
    private readonly Task _listening;
    private int _streams;
    private long _last;

    private LiveListener(Uri address, string cookie, long since)
    {
        (_stream, _cookie, _last) = (new Uri(address, string.Create(CultureInfo.InvariantCulture, $"/live?since={since}")), cookie, since);
        _listening = ListenAsync();
    }

    public IReadOnlyCollection<Heard> All => _heard;

    /// <summary>How many streams it has had.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Returns once it is told everything from then on.</summary>
    public static async Task<LiveListener> StartAsync(Uri address, string cookie, long since)
    {
        var listener = new LiveListener(address, cookie, since);
        await listener.UntilAsync(heard => heard.Any(known => known.Event == "live"));
        return listener;
    }

    /// <summary>Changes of this number are known to it: told, or covered by the request to read everything anew.</summary>
    public bool Knows(long id) => _heard.Any(known => known.Event == "catch-up" ? known.Id >= id : known.Id == id && known.Event == "session");

    public async Task UntilAsync(Func<IReadOnlyCollection<Heard>, bool> isEnough)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isEnough(_heard))
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _listening;
        _client.Dispose();
        _closed.Dispose();
    }

    private async Task ListenAsync()
    {
        var retry = UntilTold;
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                retry = await ReadAsync() ?? retry;
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException or OperationCanceledException)
            {
                // Broken off; the next one goes on where this one was.
            }

            try
            {
                await Task.Delay(retry, TimeProvider.System, _closed.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // How long to wait before the next one; null when nothing was said of it.
    private async Task<TimeSpan?> ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _stream);
        request.Headers.Add("Cookie", _cookie);
        request.Headers.Add("Last-Event-ID", _last.ToString(CultureInfo.InvariantCulture));
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _closed.Token);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return answer.Headers.RetryAfter?.Delta;
        }

        Interlocked.Increment(ref _streams);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(_closed.Token));
        var (name, id, data, retry) = ("message", _last, string.Empty, (TimeSpan?)null);
        while (await lines.ReadLineAsync(_closed.Token) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["event", var value]:
                    name = value;
                    break;
                case ["id", var value]:
                    id = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case ["data", var value]:
                    data = value;
                    break;
                case ["retry", var value]:
                    retry = TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture));
                    break;
                case [""]:
                    if (name != "message")
                    {
                        _last = id;
                        _heard.Enqueue(new Heard(id, name, data, Stopwatch.GetTimestamp()));
                    }

                    (name, data) = ("message", string.Empty);
                    break;
            }
        }

        return retry;
    }
}
