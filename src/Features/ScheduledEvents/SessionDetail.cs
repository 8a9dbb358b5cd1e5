using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>A session's own page, in words.</summary>
/// <param name="CanceledWords">By whom, when and why; null while it is not canceled.</param>
/// <param name="NoCancel">Why it cannot be canceled, in words; null when it can.</param>
/// <param name="People">Null when they could not be read; <paramref name="PeopleTrouble"/> then says why.</param>
/// <param name="StaleSince">Set when Calendly did not answer just now.</param>
internal sealed record SessionDetail(
    SessionRow Row,
    string Title,
    string When,
    string Booked,
    string Seats,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Guests,
    PlaceDetail Place,
    string? Notes,
    string? CanceledWords,
    string? CancelReason,
    NoCancel? NoCancel,
    IReadOnlyList<Person>? People,
    bool MorePeople,
    Trouble? PeopleTrouble,
    string? StaleSince,
    string? StaleReason)
{
    public static SessionDetail Of(
        Reading<ScheduledEvent> reading,
        Result<Reading<CalendlyPage<Invitee>>> booked,
        Connection connection,
        string color,
        DateTimeOffset now,
        DateTimeZone zone)
    {
        var session = reading.Value;
        booked.Succeeded(out var invitees, out var failure);
        var people = invitees is null ? null : SessionPeople.Of(invitees.Value.Collection);
        var row = SessionRow.Of(session, color, new RowContext(now, zone, connection.Profile?.Name), people);
        var cancellation = session.Cancellation;
        return new SessionDetail(
            row,
            $"{row.Type} with {row.Who}",
            ZonedTime.Full(session.StartTime.In(zone), session.EndTime.In(zone)),
            ZonedTime.Moment(session.CreatedAt.In(zone)),
            session.InviteesCounter.Limit > 1
                ? $"{session.InviteesCounter.Active} of {session.InviteesCounter.Limit} taken"
                : "1",
            [.. session.EventMemberships.Select(host => host.UserName ?? host.UserEmail).OfType<string>()],
            [.. session.EventGuests.Select(guest => guest.Email)],
            PlaceDetail.Of(session.Location),
            string.IsNullOrWhiteSpace(session.MeetingNotesPlain) ? null : session.MeetingNotesPlain,
            !session.IsCanceled ? null
                : cancellation?.CreatedAt is { } at ? $"{SessionRow.CanceledBy(cancellation, connection.Profile?.Name)} on {ZonedTime.Moment(at.In(zone))}"
                : SessionRow.CanceledBy(cancellation, connection.Profile?.Name),
            string.IsNullOrWhiteSpace(cancellation?.Reason) ? null : cancellation.Reason,
            session.StartTime <= now
                ? new NoCancel("This session has started or ended; it can no longer be canceled.", false)
                : NoCancel.Of(connection, reading.Trouble, now - reading.ReadAt),
            invitees is null ? null : [.. invitees.Value.Collection.Select(invitee => Person.Of(invitee, session, zone))],
            invitees?.Value.Pagination.NextPageToken is not null,
            failure is null ? null : Trouble.Of(failure, SessionWords.Invitees, $"/sessions/{session.Id}"),
            reading.Trouble is null ? null : $"{ZonedTime.Clock(reading.ReadAt.In(zone))} ({ZonedTime.Span(now - reading.ReadAt)} ago)",
            reading.Trouble?.Message);
    }
}

/// <summary>An invitee. The links with which they cancel or move are theirs alone and never leave the server.</summary>
/// <param name="State">"No-show", "Canceled", "Moved to another time"; null while nothing is out of the ordinary.</param>
/// <param name="OtherUrl">Our page of the session that this one was moved to, or from.</param>
internal sealed record Person(
    string Name,
    string Initials,
    string Email,
    string? When,
    bool Night,
    string? State,
    string? OtherUrl,
    string? OtherWords,
    string? Phone,
    string? Reason,
    IReadOnlyList<QuestionAndAnswer> Answers)
{
    private const string EventRoot = "https://api.calendly.com/scheduled_events/";

    public static Person Of(Invitee invitee, ScheduledEvent session, DateTimeZone reader)
    {
        var theirs = ReaderZone.Find(invitee.Timezone) is { } zone ? session.StartTime.In(zone) : (ZonedDateTime?)null;
        var newEvent = EventId(invitee.NewInvitee);
        var oldEvent = EventId(invitee.OldInvitee);
        return new Person(
            invitee.Name,
            Initial(invitee.Name),
            invitee.Email,
            theirs is { } start ? $"{ZonedTime.Moment(start)} {ZonedTime.Zone(start)}, {start.Zone.Id}" : null,
            theirs is { } time && ZonedTime.IsNight(time),
            invitee switch
            {
                { Rescheduled: true } => "Moved to another time",
                { IsActive: false } => "Canceled",
                { NoShow: not null } => "No-show",
                _ => null,
            },
            (newEvent ?? oldEvent) is { } other ? $"/sessions/{other}" : null,
            newEvent is not null ? "See the new time" : oldEvent is not null ? "Moved here from another time" : null,
            string.IsNullOrWhiteSpace(invitee.TextReminderNumber) ? null : invitee.TextReminderNumber,
            string.IsNullOrWhiteSpace(invitee.Cancellation?.Reason) ? null : invitee.Cancellation.Reason,
            [.. invitee.QuestionsAndAnswers.OrderBy(answer => answer.Position ?? int.MaxValue)]);
    }

    private static string Initial(string name) => string.Concat(
        name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(word => word.EnumerateRunes().First().ToString())).ToUpperInvariant();

    // An invitee's URI holds its event's: …/scheduled_events/{event}/invitees/{invitee}.
    private static string? EventId(string? inviteeUri)
    {
        if (inviteeUri is null || !inviteeUri.StartsWith(EventRoot, StringComparison.Ordinal))
        {
            return null;
        }

        var id = inviteeUri[EventRoot.Length..].Split('/', 2)[0];
        return CalendlyUri.IsWellFormedId(id) ? id : null;
    }
}
