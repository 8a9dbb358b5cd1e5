using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Cancel;

/// <summary>The form, or, where nothing can be sent, the reason why.</summary>
/// <param name="InRow">Opened inside a row of the list, by htmx; otherwise it is a page of its own and posts as plain HTML.</param>
/// <param name="When">Null when the session could not be read: the form then keeps the text and says what is wrong.</param>
/// <param name="Reason">As typed.</param>
/// <param name="Problem">Shown with the form.</param>
/// <param name="ReasonProblem">Shown beside the reason.</param>
/// <param name="WaitSeconds">How long Calendly asks to wait before the next try.</param>
/// <param name="CanSend">False leaves only the problem and the way back.</param>
/// <param name="NeedsReconnect">A new connection is the cure.</param>
internal sealed record CancelForm(
    string Id,
    bool InRow,
    string Type,
    string Who,
    string? When,
    string? Their,
    string? Audience,
    string? Reason,
    string? Problem,
    string? ReasonProblem,
    int? WaitSeconds,
    bool CanSend,
    bool NeedsReconnect)
{
    public const string ReconnectUrl = "/connection?place=sessions";

    /// <summary>A label, and what it writes into the reason.</summary>
    public static readonly IReadOnlyList<(string Label, string Text)> Presets =
    [
        ("Flight delayed", "My flight is delayed, so I cannot make it in time. I am sorry."),
        ("Illness", "I am ill today and have to cancel. I am sorry."),
        ("Closing moved", "A closing moved to that hour. I am sorry for the short notice."),
        ("Double booked", "I am double booked at that time. I am sorry for the mix-up."),
        ("Other", "Something came up that I cannot move. I am sorry."),
    ];

    /// <param name="subject">Null when the session could not be read.</param>
    /// <param name="failure">Null when the form is opened and nothing is wrong.</param>
    public static CancelForm Of(CancelCommand command, CancelSubject? subject, DateTimeZone zone, bool inRow, Failure? failure)
    {
        var session = subject?.Session;
        return new CancelForm(
            command.Uuid!,
            inRow,
            session?.Name is { Length: > 0 } name ? name : "session",
            session is null ? string.Empty : CancelWords.Who(session, subject!.Invitees),
            session is null ? null : Times(session.StartTime.In(zone), session.EndTime.In(zone)),
            session is null ? null : CancelWords.Their(session, subject!.Invitees, zone),
            session is null ? null : CancelWords.Audience(session, subject!.Invitees),
            command.Reason,
            failure is null || failure.Fields.Count > 0 ? null : Explain(failure),
            failure.MessageFor("reason"),
            failure?.RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null,
            failure?.Code is null or FailureCode.ValidationFailed || failure.IsOutage,
            failure?.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing);
    }

    private static string Times(ZonedDateTime start, ZonedDateTime end) =>
        $"{ZonedTime.Day(start.Date)}, {ZonedTime.Range(start, end)} {ZonedTime.ZoneName(start)}";

    private static string Explain(Failure failure) => failure.Code switch
    {
        FailureCode.ScopeMissing => "Your connection does not allow canceling. Reconnect and tick Manage scheduled events.",
        FailureCode.NotConnected => "Connect Calendly to cancel this session.",
        FailureCode.RateLimited when failure.RetryAfter is { } wait => $"Calendly asked us to wait {Math.Ceiling(wait.TotalSeconds)} s. Nothing was sent; your text is kept.",
        _ => failure.Message,
    };
}
