namespace CalendlySlices.Infrastructure.Web;

/// <summary>Marks a route whose answers are kept under the caller's <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;

internal static class IdempotencyKeyExtensions
{
    /// <summary>For JSON writes: the same <c>Idempotency-Key</c> with the same body is answered once more with what it was
    /// answered first, for 24 hours, and never carried out twice.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder route) => route.WithMetadata(new TakesIdempotencyKey());
}
