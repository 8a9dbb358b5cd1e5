using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>Reads what has changed in a person's sessions while nobody told us.</summary>
internal sealed class GapFill(DbDataSource database, CalendlyApiFor calendlyFor, SessionNews news, Changes changes, CallRecords records, WireTime time)
{
    private const int MostPages = 10;
    private const int MostInviteePages = 5;

    /// <summary>Calendly finds sessions by their start only; one that began longer before the gap is not looked for.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    // Calendly's clock and ours may differ.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    // Half of what the free plan allows in a minute.
    private const int FreePlan = 50;
    private static readonly TimeSpan FreePace = TimeSpan.FromSeconds(2.4);

    /// <summary>Tells what is news, session by session. Returns how many sessions that were. Fails as Calendly does; what has been
    /// told by then stays told.</summary>
    public async Task<Result<int>> ReadAsync(Connection connection, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var calendly = calendlyFor(new ConnectionOwner(connection.UserId) { Once = true });
        var listed = await ListAsync(calendly, connection, from - Before, cancellationToken);
        if (!listed.Succeeded(out var sessions, out var failure))
        {
            return failure;
        }

        var since = from - Margin;
        var count = 0;
        var changed = sessions.Values.Where(session => session.UpdatedAt >= since).OrderBy(session => session.UpdatedAt).ToList();
        foreach (var session in changed)
        {
            await PaceAsync(connection.UserId, cancellationToken);
            if (!(await InviteesAsync(calendly, session.Id, cancellationToken)).Succeeded(out var invitees, out var trouble))
            {
                return trouble;
            }

            count += await TellAsync(connection.UserId, session, [.. invitees.Where(invitee => invitee.UpdatedAt >= since)], sessions) ? 1 : 0;
        }

        return count;
    }

    private async Task<Result<Dictionary<string, ScheduledEvent>>> ListAsync(
        ICalendlyApi calendly, Connection connection, DateTimeOffset minStartTime, CancellationToken cancellationToken)
    {
        var sessions = new Dictionary<string, ScheduledEvent>();
        string? pageToken = null;
        for (var page = 0; page < MostPages; page++)
        {
            var query = new ScheduledEventsQuery(connection.CalendlyUserUri, MinStartTime: minStartTime, Count: 100, PageToken: pageToken);
            if (!(await calendly.ListScheduledEventsAsync(query, cancellationToken)).Succeeded(out var answer, out var failure))
            {
                return failure;
            }

            foreach (var session in answer.Collection)
            {
                sessions[session.Id] = session;
            }

            if ((pageToken = answer.Pagination.NextPageToken) is null)
            {
                break;
            }

            await PaceAsync(connection.UserId, cancellationToken);
        }

        return sessions;
    }

    private static async Task<Result<List<Invitee>>> InviteesAsync(ICalendlyApi calendly, string sessionId, CancellationToken cancellationToken)
    {
        var invitees = new List<Invitee>();
        string? pageToken = null;
        for (var page = 0; page < MostInviteePages; page++)
        {
            if (!(await calendly.ListInviteesAsync(sessionId, new InviteesQuery(PageToken: pageToken), cancellationToken)).Succeeded(out var answer, out var failure))
            {
                // Gone since it was listed: there is nothing to tell of it.
                return failure.Code == FailureCode.NotFound ? invitees : failure;
            }

            invitees.AddRange(answer.Collection);
            if ((pageToken = answer.Pagination.NextPageToken) is null)
            {
                break;
            }
        }

        return invitees;
    }

    private async Task<bool> TellAsync(long userId, ScheduledEvent session, IReadOnlyList<Invitee> invitees, Dictionary<string, ScheduledEvent> sessions)
    {
        var isNews = false;
        await using (var connection = await database.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await changes.AddAsync(connection, transaction, userId, ChangeKind.Session, session.Id);
            foreach (var invitee in invitees)
            {
                // The new half of a move tells of both, where it is among what was read.
                if (invitee.Rescheduled && SessionOf(invitee.NewInvitee, sessions) is not null)
                {
                    continue;
                }

                isNews |= await news.TellAsync(connection, transaction, userId, session, invitee, SessionOf(invitee.OldInvitee, sessions));
            }

            await transaction.CommitAsync(CancellationToken.None);
        }

        changes.Wake();
        return isNews;
    }

    private static ScheduledEvent? SessionOf(string? inviteeUri, Dictionary<string, ScheduledEvent> sessions) =>
        CalendlyUri.TryGetInvitee(inviteeUri, out var id, out _) ? sessions.GetValueOrDefault(id) : null;

    // Other pages need the same allowance.
    private Task PaceAsync(long userId, CancellationToken cancellationToken) =>
        records.Of(userId).Allowance is { Limit: <= FreePlan } ? Task.Delay(FreePace, time.Provider, cancellationToken) : Task.CompletedTask;
}
