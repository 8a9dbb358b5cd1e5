using System.Globalization;
using CalendlySlices.Infrastructure;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>Why a panel has nothing to show, and what the reader can do about it.</summary>
/// <param name="State">The panel's <c>data-state</c>: <c>error</c>, <c>disconnected</c> or <c>forbidden</c>.</param>
/// <param name="RetryUrl">Null where trying again cannot help.</param>
/// <param name="Connect">The words on the link to the connection page; null where that is not the cure.</param>
/// <param name="WaitSeconds">After this long the panel asks again by itself.</param>
internal sealed record Trouble(string State, string Title, string Message, string? RetryUrl, string? Connect, int? WaitSeconds)
{
    public const string ConnectUrl = "/connection?place=sessions";

    /// <param name="what">As a title begins: "Sessions", "This session".</param>
    public static Trouble Of(Failure failure, string what, string retryUrl) => failure.Code switch
    {
        FailureCode.NotConnected => new(
            "disconnected", "Connect Calendly", "Your sessions are at Calendly. Connect it once to see and cancel them here.", null, "Connect Calendly", null),
        FailureCode.ReconnectRequired => new("disconnected", "Reconnect Calendly", failure.Message, null, "Reconnect", null),
        FailureCode.ScopeMissing => new(
            "forbidden", "A permission is missing", "Your connection does not allow reading sessions. Reconnect and tick Manage scheduled events.", null, "Reconnect", null),
        FailureCode.ForbiddenRole => new("forbidden", "For coaches", failure.Message, null, null, null),
        FailureCode.CalendlyForbidden => new("forbidden", "Calendly does not allow this", failure.Message, null, null, null),
        FailureCode.NotFound => new("error", $"{what} could not be found", "We could not find that session. It may belong to another account.", null, null, null),
        FailureCode.ValidationFailed => new("error", "That is not a session", "The address is not one of ours. Go back to the list.", null, null, null),
        FailureCode.PageTokenInvalid => new("error", "This page has expired", failure.Message, null, null, null),
        FailureCode.RateLimited when failure.RetryAfter is { } wait => Waiting(what, retryUrl, Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))),
        _ => new("error", $"{what} could not be loaded", failure.Message, retryUrl, null, null),
    };

    /// <summary>For an address that the validator refused; the fields' own messages stand beside them.</summary>
    public static Trouble OfInput(Failure failure) => new(
        "error",
        "That did not work",
        failure.Fields.Count > 0 ? failure.Fields[0].Message : failure.Message,
        null,
        null,
        null);

    private static Trouble Waiting(string what, string retryUrl, int seconds) => new(
        "error",
        $"{what} could not be loaded",
        string.Create(CultureInfo.InvariantCulture, $"Calendly asked us to wait {seconds} s. We will retry by ourselves."),
        retryUrl,
        null,
        seconds);
}
