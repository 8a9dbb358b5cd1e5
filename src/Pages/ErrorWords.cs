using CalendlySlices.Infrastructure;

namespace CalendlySlices.Pages;

/// <param name="Code">The code of the JSON routes, and the <c>X-Error-Code</c> header.</param>
/// <param name="StillWorks">What the person can do now.</param>
internal sealed record ErrorWords(string Code, string Title, string Message, string StillWorks)
{
    private const string InternalError = "INTERNAL_ERROR";
    private const string Elsewhere = "The rest of the application works.";

    /// <summary>Red only where the fault is ours.</summary>
    public string Tone => Code == InternalError || Code == FailureCode.DatabaseUnavailable.ToWireName() ? "bad" : "info";

    public static ErrorWords For(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Known(FailureCode.NotSignedIn, "Sign in first", Elsewhere),
        StatusCodes.Status403Forbidden => new(
            FailureCode.ForbiddenRole.ToWireName(), "This is not for your account", "Your role does not allow this.", Elsewhere),
        StatusCodes.Status404NotFound => new(
            FailureCode.NotFound.ToWireName(), "Nothing lives here", "The address may be mistyped, or what it showed may be gone.", Elsewhere),
        StatusCodes.Status405MethodNotAllowed => Known(FailureCode.MethodNotAllowed, "That does not work this way", "Go back and try from the page itself."),
        StatusCodes.Status415UnsupportedMediaType => Known(FailureCode.UnsupportedMediaType, "That does not work this way", "Go back and try from the page itself."),
        StatusCodes.Status429TooManyRequests => new(
            FailureCode.RateLimited.ToWireName(), "One moment", "That was a lot of requests at once.", "Wait a few seconds, then reload."),
        StatusCodes.Status503ServiceUnavailable => Known(FailureCode.DatabaseUnavailable, "One moment", "Nothing is lost. Reload in a few seconds."),
        >= 400 and < 500 => Known(FailureCode.ValidationFailed, "We could not read that request", "Go back, check what you entered, and try again."),
        _ => new(
            InternalError, "This went wrong on our side", "The fault is ours and has been recorded.", "Other pages may work; reload to try this one again."),
    };

    private static ErrorWords Known(FailureCode code, string title, string stillWorks) =>
        new(code.ToWireName(), title, code.DefaultMessage(), stillWorks);
}
