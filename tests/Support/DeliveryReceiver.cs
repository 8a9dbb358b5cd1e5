using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace CalendlySlices.Tests.Support;

/// <summary>A delivery as it arrived.</summary>
/// <param name="Signature">Null when there was none.</param>
internal sealed record ReceivedDelivery(Uri Address, string? Signature, byte[] Body)
{
    private readonly JsonElement _json = JsonSerializer.Deserialize<JsonElement>(Body);

    public string Event => _json.GetProperty("event").GetString()!;

    public JsonElement Envelope => _json;

    public JsonElement Payload => _json.GetProperty("payload");

    /// <summary>Of the invitee or event type that it is about.</summary>
    public string Uri => Payload.GetProperty("uri").GetString()!;
}

/// <summary>The wire of the emulator's deliveries, with a receiver at its end.</summary>
internal sealed class DeliveryReceiver : HttpMessageHandler
{
    private readonly ConcurrentQueue<ReceivedDelivery> _received = new();

    /// <summary>Decides the answer; 204 for all when nobody has set it.</summary>
    public Func<ReceivedDelivery, CancellationToken, Task<HttpStatusCode>> Answer { get; set; } = (_, _) => Task.FromResult(HttpStatusCode.NoContent);

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<ReceivedDelivery> Received => [.. _received];

    /// <summary>Those that came to this path.</summary>
    public IReadOnlyList<ReceivedDelivery> At(string path) => [.. _received.Where(one => one.Address.AbsolutePath == path)];

    public void Forget() => _received.Clear();

    public void AnswerWith(HttpStatusCode status) => Answer = (_, _) => Task.FromResult(status);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal((HttpMethod.Post, "application/json"), (request.Method, request.Content!.Headers.ContentType!.ToString()));
        var signature = request.Headers.TryGetValues("Calendly-Webhook-Signature", out var values) ? Assert.Single(values) : null;
        var received = new ReceivedDelivery(request.RequestUri!, signature, await request.Content.ReadAsByteArrayAsync(cancellationToken));
        _received.Enqueue(received);
        return new HttpResponseMessage(await Answer(received, cancellationToken));
    }
}
