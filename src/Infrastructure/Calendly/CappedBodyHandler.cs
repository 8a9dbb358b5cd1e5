using System.Net;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// Reads the body within the attempt, so that its time limit, the retry and the circuit breaker also cover a body that is
/// slow, endless, cut off or not JSON. Above this handler every response has a <see cref="CappedContent"/>, and what
/// can go wrong is an <see cref="HttpRequestException"/>, a <see cref="BadAnswerException"/> or a cancellation.
/// </summary>
/// <param name="capBytes">Counted after decompression.</param>
internal sealed class CappedBodyHandler(int capBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CalendlyCall.Of(request).Attempts++;
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            using var content = response.Content;
            response.Content = await ReadAsync(response, content, cancellationToken);
            return response;
        }
        catch (Exception trouble)
        {
            response?.Dispose();
            throw trouble switch
            {
                // The connect timeout looks like a cancellation that nobody asked for.
                OperationCanceledException { InnerException: TimeoutException } =>
                    new HttpRequestException(HttpRequestError.ConnectionError, "Connecting took too long.", trouble),
                IOException => new HttpRequestException(HttpRequestError.ResponseEnded, "The answer was cut off.", trouble),
                InvalidDataException => new BadAnswerException("The answer could not be decompressed.", mayPass: true),
                _ => trouble,
            };
        }
    }

    private async Task<CappedContent> ReadAsync(HttpResponseMessage response, HttpContent content, CancellationToken cancellationToken)
    {
        var isJson = content.Headers.ContentType?.MediaType is "application/json";
        if (response.IsSuccessStatusCode)
        {
            var body = await ReadCappedAsync(content, cancellationToken) ?? throw new BadAnswerException("The answer is too long.", mayPass: false);
            if (body.Count > 0 && !(isJson && IsJson(body)))
            {
                throw new BadAnswerException($"The answer is not JSON ({body.Count} bytes).", mayPass: true);
            }

            return new CappedContent(body);
        }

        // Only a refusal says in its body what is wrong. Of the others the status is enough, and they may come from anybody.
        var isRefusal = (int)response.StatusCode is >= 400 and < 500 && response.StatusCode is not HttpStatusCode.TooManyRequests;
        return isRefusal && isJson && await ReadCappedAsync(content, cancellationToken) is { } refusal && IsJson(refusal)
            ? new CappedContent(refusal)
            : new CappedContent(ArraySegment<byte>.Empty);
    }

    // Null when there is more than the cap allows; the rest stays unread.
    private async Task<ArraySegment<byte>?> ReadCappedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > capBytes)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(capBytes, (int?)content.Headers.ContentLength ?? 8192) + 1];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > capBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(capBytes + 1, buffer.Length * 2));
            }
        }

        return new ArraySegment<byte>(buffer, 0, length);
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = CalendlyJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
