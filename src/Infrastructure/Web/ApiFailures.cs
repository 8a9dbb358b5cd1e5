using System.Text.Json;
using System.Text.Json.Nodes;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>What the failures of the JSON routes look like, for those who read about them.</summary>
internal static class ApiFailures
{
    /// <summary>Whether <c>Retry-After</c> may come with it.</summary>
    public static bool MayKnowAWait(FailureCode code) => code is FailureCode.RateLimited or FailureCode.CalendlyUnavailable or FailureCode.IdempotencyKeyInUse or FailureCode.DatabaseUnavailable;

    /// <summary>The whole envelope.</summary>
    public static JsonNode Example(FailureCode code) => JsonSerializer.SerializeToNode(Api.Envelope(Typical(code)), Api.JsonOptions)!;

    private static Failure Typical(FailureCode code) => code switch
    {
        FailureCode.ValidationFailed => new Failure(code) { Fields = [new FieldProblem("count", "range", "Ask for 1 to 100 rows.")] },
        FailureCode.ScopeMissing => new Failure(code) { RequiredScopes = ["scheduled_events:read"] },
        FailureCode.RateLimited => new Failure(code) { RetryAfter = TimeSpan.FromSeconds(42) },
        FailureCode.IdempotencyKeyInUse => new Failure(code) { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => new Failure(code),
    };
}
