using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>The envelope of every JSON answer: data or error, the other one null.</summary>
internal sealed record ApiResponse<T>(T? Data, ApiError? Error);

/// <param name="Code">A name from <see cref="FailureCode"/>, in capitals.</param>
/// <param name="Details">A list of field problems, or an object with what else is known; null when nothing is.</param>
internal sealed record ApiError(string Code, string Message, object? Details);

/// <summary>Answers of the JSON routes. Field names are camelCase; Calendly's values keep their spelling.</summary>
internal static class Api
{
    public static IResult Ok<T>(T data) => Results.Json(new ApiResponse<T>(data, null), JsonOptions);

    /// <summary>As <see cref="Ok{T}(T)"/>, through generated code: for the answers that are large or asked for often.</summary>
    public static IResult Ok<T>(T data, JsonTypeInfo<ApiResponse<T>> json) => Results.Json(new ApiResponse<T>(data, null), json);

    /// <summary>The envelope with the failure's own status, and <c>Retry-After</c> in seconds where a wait is known.</summary>
    public static IResult Fail(Failure failure) => new FailureAnswer(failure);

    /// <summary>What <see cref="Fail"/> writes.</summary>
    public static ApiResponse<object> Envelope(Failure failure) =>
        new(null, new ApiError(failure.Code.ToWireName(), failure.Message, Details(failure)));

    private static object? Details(Failure failure) => failure switch
    {
        { Fields.Count: > 0 } => failure.Fields,
        { RequiredScopes.Count: > 0 } => new { failure.RequiredScopes },
        { RetryAfter: { } wait } => new { RetryAfterSeconds = Seconds(wait) },
        _ => null,
    };

    private static int Seconds(TimeSpan wait) => (int)Math.Ceiling(wait.TotalSeconds);

    public static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private sealed class FailureAnswer(Failure failure) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => failure.Code.ToStatusCode();

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.MarkFailure(failure);
            return Results.Json(Envelope(failure), JsonOptions, statusCode: StatusCode).ExecuteAsync(httpContext);
        }
    }
}

internal static class ApiHeaderExtensions
{
    public const string AgeHeader = "X-Data-Age";
    public const string ErrorCodeHeader = "X-Error-Code";
    public const string RetryAfterHeader = "Retry-After";

    /// <summary><c>X-Data-Age</c>, in whole seconds, for data that was read from Calendly a while ago; nothing for what is new.</summary>
    public static void MarkAge(this HttpResponse response, DateTimeOffset readAt, TimeProvider clock)
    {
        var age = (long)(clock.GetUtcNow() - readAt).TotalSeconds;
        if (age > 0)
        {
            response.Headers[AgeHeader] = age.ToString(CultureInfo.InvariantCulture);
        }
    }


    /// <summary>Says in headers that this failure is ours to explain: <c>X-Error-Code</c>, without which the page refuses to
    /// show a 5xx, and <c>Retry-After</c>.</summary>
    public static void MarkFailure(this HttpResponse response, Failure failure)
    {
        response.Headers[ErrorCodeHeader] = failure.Code.ToWireName();
        if (failure.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
