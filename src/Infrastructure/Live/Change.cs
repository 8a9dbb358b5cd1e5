namespace CalendlySlices.Infrastructure.Live;

/// <summary>Something on a person's pages is another by now: that it is, never what it is.</summary>
/// <param name="Id">Grows with every change; the later one is never seen before the earlier one.</param>
/// <param name="UserId">Whose pages: the calendar's owner, or whoever booked.</param>
/// <param name="Kind">One of <see cref="ChangeKind"/>.</param>
/// <param name="Subject">An id of Calendly's or ours; null where the kind says all.</param>
internal sealed record Change(long Id, long UserId, string Kind, string? Subject);

/// <summary>What can change; the names stand in the database and go to pages as events.</summary>
internal static class ChangeKind
{
    /// <summary>A session was booked, canceled, moved or marked; the subject is its id.</summary>
    public const string Session = "session";

    /// <summary>Sessions changed, and which is not known.</summary>
    public const string Sessions = "sessions";

    /// <summary>An event type was changed; the subject is its id.</summary>
    public const string EventType = "event-type";

    /// <summary>There is something new, or something read, in the bell.</summary>
    public const string Notices = "notices";

    /// <summary>The connection, or how we hear of changes, stands otherwise.</summary>
    public const string Connection = "connection";

    /// <summary>A booking of this person's; the subject is its nonce.</summary>
    public const string Booking = "booking";
}
