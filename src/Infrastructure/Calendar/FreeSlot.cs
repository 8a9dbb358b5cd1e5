using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendar;

/// <summary>One open start, in the reader's zone.</summary>
/// <param name="Value">The UTC instant, as <c>2026-03-10T13:00:00Z</c>.</param>
/// <param name="Clock"><c>09:00</c></param>
/// <param name="Again">In an hour that the clocks repeat, the second time round.</param>
internal sealed record FreeSlot(AvailableTime Time, ZonedDateTime Start, ZonedDateTime End, string Value, string Clock, bool Again)
{
    private static readonly LocalDatePattern LongDay = LocalDatePattern.CreateWithInvariantCulture("dddd d MMMM");

    /// <summary><c>Tuesday 10 March, 09:00 to 09:30, open</c></summary>
    public string Label { get; } = string.Concat(
        LongDay.Format(Start.Date),
        ", ",
        Clock,
        Again ? " again to " : " to ",
        ZonedTime.Clock(End),
        Time.InviteesRemaining > 1 ? string.Create(CultureInfo.InvariantCulture, $", {Time.InviteesRemaining:0} places open") : ", open");

    public static FreeSlot Of(AvailableTime time, TimeSpan duration, DateTimeZone zone)
    {
        var start = time.StartTime.In(zone);
        return new FreeSlot(
            time, start, (time.StartTime + duration).In(zone), ZonedTime.Iso(time.StartTime), ZonedTime.Clock(start), ClockChange.IsSecondTime(start));
    }
}

/// <summary>A day of the reader's with its open starts, soonest first.</summary>
internal sealed record FreeDay(LocalDate Date, IReadOnlyList<FreeSlot> Slots);
