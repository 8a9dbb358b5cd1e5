using System.Net.Http.Headers;

namespace CalendlySlices.Tests.Support;

/// <summary>A stream of server-sent events, read one at a time.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    public HttpResponseMessage Answer => _answer;

    /// <param name="lastEventId">As a browser says it that has been here before.</param>
    public static async Task<EventStream> OpenAsync(HttpClient client, string path = "/live", long? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is { } id)
        {
            request.Headers.Add("Last-Event-ID", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Opens one and reads until it is live.</summary>
    public static async Task<EventStream> LiveAsync(HttpClient client, string path = "/live")
    {
        var stream = await OpenAsync(client, path);
        while ((await stream.NextAsync())?.Event != "live")
        {
        }

        return stream;
    }

    /// <summary>The next event, or heartbeat, as <c>:</c>; null when the stream has ended.</summary>
    public async Task<(string Event, string? Id, string? Data, string? Retry)?> NextAsync()
    {
        (string Event, string? Id, string? Data, string? Retry) found = (string.Empty, null, null, null);
        while (await _lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                return found;
            }

            var (name, value) = line.StartsWith(':') ? (":", string.Empty) : (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            found = name switch
            {
                ":" => found with { Event = ":" },
                "event" => found with { Event = value },
                "id" => found with { Id = value },
                "data" => found with { Data = value },
                _ => found with { Retry = value },
            };
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
