using System.Data.Common;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Live;
using Dapper;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What is new about an invitee, told to the calendar's owner once, in whichever order it is heard; and that pages
/// show an older state, whose ever they are.</summary>
internal sealed class SessionNews(Notices notices, Changes changes, TimeProvider clock)
{
    /// <summary>In the transaction that settles how we heard; whoever commits it wakes <see cref="Changes"/>. Pages look anew in
    /// every case. True when the owner is told something that was not told before.</summary>
    /// <param name="userId">Whose calendar it is.</param>
    /// <param name="session">As Calendly's API says now, like the invitee.</param>
    /// <param name="invitee">The new one of a move; the old one only where the new one cannot be read.</param>
    /// <param name="movedFrom">The session of a move's old invitee, where it is known.</param>
    public async Task<bool> TellAsync(
        DbConnection connection, DbTransaction transaction, long userId, ScheduledEvent session, Invitee invitee, ScheduledEvent? movedFrom = null)
    {
        // First, since from here on nobody else can tell of the same invitee until this is committed.
        await LookAnewAsync(connection, transaction, userId, session, invitee, movedFrom);
        var news = Known(session, invitee, movedFrom);
        if (news.At < clock.GetUtcNow() - Notices.Kept || (news.Kind is NoticeKind.Booked or NoticeKind.Moved && await IsPastAsync(connection, transaction, userId, invitee)))
        {
            return false;
        }

        return await notices.TryAddAsync(connection, transaction, userId, news.Topic, news.Kind, news.SessionId, news.Facts);
    }

    /// <summary>Only has pages look anew. False, since nobody is told anything.</summary>
    public async Task<bool> LookAnewAsync(
        DbConnection connection, DbTransaction transaction, long userId, ScheduledEvent session, Invitee invitee, ScheduledEvent? movedFrom = null)
    {
        foreach (var sessionId in new[] { session.Id, movedFrom?.Id, SessionOf(invitee.NewInvitee), SessionOf(invitee.OldInvitee) }.OfType<string>().Distinct())
        {
            await changes.AddAsync(connection, transaction, userId, ChangeKind.Session, sessionId);
        }

        foreach (var (booker, nonce) in await BookingStore.OfInviteeAsync(connection, transaction, invitee))
        {
            await changes.AddAsync(connection, transaction, booker, ChangeKind.Booking, nonce);
        }

        return false;
    }

    /// <summary>True when the owner knows already that this invitee has become another one.</summary>
    public static async Task<bool> IsMoveToldAsync(DbConnection connection, DbTransaction transaction, long userId, Invitee old) =>
        await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM notice WHERE name = @name", new { name = Notices.Name(userId, $"moved/{CalendlyUri.LastSegment(old.Uri)}") }, transaction) > 0;

    // A move is known by its old invitee, whom both of its halves name.
    private static News Known(ScheduledEvent session, Invitee invitee, ScheduledEvent? movedFrom)
    {
        var id = CalendlyUri.LastSegment(invitee.Uri);
        var facts = new NoticeFacts(invitee.Name, session.Name, session.StartTime);
        if (!invitee.IsActive || session.IsCanceled)
        {
            if (invitee is { Rescheduled: true, NewInvitee: { } next })
            {
                return new News($"moved/{id}", NoticeKind.Moved, SessionOf(next), facts with { Start = null, From = session.StartTime }, invitee.UpdatedAt);
            }

            var cancellation = invitee.Cancellation ?? session.Cancellation;
            var canceled = facts with { By = cancellation?.CanceledBy, ByHost = cancellation?.CancelerType == "host" };
            return new News($"canceled/{id}", NoticeKind.Canceled, session.Id, canceled, cancellation?.CreatedAt ?? invitee.UpdatedAt);
        }

        if (invitee.NoShow is { } noShow)
        {
            return new News($"no-show/{id}", NoticeKind.NoShow, session.Id, facts, noShow.CreatedAt ?? invitee.UpdatedAt);
        }

        return invitee.OldInvitee is { } old
            ? new News($"moved/{CalendlyUri.LastSegment(old)}", NoticeKind.Moved, session.Id, facts with { From = movedFrom?.StartTime }, invitee.CreatedAt)
            : new News($"booked/{id}", NoticeKind.Booked, session.Id, facts, invitee.CreatedAt);
    }

    // Read before somebody else read that it is canceled, or has moved on: both are final.
    private static async Task<bool> IsPastAsync(DbConnection connection, DbTransaction transaction, long userId, Invitee invitee)
    {
        var id = CalendlyUri.LastSegment(invitee.Uri);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM notice WHERE name IN (@canceled, @moved, @canceledThen)",
            new
            {
                canceled = Notices.Name(userId, $"canceled/{id}"),
                moved = Notices.Name(userId, $"moved/{id}"),
                canceledThen = Notices.Name(userId, $"canceled/{CalendlyUri.LastSegment(invitee.NewInvitee ?? invitee.Uri)}"),
            },
            transaction) > 0;
    }

    private static string? SessionOf(string? inviteeUri) => CalendlyUri.TryGetInvitee(inviteeUri, out var id, out _) ? id : null;

    private sealed record News(string Topic, string Kind, string? SessionId, NoticeFacts Facts, DateTimeOffset At);
}
