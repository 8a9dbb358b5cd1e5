namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>How the body of a delivery is kept, since it names people.</summary>
internal static class SealedBody
{
    /// <param name="digest">Of the body, in lower-case hex.</param>
    public static string[] BelongsTo(string digest) => ["webhook-delivery", digest];
}
