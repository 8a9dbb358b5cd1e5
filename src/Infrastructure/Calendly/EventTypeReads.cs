using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>All event types of a person who has connected Calendly: for lists, pickers and colors alike.</summary>
/// <param name="Types">By name, each once; deleted ones are not among them.</param>
/// <param name="MoreExist">True when Calendly has more than were read.</param>
internal sealed record EventTypeList(IReadOnlyList<EventType> Types, bool MoreExist)
{
    public EventType? Find(string eventTypeId) => Types.FirstOrDefault(type => CalendlyUri.LastSegment(type.Uri) == eventTypeId);
}

internal sealed class EventTypeReads(CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache)
{
    public const string Scope = "event_types:read";

    private const string Key = "/event_types";

    // A hundred each: nobody has so many, and a list that never ends must end here.
    private const int MostPages = 20;

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    /// <summary>Kept for two minutes and, while Calendly is down, for a day. One call for every hundred event types; also
    /// fails with <c>NotConnected</c>, <c>ReconnectRequired</c> and <c>ScopeMissing</c>, without a call.</summary>
    /// <param name="ownerId">Whose connection is used, and whose event types these are.</param>
    public async Task<Result<Reading<EventTypeList>>> ReadAsync(long ownerId, CancellationToken cancellationToken, bool renew = false)
    {
        var connection = await connections.FindAsync(ownerId, cancellationToken);
        if (!connection.IsUsable(Scope, out var hindrance))
        {
            return hindrance;
        }

        var calendly = calendlyFor(new ConnectionOwner(ownerId));
        return await cache.GetAsync(
            ownerId, Key, FreshFor, StaleFor, cancellation => ListAsync(calendly, connection.CalendlyUserUri, cancellation), cancellationToken, renew);
    }

    private static async Task<Result<EventTypeList>> ListAsync(ICalendlyApi calendly, string userUri, CancellationToken cancellationToken)
    {
        var types = new Dictionary<string, EventType>();
        string? pageToken = null;
        for (var page = 0; page < MostPages; page++)
        {
            var result = await calendly.ListEventTypesAsync(new EventTypesQuery(userUri, PageToken: pageToken), cancellationToken);
            if (!result.Succeeded(out var answer, out var failure))
            {
                return failure;
            }

            foreach (var type in answer.Collection.Where(type => type.DeletedAt is null))
            {
                types.TryAdd(type.Uri, type);
            }

            if (answer.Pagination.NextPageToken is not { } next || next == pageToken)
            {
                return new EventTypeList([.. types.Values], MoreExist: false);
            }

            pageToken = next;
        }

        return new EventTypeList([.. types.Values], MoreExist: true);
    }
}
