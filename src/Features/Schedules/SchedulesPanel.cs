using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>All schedules of a coach over one week.</summary>
/// <param name="Trouble">Set when there is nothing to show; everything else is then null.</param>
internal sealed record SchedulesPanel(SchedulesPage? Page, Trouble? Trouble, string SelfUrl)
{
    /// <summary>One of the panel states, for <c>data-state</c>.</summary>
    public string State => Trouble?.State ?? (Page switch
    {
        { StaleSince: not null } => "stale",
        { Cards.Count: > 0 } => "ready",
        _ => "empty-none",
    });
}

/// <param name="Cards">The default schedule first.</param>
/// <param name="SwitchUrl">The same page on the other clock; null where all schedules run on the reader's.</param>
/// <param name="StaleSince">Set when Calendly did not answer just now: "14:02 (6 min ago)".</param>
/// <param name="BusyProblem">Why no busy times are drawn.</param>
/// <param name="BusyNote">That the busy times are from a while ago.</param>
internal sealed record SchedulesPage(
    IReadOnlyList<ScheduleCard> Cards,
    WeekSteps Week,
    bool IsMine,
    string? SwitchUrl,
    string UpdatedAt,
    string UpdatedAtWords,
    string UpdatedAgo,
    string RefreshUrl,
    string? StaleSince,
    string? StaleReason,
    string? BusyProblem,
    string? BusyNote);

/// <summary>The week that is shown, and the ways to others; null where none leads.</summary>
internal sealed record WeekSteps(string Words, string? BackUrl, string? ThisUrl, string? NextUrl);

/// <summary>One schedule. Several are never added together: a person is bookable by one or the other.</summary>
/// <param name="Zone">Where its hours are local: "New York, UTC−5".</param>
/// <param name="Axes">The clocks at the edge of the bars: one, or two where the reader's differs.</param>
/// <param name="ClockChange">A sentence, where the two clocks do not stay as far apart.</param>
/// <param name="Count">"31 h bookable, 12 h booked this week".</param>
internal sealed record ScheduleCard(
    string Id,
    string Name,
    bool IsDefault,
    bool IsEmpty,
    string Zone,
    IReadOnlyList<HourAxis> Axes,
    string? ClockChange,
    IReadOnlyList<DayBars> Days,
    string Count,
    IReadOnlyList<DateOverride> Overrides)
{
    public string HoursUrl => $"/schedules/{Id}/hours";

    public string EventTypesUrl => $"/schedules/{Id}/event-types";
}

/// <param name="Marks">From the first to the last hour of the day.</param>
internal sealed record HourAxis(string Zone, IReadOnlyList<string> Marks);

/// <param name="Key">Calendly's word for the weekday.</param>
/// <param name="Words">The hours, as they are read out.</param>
/// <param name="Usual">The weekday's hours, where this date has others.</param>
internal sealed record DayBars(
    string Key, string Date, string Name, string Label, bool IsToday, IReadOnlyList<HourSpan> Open, IReadOnlyList<HourSpan> Busy, string Words, string? Usual);

internal sealed record DateOverride(string Date, string Words);
