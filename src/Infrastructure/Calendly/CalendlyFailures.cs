using System.Globalization;
using System.Net;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Models;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>What a refusal or a lost answer of Calendly's means. Decided by the status; the title says nothing.</summary>
internal static class CalendlyFailures
{
    // How Calendly tells reasons of a 403 apart.
    private const string MayNotCancel = "You are not allowed to cancel this event";
    private const string InThePast = "Event in the past";
    private const string AlreadyCanceled = "Event is already canceled";
    private const string MayNotView = "You are not allowed to view this event";

    private const string Taken = "taken";

    // Of what Calendly says about a field.
    private const int LongestText = 200;

    // The window of Calendly's limits.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static Failure Of(HttpResponseMessage response, TimeProvider clock) => response.StatusCode switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => new Failure(FailureCode.ValidationFailed) { Fields = Fields(Error(response)) },
        HttpStatusCode.Unauthorized => new Failure(FailureCode.ReconnectRequired),
        HttpStatusCode.Forbidden => Forbidden(Error(response)),
        HttpStatusCode.NotFound => new Failure(FailureCode.NotFound),
        HttpStatusCode.FailedDependency => new Failure(FailureCode.CalendlyExternalCalendar),
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => new Failure(FailureCode.CalendlyTimeout),
        HttpStatusCode.TooManyRequests => new Failure(FailureCode.RateLimited) { RetryAfter = Wait(response, clock) ?? DefaultWait },
        >= HttpStatusCode.InternalServerError => new Failure(FailureCode.CalendlyUnavailable) { RetryAfter = Wait(response, clock) },
        _ => new Failure(FailureCode.CalendlyBadResponse),
    };

    /// <summary>Calendly tells this address already, which it says of nothing else with this status; null for another refusal.</summary>
    public static Failure? OfSubscribing(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.Conflict
        ? new Failure(FailureCode.ValidationFailed) { Fields = [new FieldProblem("url", Taken, "Calendly tells this address already.")] }
        : null;

    /// <summary>True for the failure of <see cref="OfSubscribing"/>.</summary>
    public static bool IsTaken(Failure failure) => failure.Fields is [{ Rule: Taken }];

    /// <summary>Null for what Calendly cannot have caused: bugs, and a caller who has left.</summary>
    public static Failure? Of(Exception trouble) => trouble switch
    {
        NoTokenException noToken => noToken.Failure,
        TimeoutRejectedException => new Failure(FailureCode.CalendlyTimeout),
        BrokenCircuitException broken => new Failure(FailureCode.CalendlyUnavailable) { RetryAfter = broken.RetryAfter },
        BadAnswerException or JsonException => new Failure(FailureCode.CalendlyBadResponse),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
            new Failure(FailureCode.CalendlyBadResponse),
        HttpRequestException => new Failure(FailureCode.CalendlyUnavailable),
        _ => null,
    };

    /// <summary>How long Calendly asks to wait, at most an hour: <c>Retry-After</c>, or at a 429 <c>X-RateLimit-Reset</c>,
    /// which counts seconds. Null when it does not ask.</summary>
    public static TimeSpan? Wait(HttpResponseMessage response, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter is { } header
            ? header.Delta ?? (header.Date - clock.GetUtcNow())
            : response.StatusCode == HttpStatusCode.TooManyRequests ? Reset(response) : null;
        return wait is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestWait.Ticks)) : null;
    }

    private static TimeSpan? Reset(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-RateLimit-Reset", out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static Failure Forbidden(CalendlyError? error) => error switch
    {
        { RequiredScopes: { Count: > 0 } scopes } => new Failure(FailureCode.ScopeMissing) { RequiredScopes = [.. scopes.OfType<string>()] },
        { Message: MayNotCancel } => new Failure(FailureCode.CancelNotAllowed),
        { Message: InThePast } => new Failure(FailureCode.EventInPast),
        { Message: AlreadyCanceled } => new Failure(FailureCode.EventAlreadyCanceled),
        // Told apart from a 404, it would tell a stranger which ids exist.
        { Message: MayNotView } => new Failure(FailureCode.NotFound),
        _ => new Failure(FailureCode.CalendlyForbidden),
    };

    private static List<FieldProblem> Fields(CalendlyError? error) =>
        [.. (error?.Details ?? []).OfType<CalendlyErrorDetail>().Select(detail =>
            new FieldProblem(Short(detail.Parameter ?? string.Empty), Short(detail.Code ?? "invalid"), Short(detail.Message ?? string.Empty)))];

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText];

    // A refusal whose body cannot be read is still a refusal.
    private static CalendlyError? Error(HttpResponseMessage response)
    {
        try
        {
            return JsonSerializer.Deserialize(CappedContent.Of(response), CalendlyJson.Default.CalendlyError);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
