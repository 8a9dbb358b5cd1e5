using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The sessions page's address, as typed. Empty counts as absent, because a form sends its empty fields.</summary>
/// <param name="After">The last day already on the page, so that more of it is headed "continued".</param>
/// <param name="Renew"><c>1</c> asks Calendly again even if the kept answer is fresh.</param>
/// <param name="Shown">Rows that a page which reads its list anew has on it: so many pages of the list become one.</param>
internal sealed record SessionsInput(
    string? Tab = null,
    string? Range = null,
    string? From = null,
    string? To = null,
    string? Sort = null,
    string? PageToken = null,
    string? After = null,
    string? Renew = null,
    string? Shown = null);

internal enum SessionsTab
{
    Upcoming,
    Past,
    Canceled,
}

internal enum SessionRange
{
    All,
    Today,
    Week,
    ThirtyDays,
}

/// <summary>Which sessions a coach wants to see, in days of the reader's zone.</summary>
internal sealed record SessionFilter(SessionsTab Tab, SessionRange Range, LocalDate? From, LocalDate? To, bool LatestFirst)
{
    // No session is longer than half a day: what started before that cannot be going on.
    private static readonly Duration Longest = Duration.FromHours(12);

    public static SessionFilter For(SessionsTab tab, SessionRange range = SessionRange.All) =>
        new(tab, range, null, null, LatestFirstBy(tab));

    /// <summary>Of an input that the validator has passed. Typed dates win over a preset.</summary>
    public static SessionFilter Of(SessionsInput input)
    {
        var tab = input.Tab switch { "past" => SessionsTab.Past, "canceled" => SessionsTab.Canceled, _ => SessionsTab.Upcoming };
        var (from, to) = (Date(input.From), Date(input.To));
        var range = (from ?? to) is not null ? SessionRange.All : input.Range switch
        {
            "today" => SessionRange.Today,
            "week" => SessionRange.Week,
            "30days" => SessionRange.ThirtyDays,
            _ => SessionRange.All,
        };
        return new(tab, range, from, to, string.IsNullOrEmpty(input.Sort) ? LatestFirstBy(tab) : input.Sort == "latest");
    }

    public static LocalDate? Date(string? text) =>
        !string.IsNullOrEmpty(text) && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date : null;

    /// <summary>True when the person, not the tab, has narrowed the list.</summary>
    public bool IsNarrowed => Range != SessionRange.All || From is not null || To is not null;

    /// <summary>The address of this list; defaults are left out, so that one list has one address.</summary>
    /// <param name="shown">As in <see cref="SessionsInput"/>; Calendly's page tokens hold for pages of one size only.</param>
    public string Url(string? pageToken = null, LocalDate? after = null, int? shown = null)
    {
        var query = QueryString.Empty;
        void Add(string name, string? value) => query = value is null ? query : query.Add(name, value);

        Add("tab", Tab == SessionsTab.Upcoming ? null : Word(Tab));
        Add("range", Word(Range));
        Add("from", Text(From));
        Add("to", Text(To));
        Add("sort", LatestFirst == LatestFirstBy(Tab) ? null : LatestFirst ? "latest" : "soonest");
        Add("pageToken", pageToken);
        Add("after", pageToken is null ? null : Text(after));
        Add("shown", shown?.ToString(CultureInfo.InvariantCulture));
        return "/sessions" + query;
    }

    public static string Word(SessionsTab tab) => tab switch
    {
        SessionsTab.Past => "past",
        SessionsTab.Canceled => "canceled",
        _ => "upcoming",
    };

    public static string? Word(SessionRange range) => range switch
    {
        SessionRange.Today => "today",
        SessionRange.Week => "week",
        SessionRange.ThirtyDays => "30days",
        _ => null,
    };

    public static string? Text(LocalDate? date) => date is { } day ? LocalDatePattern.Iso.Format(day) : null;

    /// <summary>The first and last day listed, where there is one.</summary>
    public (LocalDate? First, LocalDate? Last) Days(LocalDate today)
    {
        var monday = today.PlusDays(1 - (int)today.DayOfWeek);
        return Range switch
        {
            SessionRange.Today => (today, today),
            SessionRange.Week => (monday, monday.PlusDays(6)),
            SessionRange.ThirtyDays when Tab == SessionsTab.Past => (today.PlusDays(-30), today),
            SessionRange.ThirtyDays => (today, today.PlusDays(30)),
            _ => (From, To),
        };
    }

    /// <summary>
    /// What to ask Calendly, or null when nothing can match. Calendly filters on the start alone, and a session that is
    /// going on belongs under Upcoming: so that tab starts with today, or twelve hours back while those reach further,
    /// and the ended ones of today stay, marked as done.
    /// </summary>
    public ScheduledEventsQuery? ToQuery(string userUri, DateTimeOffset now, DateTimeZone zone, int count)
    {
        var local = now.In(zone);
        var (first, last) = Days(local.Date);
        var min = first?.AtStartOfDayInZone(zone).ToInstant();

        // Calendly's upper bound counts as inside, so the day ends a second early.
        var max = last?.PlusDays(1).AtStartOfDayInZone(zone).ToInstant() - Duration.FromSeconds(1);
        if (Tab == SessionsTab.Upcoming)
        {
            var earliest = Instant.Min(zone.AtStartOfDay(local.Date).ToInstant(), local.ToInstant() - Longest);
            min = min is { } asked ? Instant.Max(asked, earliest) : earliest;
        }
        else if (Tab == SessionsTab.Past)
        {
            max = max is { } asked ? Instant.Min(asked, local.ToInstant()) : local.ToInstant();
        }

        return min > max ? null : new ScheduledEventsQuery(
            userUri,
            Tab == SessionsTab.Canceled ? "canceled" : "active",
            min?.ToDateTimeOffset(),
            max?.ToDateTimeOffset(),
            !LatestFirst,
            count);
    }

    /// <summary>Names the list for as long as it stays the same list: today's date is in it, the time of day is not.</summary>
    public string Key(LocalDate today, DateTimeZone zone, int count)
    {
        var (first, last) = Days(today);
        return string.Create(CultureInfo.InvariantCulture, $"sessions {Word(Tab)} {Text(first)}..{Text(last)} {LatestFirst} {count} {Text(today)} {zone.Id}");
    }

    private static bool LatestFirstBy(SessionsTab tab) => tab != SessionsTab.Upcoming;
}
