using CalendlySlices.Infrastructure.Calendly;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.Coaches;

/// <summary>A week from Monday, in the reader's zone, and the four weeks around it that Calendly is asked for: a step to the
/// next week is then mostly answered from memory.</summary>
internal sealed record CompareWeek(LocalDate Today, LocalDate Monday, DateTimeZone Zone)
{
    private const int WindowDays = 28;

    public LocalDate End => Monday.PlusDays(7);

    /// <summary>Never a past week.</summary>
    public static CompareWeek Of(LocalDate today, LocalDate? asked, DateTimeZone zone) =>
        new(today, MondayOf(asked is { } day && day > today ? day : today), zone);

    public AvailableTimesWindow Window
    {
        get
        {
            var first = MondayOf(Today).PlusDays(Period.DaysBetween(MondayOf(Today), Monday) / WindowDays * WindowDays);
            return new AvailableTimesWindow(Midnight(first), Midnight(first.PlusDays(WindowDays)));
        }
    }

    /// <summary><c>2026-03-10</c></summary>
    public static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private DateTimeOffset Midnight(LocalDate date) => date.AtStartOfDayInZone(Zone).ToDateTimeOffset().ToUniversalTime();

    private static LocalDate MondayOf(LocalDate date) => date.PlusDays(1 - (int)date.DayOfWeek);
}
