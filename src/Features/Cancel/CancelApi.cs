using System.Text.Json.Serialization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Cancel;

/// <summary>The JSON form.</summary>
internal static class CancelApi
{
    public static readonly ApiDescription Description = new(
        "Cancel a session",
        "Cancels one of your sessions at Calendly, which tells the invitees. 202 means that Calendly has not confirmed it yet: read the session again before you try once more.",
        typeof(CancelAnswer),
        """
        {
          "uuid": "3f0f5b3e-1111-4222-8333-944455556666",
          "canceledBy": "Ana Ruiz",
          "reason": "My flight is delayed.",
          "cancelerType": "host",
          "createdAt": "2026-03-02T15:00:00.000000Z"
        }
        """)
    {
        Body = new ApiBody(typeof(CancelBody), """{ "uuid": "3f0f5b3e-1111-4222-8333-944455556666", "reason": "My flight is delayed." }""", "uuid")
        {
            MaxLengths = new Dictionary<string, int> { ["reason"] = CancelValidator.MaxReasonLength },
        },
        Failures =
        [
            FailureCode.UnsupportedMediaType,
            FailureCode.CancelNotAllowed,
            FailureCode.EventAlreadyCanceled,
            FailureCode.EventInPast,
            FailureCode.CancelOutcomeUnknown,
            .. ApiDescription.ReadFailures,
        ],
    };

    public static async Task<IResult> CancelAsync(
        CurrentUser user,
        ReaderZone zone,
        CancelValidator validator,
        CancelHandler handler,
        IConnections connections,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!(await JsonBody.ReadAsync(request, CancelJson.Default.CancelBody, cancellationToken)).Succeeded(out var body, out var failure))
        {
            return Api.Fail(failure);
        }

        var command = new CancelCommand(body.Uuid, body.Reason);
        if (validator.Problem(command) is { } problem)
        {
            return Api.Fail(problem);
        }

        if (!(await handler.HandleAsync(user.ConnectionOwnerId, command, cancellationToken)).Succeeded(out var outcome, out failure))
        {
            return Api.Fail(failure);
        }

        if (outcome.Already)
        {
            var connection = await connections.FindAsync(user.ConnectionOwnerId, cancellationToken);
            return Api.Fail(new Failure(FailureCode.EventAlreadyCanceled, CancelWords.Already(outcome.Cancellation, connection, zone.Zone)));
        }

        var cancellation = outcome.Cancellation;
        return Api.Ok(
            new CancelAnswer(outcome.Session.Id, cancellation?.CanceledBy, cancellation?.Reason, cancellation?.CancelerType, cancellation?.CreatedAt),
            CancelJson.Default.ApiResponseCancelAnswer);
    }
}

internal sealed record CancelBody(string? Uuid, string? Reason);

internal sealed record CancelAnswer(string Uuid, string? CanceledBy, string? Reason, string? CancelerType, DateTimeOffset? CreatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcInstantConverter)])]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(ApiResponse<CancelAnswer>))]
internal sealed partial class CancelJson : JsonSerializerContext;
