using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.ScheduledEvents;

/// <param name="Key">Names the list in the cache; null where the exact query should.</param>
/// <param name="Query">Makes the query from the host's URI; null when nothing can match.</param>
internal sealed record EventsRequest(long UserId, string? Key, Func<string, ScheduledEventsQuery?> Query, bool Renew = false);

/// <param name="Query">What was asked of Calendly: the next page must ask the same.</param>
internal sealed record EventsReading(Connection Connection, ScheduledEventsQuery? Query, Reading<CalendlyPage<ScheduledEvent>> Page);

/// <summary>Reads one page of a coach's scheduled events, kept for fifteen seconds and, while Calendly is down, for a day.</summary>
internal sealed class ScheduledEventsHandler(ICalendlyApi calendly, IConnections connections, ReadCache cache, TimeProvider clock)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    public async Task<Result<EventsReading>> HandleAsync(EventsRequest request, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(request.UserId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out var hindrance))
        {
            return hindrance;
        }

        if (request.Query(connection.CalendlyUserUri) is not { } query)
        {
            return new EventsReading(connection, null, new(new([], new(0, null, null)), clock.GetUtcNow(), Trouble: null));
        }

        var result = await cache.GetAsync(
            request.UserId,
            request.Key ?? query.ToString(),
            FreshFor,
            StaleFor,
            cancellation => calendly.ListScheduledEventsAsync(query, cancellation),
            cancellationToken,
            request.Renew);

        // The rest of the query is ours and known to be good, so a complaint about a follow-on page is about its token.
        return result.Succeeded(out var page, out var failure) ? new EventsReading(connection, query, page)
            : failure.Code == FailureCode.ValidationFailed && query.PageToken is not null ? new Failure(FailureCode.PageTokenInvalid)
            : failure;
    }
}
