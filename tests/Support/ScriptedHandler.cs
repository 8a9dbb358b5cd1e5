using System.Collections.Concurrent;

namespace CalendlySlices.Tests.Support;

/// <summary>A request as it reached the wire.</summary>
internal sealed record SentRequest(string Route, Uri Address, string? Authorization, string Body);

/// <summary>
/// The wire to Calendly with answers by method and path, each given once and in turn. A call that nobody scripted throws,
/// so the script also says how often something may be called.
/// </summary>
internal sealed class ScriptedHandler : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Answer>> _answers = new();
    private readonly ConcurrentQueue<SentRequest> _sent = new();

    public IReadOnlyList<SentRequest> Sent => [.. _sent];

    /// <param name="route">Such as <c>GET /users/me</c>.</param>
    public ScriptedHandler On(string route, params Answer[] answers)
    {
        var queue = _answers.GetOrAdd(route, _ => new());
        foreach (var answer in answers)
        {
            queue.Enqueue(answer);
        }

        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var route = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        _sent.Enqueue(new SentRequest(route, request.RequestUri, request.Headers.Authorization?.ToString(), body));
        return _answers.TryGetValue(route, out var queue) && queue.TryDequeue(out var answer)
            ? await answer(cancellationToken)
            : throw new InvalidOperationException($"Nobody expects call {_sent.Count}: {route}");
    }
}
