namespace CalendlySlices.Infrastructure.Web;

/// <summary>Marks a route whose answers are kept under the caller's <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;

internal static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Whether another try could not end otherwise; only such answers are kept.</summary>
    public static bool IsFinal(int status) =>
        status is >= 200 and < 500 and not (StatusCodes.Status202Accepted or StatusCodes.Status401Unauthorized or StatusCodes.Status429TooManyRequests);

    /// <summary>For JSON writes: the same <c>Idempotency-Key</c> with the same body is answered once more with what it was
    /// answered first, for 24 hours, and never carried out twice.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder route) => route.WithMetadata(new TakesIdempotencyKey());
}
