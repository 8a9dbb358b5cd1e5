using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.EventTypes;

/// <param name="PageToken">Calendly's own; null for the first page.</param>
internal sealed record EventTypePagesQuery(long UserId, int Count, string? PageToken);

/// <summary>Reads one page of event types as Calendly cuts it, kept for two minutes and, while Calendly is down, for a
/// day.</summary>
internal sealed class EventTypePagesHandler(ICalendlyApi calendly, IConnections connections, ReadCache cache)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    public async Task<Result<Reading<CalendlyPage<EventType>>>> HandleAsync(EventTypePagesQuery query, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        if (!connection.IsUsable(EventTypeReads.Scope, out var hindrance))
        {
            return hindrance;
        }

        var asked = new EventTypesQuery(connection.CalendlyUserUri, Count: query.Count, PageToken: query.PageToken);
        var result = await cache.GetAsync(
            query.UserId, asked.ToString(), FreshFor, StaleFor, cancellation => calendly.ListEventTypesAsync(asked, cancellation), cancellationToken);

        // The rest of the query is ours and known to be good, so a complaint about a follow-on page is about its token.
        return result.Succeeded(out var page, out var failure) ? page
            : failure.Code == FailureCode.ValidationFailed && query.PageToken is not null ? new Failure(FailureCode.PageTokenInvalid)
            : failure;
    }
}
