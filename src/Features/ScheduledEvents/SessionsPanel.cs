using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The panel around a list of sessions: on the sessions page with tabs and filters, on Today without.</summary>
/// <param name="Filters">Null on Today.</param>
/// <param name="Trouble">Set when there is no list.</param>
internal sealed record SessionsPanel(string Title, FilterBar? Filters, SessionList? List, Trouble? Trouble)
{
    /// <summary>One of the panel states, for <c>data-state</c>.</summary>
    public string State => Trouble?.State ?? (List, Filters) switch
    {
        ({ StaleSince: not null }, _) => "stale",
        ({ Rows.Days.Count: > 0 }, _) => "ready",
        (_, { IsNarrowed: true }) => "empty-filtered",
        _ => "empty-none",
    };
}

/// <param name="Problem">What is wrong with the input; its fields' messages go beside them, and what was typed stays.</param>
internal sealed record FilterBar(SessionFilter Filter, SessionsInput Typed, Failure? Problem)
{
    public static readonly IReadOnlyList<(SessionsTab Tab, string Word, string Url)> Tabs =
        [.. Enum.GetValues<SessionsTab>().Select(tab => (tab, tab.ToString(), SessionFilter.For(tab).Url()))];

    private static readonly (SessionRange Range, string Words, string Url)[][] Ranges = [.. Enum.GetValues<SessionsTab>().Select(RangesFor)];

    public bool IsNarrowed => Filter.IsNarrowed;

    /// <summary>True for the preset in use; typed dates are none.</summary>
    public bool Shows(SessionRange range) => Filter.Range == range && Filter is { From: null, To: null };

    /// <summary>The presets of one tab, with their addresses.</summary>
    public static IReadOnlyList<(SessionRange Range, string Words, string Url)> RangesOf(SessionsTab tab) => Ranges[(int)tab];

    private static (SessionRange Range, string Words, string Url)[] RangesFor(SessionsTab tab) =>
    [
        Preset(tab, SessionRange.All, "All dates"),
        Preset(tab, SessionRange.Today, "Today"),
        Preset(tab, SessionRange.Week, "This week"),
        Preset(tab, SessionRange.ThirtyDays, tab == SessionsTab.Past ? "Last 30 days" : "Next 30 days"),
    ];

    private static (SessionRange Range, string Words, string Url) Preset(SessionsTab tab, SessionRange range, string words) =>
        (range, words, SessionFilter.For(tab, range).Url());
}

/// <param name="NamesUrl">Brings the names for these rows; null when there are none.</param>
/// <param name="Count">For the tab: "14", or "25+" when there are more.</param>
/// <param name="FollowsOn">Not the first page of the list.</param>
/// <param name="PageSize">Sessions that the next page brings at most.</param>
/// <param name="UpdatedAt">When Calendly was asked, as an instant in UTC and in the reader's words.</param>
/// <param name="SelfUrl">This list again, as fresh as it happens to be.</param>
/// <param name="NewsUrl">Tells which of the sessions whose <c>ids</c> follow belong to this list; null where none would be shown.</param>
/// <param name="StaleSince">Set when Calendly did not answer just now: "14:02 (6 min ago)".</param>
/// <param name="StaleReason">Why, in a sentence.</param>
internal sealed record SessionList(
    SessionRows Rows,
    string? NamesUrl,
    string Count,
    string Zone,
    string UpdatedAt,
    string UpdatedAtWords,
    string UpdatedAgo,
    string? StaleSince,
    string? StaleReason,
    string RefreshUrl,
    string SelfUrl,
    string? NewsUrl,
    string? SchedulingUrl,
    string? EarlierUrl,
    string? MoreUrl,
    NextUp? NextUp,
    bool FollowsOn,
    int PageSize)
{
    /// <summary>Rows on this page.</summary>
    public int Shown => Rows.Days.Sum(day => day.Rows.Count);
}

/// <summary>The session that is on, or the next one.</summary>
internal sealed record NextUp(string Id, string Who, string Type, string When, string WhenTitle, string Start, string? JoinUrl);
