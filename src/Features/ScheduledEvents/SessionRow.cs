using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>One line of the list, with every text made, so that the view only writes.</summary>
/// <param name="Status">Calendly's word.</param>
/// <param name="Start">An instant in UTC, as text.</param>
/// <param name="Their">The invitee's clock, when it is known and differs.</param>
/// <param name="Word">The state in words, with <paramref name="WordClass"/> for its shape.</param>
/// <param name="Done">Ended.</param>
/// <param name="JoinUrl">Set while the session runs and has an https address.</param>
/// <param name="CanCancel">Active and not started yet.</param>
internal sealed record SessionRow(
    string Id,
    string Status,
    string Start,
    string Time,
    string Length,
    TheirClock? Their,
    string Who,
    string Type,
    string Color,
    Place Place,
    string Word,
    string WordClass,
    bool Done,
    string? JoinUrl,
    bool CanCancel)
{
    public string Class => Done ? "row done" : "row";

    public string Url { get; } = $"/sessions/{Id}";

    public string CancelUrl => $"{Url}/cancellation";

    public static SessionRow Of(ScheduledEvent session, string color, RowContext context, SessionPeople? people = null) =>
        Of(session, session.StartTime.In(context.Zone), color, context, people);

    /// <param name="start">The session's start in the reader's zone, where the caller has it already.</param>
    public static SessionRow Of(ScheduledEvent session, ZonedDateTime start, string color, RowContext context, SessionPeople? people = null)
    {
        var end = session.EndTime.In(context.Zone);
        var started = session.StartTime <= context.Now;
        var done = session.EndTime <= context.Now;
        var (word, wordClass) = session.IsCanceled ? (people is { Moved: true } ? ("Moved", "state warn") : (CanceledBy(session.Cancellation, context.HostName), "state off"))
            : people is { NoShow: true } ? ("No-show", "state warn")
            : done ? ("Done", "state")
            : started ? ("In progress", "state on")
            : ("Upcoming", "state");
        return new SessionRow(
            session.Id,
            session.Status,
            ZonedTime.Iso(session.StartTime),
            ZonedTime.Range(start, end),
            ZonedTime.Span(session.EndTime - session.StartTime),
            people?.ClockAt(session.StartTime, context.Zone),
            people?.Who ?? SessionPeople.Count(session.InviteesCounter),
            session.Name is { Length: > 0 } name ? name : "Session",
            color,
            Place.Of(session.Location),
            word,
            wordClass,
            done && !session.IsCanceled,
            started && !done && !session.IsCanceled ? Place.JoinUrl(session.Location) : null,
            !started && !session.IsCanceled);
    }

    /// <summary>"Canceled by you", "Canceled by invitee", "Canceled by Priya Raman".</summary>
    public static string CanceledBy(Cancellation? cancellation, string? hostName) => cancellation switch
    {
        null => "Canceled",
        { CancelerType: "invitee" } => "Canceled by invitee",
        _ when cancellation.CanceledBy == hostName => "Canceled by you",
        _ => $"Canceled by {cancellation.CanceledBy}",
    };
}

/// <param name="HostName">The reader's name at Calendly, so that "by Ana" can read "by you".</param>
internal sealed record RowContext(DateTimeOffset Now, DateTimeZone Zone, string? HostName);

/// <param name="Day">As <c>2026-03-10</c>.</param>
/// <param name="Continued">The day's first sessions are already on the page.</param>
internal sealed record DayGroup(string Day, string Head, bool Continued, IReadOnlyList<SessionRow> Rows)
{
    public string Count => Rows.Count == 1 ? "1 session" : $"{Rows.Count} sessions";
}

/// <summary>What the rows' view draws: whole days, or, for a row that is read again, that row alone.</summary>
/// <param name="NoCancel">Why no session here can be canceled; null when nothing is in the way.</param>
/// <param name="Check">How often this row has been read to see whether Calendly canceled it; 0 when nobody asked.</param>
/// <param name="Said">What became of a row that is read again because it changed, for those who do not see it.</param>
internal sealed record SessionRows(IReadOnlyList<DayGroup> Days, SessionRow? Alone, NoCancel? NoCancel, int Check = 0, string? Said = null)
{
    /// <summary>After this many looks at an event that stays active, its cancellation did not happen.</summary>
    public const int MaxChecks = 20;

    public bool IsChecking => Check is > 0 and <= MaxChecks;
}

/// <param name="NeedsReconnect">A new connection would help.</param>
internal sealed record NoCancel(string Reason, bool NeedsReconnect)
{
    /// <summary>A list that is older than this is not safe to act on.</summary>
    public static readonly TimeSpan OldestForCancel = TimeSpan.FromMinutes(15);

    public static NoCancel? Of(Connection connection, Failure? trouble, TimeSpan age) =>
        !connection.Allows("scheduled_events:write") ? new("Your connection does not allow canceling. Reconnect and tick Manage scheduled events.", true)
        : trouble is not null && age > OldestForCancel ? new("Canceling is off until Calendly answers again.", false)
        : null;
}
