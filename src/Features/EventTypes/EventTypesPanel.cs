using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.EventTypes;

/// <summary>The panel around the list.</summary>
/// <param name="Typed">As it came, for a search that was refused.</param>
/// <param name="Trouble">Set when there is no list.</param>
internal sealed record EventTypesPanel(EventTypesFilter Filter, EventTypesInput Typed, TypeList? List, Trouble? Trouble)
{
    /// <summary>One of the panel states, for <c>data-state</c>.</summary>
    public string State => Trouble?.State ?? List switch
    {
        { StaleSince: not null } => "stale",
        { Rows.Rows.Count: > 0 } => "ready",
        _ when Filter.IsNarrowed => "empty-filtered",
        _ => "empty-none",
    };

    /// <summary>False where there is nothing that a search could look through.</summary>
    public bool CanSearch => Trouble is null or { State: "error" };
}

/// <summary>One page of the list.</summary>
/// <param name="Kinds">The choices that would show something.</param>
/// <param name="Count">"Showing 25 of 60".</param>
/// <param name="UpdatedAt">When Calendly was asked, as an instant in UTC and in the reader's words.</param>
/// <param name="StaleSince">Set when Calendly did not answer just now: "14:02 (6 min ago)".</param>
internal sealed record TypeList(
    EventTypeRows Rows,
    IReadOnlyList<Choice> Kinds,
    string Count,
    string Zone,
    string UpdatedAt,
    string UpdatedAtWords,
    string UpdatedAgo,
    string? StaleSince,
    string? StaleReason,
    string RefreshUrl,
    string? EarlierUrl,
    string? MoreUrl);
