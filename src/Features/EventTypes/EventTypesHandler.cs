using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.EventTypes;

internal sealed record TypeListQuery(long UserId, DateTimeZone Zone, EventTypesFilter Filter, EventTypesInput Input);

/// <summary>One page of a coach's event types. All of them are read at once, mostly from memory, so that searching, sorting
/// and paging cost no call.</summary>
internal sealed class EventTypesHandler(
    EventTypeReads eventTypes, ListedEventTypes listed, IConnections connections, PageTokens tokens, TimeProvider clock)
{
    public const int PageSize = 25;
    public const string SwitchScope = "event_types:write";

    private const string ListName = "event-types";

    public async Task<Result<TypeList>> HandleAsync(TypeListQuery query, CancellationToken cancellationToken)
    {
        if (!First(query).Succeeded(out var first, out var failure)
            || !(await eventTypes.ReadAsync(query.UserId, cancellationToken, query.Input.Renew == "1")).Succeeded(out var reading, out failure))
        {
            return failure;
        }

        var chosen = await listed.ChosenByAsync(query.UserId, cancellationToken);
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        return Page(query, first, reading, chosen, connection?.Allows(SwitchScope) is true);
    }

    // How many come before the page.
    private Result<int> First(TypeListQuery query) => string.IsNullOrEmpty(query.Input.PageToken) ? 0
        : tokens.Unwrap(ListName, query.UserId, query.Filter.Url(), query.Input.PageToken).Map(payload => int.Parse(payload, CultureInfo.InvariantCulture));

    private TypeList Page(TypeListQuery query, int asked, Reading<EventTypeList> reading, ChosenEventTypes chosen, bool maySwitch)
    {
        var all = query.Filter.Apply(reading.Value.Types);

        // The list may have become shorter since the page's address was made.
        var first = asked < all.Count ? asked : Math.Max(0, (all.Count - 1) / PageSize * PageSize);
        var rows = all.Skip(first).Take(PageSize).Select(type => EventTypeRow.Of(type, chosen)).ToList();
        var now = clock.GetUtcNow();
        var readAt = reading.ReadAt.In(query.Zone);
        var age = now - reading.ReadAt;
        var url = query.Filter.Url(query.Input.PageToken);
        return new TypeList(
            new EventTypeRows(rows, null, null, maySwitch),
            Kinds(query.Filter, reading.Value),
            Count(first, rows.Count, all.Count, reading.Value.MoreExist),
            ZonedTime.Zone(now.In(query.Zone)),
            ZonedTime.Iso(reading.ReadAt),
            ZonedTime.Moment(readAt),
            ZonedTime.Ago(age),
            reading.Trouble is null ? null : $"{ZonedTime.Clock(readAt)} ({ZonedTime.Span(age)} ago)",
            reading.Trouble?.Message,
            $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}renew=1",
            first == 0 ? null : UrlFrom(query, first - PageSize),
            first + rows.Count >= all.Count ? null : UrlFrom(query, first + PageSize));
    }

    private string UrlFrom(TypeListQuery query, int first) => query.Filter.Url(
        first <= 0 ? null : tokens.Wrap(ListName, query.UserId, query.Filter.Url(), first.ToString(CultureInfo.InvariantCulture)));

    private static IReadOnlyList<Choice> Kinds(EventTypesFilter filter, EventTypeList list)
    {
        var present = list.Types.Select(EventTypeWords.KindOf).ToHashSet();
        return [.. EventTypesFilter.Kinds.Where(kind => kind.Word is EventTypesFilter.All || kind.Word == filter.Kind || present.Contains(kind.Label))];
    }

    private static string Count(int first, int rows, int all, bool more) =>
        (first == 0 ? $"Showing {rows}" : $"Showing {first + 1}–{first + rows}") + $" of {all}{(more ? "+" : string.Empty)}";
}
