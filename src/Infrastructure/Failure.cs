namespace CalendlySlices.Infrastructure;

/// <summary>What went wrong, as a closed list. The same names, in capitals, are the JSON routes' error codes.</summary>
internal enum FailureCode
{
    ValidationFailed,
    PageTokenInvalid,
    StateMismatch,
    NotSignedIn,
    ForbiddenRole,
    ForbiddenUser,
    ScopeMissing,
    CancelNotAllowed,
    CalendlyForbidden,
    NotFound,
    MethodNotAllowed,
    UnsupportedMediaType,
    NotConnected,
    ReconnectRequired,
    EventAlreadyCanceled,
    EventInPast,
    IdempotencyKeyReused,
    IdempotencyKeyInUse,
    EventTypeOff,
    SlotTaken,
    HoursChanged,
    CalendlyExternalCalendar,
    RateLimited,
    CancelOutcomeUnknown,
    TokenUnreadable,
    AuthIncident,
    DatabaseUnavailable,
    CalendlyBadResponse,
    CalendlyUnavailable,
    CalendlyTimeout,
}

/// <summary>A problem with one field of the input; <paramref name="Rule"/> is a stable word such as <c>maxLength</c>.</summary>
internal sealed record FieldProblem(string Field, string Rule, string Message);

/// <summary>
/// A failure that Calendly or the user caused, as a value. <paramref name="Message"/> is a sentence for the person who
/// reads the page; it never holds Calendly's raw text, a token or an address.
/// </summary>
internal sealed record Failure(FailureCode Code, string Message)
{
    public Failure(FailureCode code)
        : this(code, code.DefaultMessage())
    {
    }

    /// <summary>Filled for <see cref="FailureCode.ValidationFailed"/>.</summary>
    public IReadOnlyList<FieldProblem> Fields { get; init; } = [];

    /// <summary>Filled for <see cref="FailureCode.ScopeMissing"/>: Calendly's names of the scopes that the connection lacks.</summary>
    public IReadOnlyList<string> RequiredScopes { get; init; } = [];

    /// <summary>How long Calendly, or our own limiter, asks the caller to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when Calendly did not give an answer that can be trusted: down, slow, limiting or talking nonsense.
    /// Only then may older data stand in.</summary>
    public bool IsOutage => Code is FailureCode.CalendlyUnavailable or FailureCode.CalendlyTimeout
        or FailureCode.CalendlyBadResponse or FailureCode.RateLimited;
}

internal static class FailureCodeExtensions
{
    /// <summary>The name in JSON and in the <c>X-Error-Code</c> header, for example <c>EVENT_IN_PAST</c>.</summary>
    public static string ToWireName(this FailureCode code) => WireNames[code];

    public static int ToStatusCode(this FailureCode code) => code switch
    {
        FailureCode.ValidationFailed or FailureCode.PageTokenInvalid or FailureCode.StateMismatch => StatusCodes.Status400BadRequest,
        FailureCode.NotSignedIn => StatusCodes.Status401Unauthorized,
        FailureCode.ForbiddenRole or FailureCode.ForbiddenUser or FailureCode.ScopeMissing or FailureCode.CancelNotAllowed or FailureCode.CalendlyForbidden => StatusCodes.Status403Forbidden,
        FailureCode.NotFound => StatusCodes.Status404NotFound,
        FailureCode.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        FailureCode.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.EventAlreadyCanceled or FailureCode.EventInPast
            or FailureCode.IdempotencyKeyReused or FailureCode.IdempotencyKeyInUse
            or FailureCode.EventTypeOff or FailureCode.SlotTaken or FailureCode.HoursChanged => StatusCodes.Status409Conflict,
        FailureCode.CalendlyExternalCalendar => StatusCodes.Status424FailedDependency,
        FailureCode.RateLimited => StatusCodes.Status429TooManyRequests,
        FailureCode.CancelOutcomeUnknown => StatusCodes.Status202Accepted,
        FailureCode.CalendlyBadResponse => StatusCodes.Status502BadGateway,
        FailureCode.CalendlyTimeout => StatusCodes.Status504GatewayTimeout,
        FailureCode.CalendlyUnavailable or FailureCode.TokenUnreadable or FailureCode.AuthIncident or FailureCode.DatabaseUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <summary>What a person is told when the slice has nothing more exact to say.</summary>
    public static string DefaultMessage(this FailureCode code) => code switch
    {
        FailureCode.ValidationFailed => "Something in the request needs another look.",
        FailureCode.PageTokenInvalid => "This page of the list has expired. Start from the first page.",
        FailureCode.StateMismatch => "That sign-in link was old or already used. Please connect again.",
        FailureCode.NotSignedIn => "Sign in to see this.",
        FailureCode.ForbiddenRole => "Only a coach can do this.",
        FailureCode.ForbiddenUser => "You may not see this person's calendar.",
        FailureCode.ScopeMissing => "Your connection to Calendly does not allow this. Reconnect and grant the missing permission.",
        FailureCode.CancelNotAllowed => "Calendly does not let you cancel this session.",
        FailureCode.CalendlyForbidden => "Your Calendly plan or role does not allow this.",
        FailureCode.NotFound => "We could not find that. It may belong to another account.",
        FailureCode.MethodNotAllowed => "This address does not take that method.",
        FailureCode.UnsupportedMediaType => "Send this as application/json.",
        FailureCode.NotConnected => "Connect Calendly to see this.",
        FailureCode.ReconnectRequired => "Calendly has ended our access. Reconnect; nothing here is lost.",
        FailureCode.EventAlreadyCanceled => "This session is already canceled.",
        FailureCode.EventInPast => "This session has started or ended.",
        FailureCode.IdempotencyKeyReused => "This Idempotency-Key was sent before with another body. Use a new key for a new request.",
        FailureCode.IdempotencyKeyInUse => "A request with this Idempotency-Key is still being worked on. Try again in a second.",
        FailureCode.EventTypeOff => "This event type is off in Calendly, so nobody can book it.",
        FailureCode.SlotTaken => "This time has just been taken.",
        FailureCode.HoursChanged => "These hours were changed by somebody else meanwhile. Nothing has been saved yet.",
        FailureCode.CalendlyExternalCalendar => "Calendly cannot read the connected calendar. Check the calendar connection at Calendly.",
        FailureCode.RateLimited => "Calendly asked us to wait a moment.",
        FailureCode.CancelOutcomeUnknown => "Calendly has not confirmed the cancellation yet. We are checking.",
        FailureCode.TokenUnreadable => "The stored connection cannot be read right now. Nothing is lost; tell your administrator.",
        FailureCode.AuthIncident => "Calendly's sign-in has trouble. Your connection is kept; try again in a few minutes.",
        FailureCode.DatabaseUnavailable => "Our database is not answering. Try again in a few seconds.",
        FailureCode.CalendlyBadResponse => "Calendly's answer made no sense to us. Retry, or copy the reference.",
        FailureCode.CalendlyUnavailable => "Calendly is not answering. Nothing is wrong with your account.",
        FailureCode.CalendlyTimeout => "Calendly took too long to answer.",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    private static readonly Dictionary<FailureCode, string> WireNames = Enum.GetValues<FailureCode>().ToDictionary(
        code => code,
        code => string.Concat(code.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}")));
}
