using CalendlySlices.Infrastructure.Calendly;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>Which days are asked for and which are drawn, in the reader's zone. Weeks begin on Monday. Calendly is asked
/// for four whole weeks, counted from the present one: a step to the next week is then mostly answered from memory.</summary>
/// <param name="Selected">The day that is looked at; never a past one.</param>
/// <param name="First">The first day drawn; <paramref name="Days"/> are.</param>
/// <param name="StripFirst">The first of the <see cref="WindowDays"/> in the strip.</param>
internal sealed record FreeTimesPeriod(LocalDate Today, LocalDate Selected, LocalDate First, int Days, LocalDate StripFirst, DateTimeZone Zone)
{
    public const int WindowDays = 28;

    public LocalDate End => First.PlusDays(Days);

    public LocalDate Monday => MondayOf(Selected);

    public static FreeTimesPeriod Of(LocalDate today, LocalDate? asked, FreeTimesView view, bool eightWeeks, DateTimeZone zone)
    {
        var selected = asked is { } day && day > today ? day : today;
        var monday = MondayOf(selected);
        var strip = MondayOf(today).PlusDays(Period.DaysBetween(MondayOf(today), monday) / WindowDays * WindowDays);
        var (first, days) = view switch
        {
            FreeTimesView.Day => (selected, 1),
            FreeTimesView.TwoWeeks => (monday, 14),
            FreeTimesView.Month => (strip, WindowDays),
            FreeTimesView.List => (strip, eightWeeks ? 2 * WindowDays : WindowDays),
            _ => (monday, 7),
        };
        return new FreeTimesPeriod(today, selected, first, days, strip, zone);
    }

    /// <summary>What Calendly is asked for: one call, or two where the days drawn go on beyond four weeks.</summary>
    public IReadOnlyList<AvailableTimesWindow> Windows => End > StripFirst.PlusDays(WindowDays) ? [Window(0), Window(1)] : [Window(0)];

    /// <summary>The four weeks after those that are read anyway.</summary>
    public AvailableTimesWindow NextWindow => Window(Windows.Count);

    private AvailableTimesWindow Window(int number) => new(
        Midnight(StripFirst.PlusDays(number * WindowDays)), Midnight(StripFirst.PlusDays((number + 1) * WindowDays)));

    private DateTimeOffset Midnight(LocalDate date) => date.AtStartOfDayInZone(Zone).ToDateTimeOffset().ToUniversalTime();

    private static LocalDate MondayOf(LocalDate date) => date.PlusDays(1 - (int)date.DayOfWeek);
}
