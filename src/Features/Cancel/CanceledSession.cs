using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Cancel;

/// <summary>A row, or a page, after the attempt.</summary>
/// <param name="Settled">False while it is not known whether Calendly canceled the session.</param>
/// <param name="Word">The state in words.</param>
/// <param name="Note">A sentence beneath; null when the word says it all.</param>
internal sealed record CanceledSession(
    string Id, bool Settled, string Start, string Time, string Who, string Type, string Word, string? Note)
{
    public const string Checking = "We are checking whether Calendly canceled it.";

    /// <param name="subject">Gives the names; null when they could not be read.</param>
    public static CanceledSession Of(CancelOutcome outcome, CancelSubject? subject, DateTimeZone zone) => Of(
        outcome.Session,
        subject,
        zone,
        settled: true,
        outcome.Cancellation is { } cancellation ? $"Canceled by {CancelWords.By(cancellation, subject?.Connection)}" : "Canceled",
        outcome.Already ? CancelWords.Already(outcome.Cancellation, subject?.Connection, zone) : null);

    public static CanceledSession Unsettled(string id, CancelSubject? subject, DateTimeZone zone) => subject is null
        ? new CanceledSession(id, false, string.Empty, string.Empty, string.Empty, "Session", "Not yet confirmed", Checking)
        : Of(subject.Session, subject, zone, settled: false, "Not yet confirmed", Checking);

    private static CanceledSession Of(ScheduledEvent session, CancelSubject? subject, DateTimeZone zone, bool settled, string word, string? note) => new(
        session.Id,
        settled,
        ZonedTime.Iso(session.StartTime),
        ZonedTime.Range(session.StartTime.In(zone), session.EndTime.In(zone)),
        CancelWords.Who(session, subject?.Invitees),
        session.Name is { Length: > 0 } name ? name : "Session",
        word,
        note);
}
