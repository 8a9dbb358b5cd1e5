namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// What the handlers know about a call beside the request itself; it travels in the request's options, because handlers
/// live longer than the scope that makes the call.
/// </summary>
/// <param name="operation">Method and path with placeholders, the only form in which an address is logged.</param>
/// <param name="userId">Whose connection is used; null at the authorization host.</param>
internal sealed class CalendlyCall(string operation, long? userId)
{
    private static readonly HttpRequestOptionsKey<CalendlyCall> Key = new("calendly-call");

    public string Operation { get; } = operation;

    public long? UserId { get; } = userId;

    /// <summary>True when the call is not to be tried again: whoever makes it wants to know how Calendly is doing now.</summary>
    public bool Once { get; init; }

    /// <summary>Sent instead of the connection's token; see <see cref="ConnectionOwner.FormerToken"/>.</summary>
    public Secret? FormerToken { get; init; }

    /// <summary>How often a request went towards the wire: retries, and the replay with a newer token, included.</summary>
    public int Attempts { get; set; }

    public static CalendlyCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("The request names no Calendly call.");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);
}
