using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>Where a booking may be found. It comes from the browser, so it proves nothing.</summary>
internal sealed record BookingHint(string EventId, string InviteeId)
{
    private const string Invitees = "/invitees/";

    /// <summary>Null unless both are URIs of Calendly's API, and the invitee's lies below the event's.</summary>
    public static BookingHint? Of(string? eventUri, string? inviteeUri) =>
        CalendlyUri.TryGetId(eventUri, "scheduled_events", out var eventId)
        && inviteeUri is not null
        && inviteeUri.StartsWith(eventUri + Invitees, StringComparison.Ordinal)
        && CalendlyUri.IsWellFormedId(inviteeUri[(eventUri!.Length + Invitees.Length)..])
            ? new BookingHint(eventId, inviteeUri[(eventUri.Length + Invitees.Length)..])
            : null;
}

/// <summary>
/// Asks Calendly, through the coach's connection, what has come of an attempt. Only an active invitee of the attempt's event
/// type that carries the attempt's nonce makes it a booking: an invitee of somebody else's shows and proves nothing.
/// </summary>
internal sealed class BookingCheck(BookingStore store, CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache)
{
    public const string Scope = "scheduled_events:read";

    // Of sessions that changed since the form was opened; more at once would be somebody else's flood.
    private const int MostSearched = 10;

    // A session may be moved again and again.
    private const int MostMoves = 5;

    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(1);

    // Our clock and Calendly's may differ.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(2);

    /// <summary>The attempt as Calendly knows it now; unchanged when it knows nothing. One to three calls, and for a search one
    /// for each session that changed meanwhile. Fails as calls do, and with <c>NotConnected</c> and the like for a coach whose
    /// connection does not serve.</summary>
    public async Task<Result<BookingAttempt>> LookAsync(BookingAttempt attempt, BookingHint? hint, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(attempt.CoachId, cancellationToken);
        if (!connection.IsUsable(Scope, out var hindrance))
        {
            return hindrance;
        }

        var calendly = calendlyFor(new ConnectionOwner(attempt.CoachId, ReadsOnly: true));
        var result = attempt.InviteeUri is not null
            ? await FollowAsync(calendly, attempt, cancellationToken)
            : await FindAsync(calendly, connection, attempt, hint, cancellationToken);
        if (result.Succeeded(out var seen, out _) && seen != attempt)
        {
            await store.SettleAsync(seen);
            // What the coach's pages show, free times included, is older than this.
            cache.Forget(attempt.CoachId);
        }

        return result;
    }

    /// <summary>What is known of a booking that Calendly has just confirmed, without asking again.</summary>
    public static BookingAttempt Booked(BookingAttempt attempt, Invitee invitee) => attempt with
    {
        State = BookingState.Booked,
        ExpiresAt = null,
        EndsAt = attempt.End,
        Name = invitee.Name,
        Email = invitee.Email,
        EventUri = invitee.Event,
        InviteeUri = invitee.Uri,
        CancelUrl = CalendlyUri.PageOrNull(invitee.CancelUrl),
        RescheduleUrl = CalendlyUri.PageOrNull(invitee.RescheduleUrl),
    };

    private async Task<Result<BookingAttempt>> FindAsync(
        ICalendlyApi calendly, Connection connection, BookingAttempt attempt, BookingHint? hint, CancellationToken cancellationToken)
    {
        if (hint is not null
            && (await calendly.GetInviteeAsync(hint.EventId, hint.InviteeId, cancellationToken)).Succeeded(out var told, out _)
            && await IsOfAsync(attempt, told, cancellationToken)
            && (await calendly.GetScheduledEventAsync(hint.EventId, cancellationToken)).Succeeded(out var session, out _)
            && session.EventType == attempt.EventTypeUri)
        {
            return With(attempt, told, session);
        }

        return await SearchAsync(calendly, connection, attempt, cancellationToken);
    }

    private async Task<Result<BookingAttempt>> SearchAsync(ICalendlyApi calendly, Connection connection, BookingAttempt attempt, CancellationToken cancellationToken)
    {
        var coming = new ScheduledEventsQuery(connection.CalendlyUserUri, "active", MinStartTime: attempt.CreatedAt, Count: 100);
        if (!(await calendly.ListScheduledEventsAsync(coming, cancellationToken)).Succeeded(out var page, out var failure))
        {
            return failure;
        }

        var sessions = page.Collection;
        if (page.Pagination.NextPageToken is not null && attempt.StartsAt is { } start)
        {
            // A coach with so many sessions: what was chosen may lie behind them.
            var then = coming with { MinStartTime = start, MaxStartTime = start + AtOnce };
            if (!(await calendly.ListScheduledEventsAsync(then, cancellationToken)).Succeeded(out page, out failure))
            {
                return failure;
            }

            sessions = [.. page.Collection, .. sessions.Where(session => session.StartTime != start)];
        }

        var candidates = sessions
            .Where(session => session.EventType == attempt.EventTypeUri)
            .Where(session => session.StartTime == attempt.StartsAt || session.UpdatedAt >= attempt.CreatedAt - ClockMargin)
            .OrderByDescending(session => session.StartTime == attempt.StartsAt)
            .ThenByDescending(session => session.UpdatedAt)
            .Take(MostSearched);
        foreach (var session in candidates)
        {
            var read = await calendly.ListInviteesAsync(session.Id, new InviteesQuery("active"), cancellationToken);
            if (!read.Succeeded(out var invitees, out failure))
            {
                return failure;
            }

            foreach (var invitee in invitees.Collection)
            {
                if (await IsOfAsync(attempt, invitee, cancellationToken))
                {
                    return With(attempt, invitee, session);
                }
            }
        }

        return attempt;
    }

    // A move leaves the old invitee canceled, with the way to the new one.
    private static async Task<Result<BookingAttempt>> FollowAsync(ICalendlyApi calendly, BookingAttempt attempt, CancellationToken cancellationToken)
    {
        var uri = attempt.InviteeUri;
        for (var move = 0; move <= MostMoves; move++)
        {
            if (!TryGetIds(uri, out var hint))
            {
                return new Failure(FailureCode.CalendlyBadResponse);
            }

            if (!(await calendly.GetInviteeAsync(hint.EventId, hint.InviteeId, cancellationToken)).Succeeded(out var invitee, out var failure))
            {
                return failure;
            }

            if (invitee is { IsActive: false, Rescheduled: true, NewInvitee: { } next })
            {
                uri = next;
                continue;
            }

            return (await calendly.GetScheduledEventAsync(hint.EventId, cancellationToken)).Map(session => With(attempt, invitee, session));
        }

        return attempt;
    }

    private static bool TryGetIds(string? inviteeUri, out BookingHint hint)
    {
        var at = inviteeUri?.LastIndexOf("/invitees/", StringComparison.Ordinal) ?? -1;
        var found = at < 0 ? null : BookingHint.Of(inviteeUri![..at], inviteeUri);
        hint = found ?? new BookingHint(string.Empty, string.Empty);
        return found is not null;
    }

    // In the form one can also move what was booked before: that is no other booking, and is known already.
    private async Task<bool> IsOfAsync(BookingAttempt attempt, Invitee invitee, CancellationToken cancellationToken) =>
        invitee.IsActive && invitee.Tracking.UtmContent == attempt.Nonce
        && !(invitee.OldInvitee is { } old && await store.IsKnownAsync(attempt.UserId, old, cancellationToken));

    private static BookingAttempt With(BookingAttempt attempt, Invitee invitee, ScheduledEvent session)
    {
        var isCanceled = !invitee.IsActive || session.IsCanceled;
        var cancellation = invitee.Cancellation ?? session.Cancellation;
        return Booked(attempt, invitee) with
        {
            State = isCanceled ? BookingState.Canceled : BookingState.Booked,
            StartsAt = session.StartTime,
            EndsAt = session.EndTime,
            MovedFrom = attempt.InviteeUri is not null && attempt.StartsAt != session.StartTime ? attempt.StartsAt : attempt.MovedFrom,
            EventTypeName = string.IsNullOrWhiteSpace(session.Name) ? attempt.EventTypeName : session.Name,
            Place = BookingPlace.Words(session.Location),
            JoinUrl = BookingPlace.JoinUrl(session.Location),
            CanceledBy = isCanceled ? cancellation?.CanceledBy : null,
            CancelReason = isCanceled ? cancellation?.Reason : null,
        };
    }
}
