using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <param name="Count">Sessions on a page, at most 100.</param>
/// <param name="HomeUrl">The page that shows the list, when it is not the list's own.</param>
internal sealed record SessionListQuery(
    long UserId, DateTimeZone Zone, SessionFilter Filter, SessionsInput Input, int Count = SessionListHandler.PageSize, string? HomeUrl = null);

/// <summary>One page of the sessions list, ready to draw. Two calls to Calendly at most, side by side.</summary>
internal sealed class SessionListHandler(
    ScheduledEventsHandler events, EventTypeColors colors, PageTokens tokens, TimeProvider clock)
{
    public const int PageSize = 25;

    /// <summary>The most that Calendly gives at once.</summary>
    private const int MostAtOnce = 100;

    private const string ListName = "sessions";

    /// <summary>How many to ask for, so that those already shown and no part of a page are on it.</summary>
    /// <param name="shown">As the validator has passed it.</param>
    public static int CountFor(string? shown) => string.IsNullOrEmpty(shown) ? PageSize
        : int.Clamp((int.Parse(shown, CultureInfo.InvariantCulture) + PageSize - 1) / PageSize * PageSize, PageSize, MostAtOnce);

    public async Task<Result<SessionList>> HandleAsync(SessionListQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!Request(query, now).Succeeded(out var request, out var failure))
        {
            return failure;
        }

        var coloring = colors.ReadAsync(query.UserId, cancellationToken);
        var result = await events.HandleAsync(request, cancellationToken);
        var known = await coloring;
        return result.Succeeded(out var reading, out failure)
            ? new SessionListBuilder(query, now, token => Wrap(query, reading.Query, token)).Build(reading, known)
            : failure;
    }

    private Result<EventsRequest> Request(SessionListQuery query, DateTimeOffset now)
    {
        var renew = query.Input.Renew == "1";
        if (string.IsNullOrEmpty(query.Input.PageToken))
        {
            var key = query.Filter.Key(now.In(query.Zone).Date, query.Zone, query.Count);
            return new EventsRequest(query.UserId, key, userUri => query.Filter.ToQuery(userUri, now, query.Zone, query.Count), renew);
        }

        return tokens.Unwrap(ListName, query.UserId, query.Filter.Url(), query.Input.PageToken)
            .Map(payload => new EventsRequest(query.UserId, null, userUri => Follow(query, userUri, payload), renew));
    }

    // "Now" has moved since the first page; Calendly wants the very bounds that made the token.
    private string? Wrap(SessionListQuery query, ScheduledEventsQuery? asked, string? token) => token is null || asked is null ? null
        : tokens.Wrap(ListName, query.UserId, query.Filter.Url(), $"{Ticks(asked.MinStartTime)}|{Ticks(asked.MaxStartTime)}|{token}");

    private static ScheduledEventsQuery Follow(SessionListQuery query, string userUri, string payload)
    {
        var parts = payload.Split('|', 3);
        return new ScheduledEventsQuery(
            userUri,
            query.Filter.Tab == SessionsTab.Canceled ? "canceled" : "active",
            Time(parts[0]),
            Time(parts[1]),
            !query.Filter.LatestFirst,
            query.Count,
            parts[2]);
    }

    private static string? Ticks(DateTimeOffset? time) => time?.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string ticks) =>
        ticks.Length == 0 ? null : new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
