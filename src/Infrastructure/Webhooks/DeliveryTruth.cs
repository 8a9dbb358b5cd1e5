using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What Calendly says now of what a delivery named.</summary>
/// <param name="MovedFrom">The session in which a move began.</param>
internal sealed record DeliveryTruth(ScheduledEvent Session, Invitee Invitee, ScheduledEvent? MovedFrom = null)
{
    // A session may be moved again and again.
    private const int MostMoves = 5;

    /// <summary>The invitee has become another one, of whom this one knows nothing but the address.</summary>
    public bool IsFirstHalf => Invitee is { IsActive: false, Rescheduled: true, NewInvitee: not null };

    /// <summary>Both from the API, through the connection of the delivery's Calendly user. Fails as calls do, and
    /// with <c>ForbiddenUser</c> when that user is no host of the session: nothing of somebody else's is told.</summary>
    public static async Task<Result<DeliveryTruth>> ReadAsync(ICalendlyApi calendly, string userUri, string sessionId, string inviteeId, CancellationToken cancellationToken)
    {
        var invitees = calendly.GetInviteeAsync(sessionId, inviteeId, cancellationToken);
        var sessions = calendly.GetScheduledEventAsync(sessionId, cancellationToken);
        await Task.WhenAll(invitees, sessions);
        if (!(await sessions).Succeeded(out var session, out var failure) || !(await invitees).Succeeded(out var invitee, out failure))
        {
            return failure;
        }

        // Read on either side of a change, the two contradict each other, and a move would pass for a cancellation.
        if (session.IsCanceled && invitee.IsActive && !(await calendly.GetInviteeAsync(sessionId, inviteeId, cancellationToken)).Succeeded(out invitee, out failure))
        {
            return failure;
        }

        return IsHost(session, userUri) && invitee.Event == session.Uri ? new DeliveryTruth(session, invitee) : new Failure(FailureCode.ForbiddenUser);
    }

    /// <summary>The new invitee instead of this old one, where it can be read; otherwise this.</summary>
    public async Task<DeliveryTruth> FollowAsync(ICalendlyApi calendly, string userUri, CancellationToken cancellationToken)
    {
        var last = this;
        for (var move = 0; move < MostMoves && last.IsFirstHalf && CalendlyUri.TryGetInvitee(last.Invitee.NewInvitee, out var sessionId, out var inviteeId); move++)
        {
            if (!(await ReadAsync(calendly, userUri, sessionId, inviteeId, cancellationToken)).Succeeded(out var next, out _))
            {
                break;
            }

            last = next;
        }

        return ReferenceEquals(last, this) ? this : last with { MovedFrom = Session };
    }

    /// <summary>With where this new invitee was before, where that can be read.</summary>
    public async Task<DeliveryTruth> LookBackAsync(ICalendlyApi calendly, string userUri, CancellationToken cancellationToken) =>
        CalendlyUri.TryGetInvitee(Invitee.OldInvitee, out var sessionId, out _)
        && (await calendly.GetScheduledEventAsync(sessionId, cancellationToken)).Succeeded(out var before, out _)
        && IsHost(before, userUri)
            ? this with { MovedFrom = before }
            : this;

    private static bool IsHost(ScheduledEvent session, string userUri) => session.EventMemberships.Any(membership => membership.User == userUri);
}
