using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace CalendlySlices.Tests.Support;

/// <summary>Requests at a fixed rate, whether earlier ones have been answered or not, each on a connection of its own as
/// from another person.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly Func<int, HttpRequestMessage> _request;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<string> _failed = [];
    private readonly List<Task> _sent = [];
    private readonly Task _sending;

    private SteadyLoad(Uri address, int perSecond, Func<int, HttpRequestMessage> request)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        _request = request;
        _sending = SendAsync(perSecond);
    }

    /// <param name="request">Makes the request of a number, from 0. A read has to be answered with 200, a write with 302.</param>
    public static SteadyLoad Start(Uri address, int perSecond, Func<int, HttpRequestMessage> request) => new(address, perSecond, request);

    /// <summary>Ends it and waits for every answer. Returns how many were asked, and what went wrong.</summary>
    public async Task<(int Sent, IReadOnlyCollection<string> Failed)> EndAsync()
    {
        await _end.CancelAsync();
        await _sending;
        await Task.WhenAll(_sent);
        return (_sent.Count, _failed);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(int perSecond)
    {
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_end.IsCancellationRequested)
        {
            while (_sent.Count < Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond)
            {
                _sent.Add(AskAsync(_sent.Count));
            }

            await tick.WaitForNextTickAsync();
        }
    }

    private async Task AskAsync(int number)
    {
        using var request = _request(number);
        var expected = request.Method == HttpMethod.Get ? HttpStatusCode.OK : HttpStatusCode.Redirect;
        try
        {
            using var answer = await _client.SendAsync(request);
            if (answer.StatusCode != expected)
            {
                _failed.Add($"{number}: {request.Method} {request.RequestUri} {(int)answer.StatusCode} {answer.ErrorCode()}");
            }
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException)
        {
            _failed.Add($"{number}: {request.Method} {request.RequestUri} {trouble.Message}");
        }
    }
}
