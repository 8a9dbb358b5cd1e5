using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>Turns what Calendly said into what the page shows.</summary>
/// <param name="wrap">Calendly's page token to ours; null stays null.</param>
internal sealed class SessionListBuilder(SessionListQuery query, DateTimeOffset now, Func<string?, string?> wrap)
{
    private static readonly TimeSpan JoinEarly = TimeSpan.FromMinutes(15);

    private readonly LocalDate _today = now.In(query.Zone).Date;

    public SessionList Build(EventsReading reading, IReadOnlyDictionary<string, string> colors)
    {
        var (page, trouble) = (reading.Page.Value, reading.Page.Trouble);
        var context = new RowContext(now, query.Zone, reading.Connection.Profile?.Name);
        var sessions = page.Collection.Where(Belongs).ToList();
        var days = Days(sessions, colors, context);
        var age = now - reading.Page.ReadAt;
        var readAt = reading.Page.ReadAt.In(query.Zone);
        var last = sessions.Count == 0 ? (LocalDate?)null : sessions[^1].StartTime.In(query.Zone).Date;
        var more = wrap(page.Pagination.NextPageToken);
        var earlier = wrap(page.Pagination.PreviousPageToken);
        var shown = query.Count == SessionListHandler.PageSize ? (int?)null : query.Count;
        var url = query.HomeUrl ?? query.Filter.Url(query.Input.PageToken, shown: shown);
        return new SessionList(
            new SessionRows(days, null, NoCancel.Of(reading.Connection, trouble, age)),
            NamesUrl(sessions),
            more is null && earlier is null ? $"{sessions.Count}" : $"{query.Count}+",
            ZonedTime.Zone(now.In(query.Zone)),
            ZonedTime.Iso(reading.Page.ReadAt),
            ZonedTime.Moment(readAt),
            ZonedTime.Ago(age),
            trouble is null ? null : $"{ZonedTime.Clock(readAt)} ({ZonedTime.Span(age)} ago)",
            trouble?.Message,
            $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}renew=1",
            url,
            string.IsNullOrEmpty(query.Input.PageToken) ? NewsUrl() : null,
            Place.HttpsUrl(reading.Connection.Profile?.SchedulingUrl),
            earlier is null ? null : query.Filter.Url(earlier, shown: shown),
            more is null ? null : query.Filter.Url(more, last, shown),
            FindNextUp(sessions),
            !string.IsNullOrEmpty(query.Input.PageToken),
            query.Count);
    }

    /// <summary>Null for no sessions; the names of the first <see cref="SessionNamesHandler.MaxIds"/> otherwise.</summary>
    public static string? NamesUrl(IReadOnlyList<ScheduledEvent> sessions)
    {
        if (sessions.Count == 0)
        {
            return null;
        }

        var named = sessions.Take(SessionNamesHandler.MaxIds).ToList();
        var ids = string.Join(',', named.Select(session => session.Id));
        var starts = string.Join(',', named.Select(session => session.StartTime.ToUnixTimeSeconds() / 60));
        return $"/sessions/invitees?ids={ids}&at={starts}";
    }

    private string NewsUrl()
    {
        var filter = query.Filter.Url();
        var at = filter.IndexOf('?', StringComparison.Ordinal);
        return "/sessions/news" + (at < 0 ? "?" : filter[at..] + "&") + (query.HomeUrl is null ? string.Empty : "home=1&");
    }

    // Calendly filters on the start alone: yesterday's ended ones come with what may still be going on, and what is
    // going on comes with the past.
    private bool Belongs(ScheduledEvent session) => query.Filter.Tab switch
    {
        SessionsTab.Upcoming => session.EndTime > now || session.StartTime.In(query.Zone).Date >= _today,
        SessionsTab.Past => session.EndTime <= now,
        _ => true,
    };

    private List<DayGroup> Days(List<ScheduledEvent> sessions, IReadOnlyDictionary<string, string> colors, RowContext context)
    {
        var days = new List<DayGroup>();
        var rows = new List<SessionRow>();
        LocalDate day = default;
        foreach (var session in sessions)
        {
            var start = session.StartTime.In(query.Zone);
            if (rows.Count > 0 && start.Date != day)
            {
                Close();
            }

            day = start.Date;
            rows.Add(SessionRow.Of(session, start, EventTypeColors.Of(colors, session.EventType), context));
        }

        if (rows.Count > 0)
        {
            Close();
        }

        return days;

        void Close()
        {
            var iso = SessionFilter.Text(day)!;
            days.Add(new DayGroup(iso, ZonedTime.DayHead(day, _today), days.Count == 0 && query.Input.After == iso, rows));
            rows = [];
        }
    }

    private NextUp? FindNextUp(List<ScheduledEvent> sessions)
    {
        if (query.Filter is not { Tab: SessionsTab.Upcoming, LatestFirst: false, From: null } || !string.IsNullOrEmpty(query.Input.PageToken))
        {
            return null;
        }

        var next = sessions.Find(session => session.EndTime > now);
        if (next is null)
        {
            return null;
        }

        var (start, end) = (next.StartTime.In(query.Zone), next.EndTime.In(query.Zone));
        var wait = next.StartTime - now;
        return new NextUp(
            next.Id,
            SessionPeople.Count(next.InviteesCounter),
            next.Name ?? "Session",
            wait <= TimeSpan.Zero ? $"now, until {ZonedTime.Clock(end)}"
                : start.Date == _today ? $"in {ZonedTime.Span(wait)}"
                : ZonedTime.Moment(start),
            ZonedTime.Full(start, end),
            ZonedTime.Iso(next.StartTime),
            wait <= JoinEarly ? Place.JoinUrl(next.Location) : null);
    }
}
