using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <param name="Ids">Events, joined by commas; what is not an id is left out.</param>
/// <param name="At">Their starts in Unix minutes, in the same order: the page knows them, and asking again would cost calls.</param>
internal sealed record SessionNamesQuery(long UserId, DateTimeZone Zone, string? Ids, string? At);

/// <param name="Their">The invitee's clock, when it differs from the reader's.</param>
internal sealed record SessionName(string Id, SessionPeople People, TheirClock? Their);

/// <summary>The names for rows that are on the page already. Whatever cannot be read is quietly absent.</summary>
internal sealed class SessionNamesHandler(EventInvitees invitees, IConnections connections)
{
    /// <summary>As many as a page of the list has, and of the day.</summary>
    public const int MaxIds = 25;

    /// <summary>Calls to Calendly under way at once, so that a page of names does not eat its share of the rate limit in one bite.</summary>
    public const int AtOnce = 4;

    public async Task<IReadOnlyList<SessionName>> HandleAsync(SessionNamesQuery query, CancellationToken cancellationToken)
    {
        var names = new List<SessionName>();
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out _))
        {
            return names;
        }

        var starts = (query.At ?? string.Empty).Split(',');
        var sessions = (query.Ids ?? string.Empty).Split(',')
            .Select((id, index) => (Id: id, Start: Start(starts.ElementAtOrDefault(index))))
            .Where(session => CalendlyUri.IsWellFormedId(session.Id))
            .DistinctBy(session => session.Id)
            .Take(MaxIds);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(sessions, options, async (session, cancellation) =>
        {
            var result = await invitees.ReadAsync(query.UserId, session.Id, EventInvitees.NamesFreshFor, cancellation);
            if (result.Succeeded(out var reading, out _) && SessionPeople.Of(reading.Value.Collection) is { } people)
            {
                lock (names)
                {
                    names.Add(new SessionName(session.Id, people, session.Start is { } start ? people.ClockAt(start, query.Zone) : null));
                }
            }
        });
        return names;
    }

    private static DateTimeOffset? Start(string? minutes) =>
        int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? DateTimeOffset.UnixEpoch.AddMinutes(value) : null;
}
