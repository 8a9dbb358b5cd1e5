using System.Globalization;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendar;

/// <summary>
/// Days side by side, hours downwards. A row is five minutes of wall-clock time; where the clocks repeat an hour, that
/// hour has its rows twice. Everything is placed by classes of the style sheet: <c>r</c> counts quarter hours from the
/// first hour that is drawn, <c>m</c> adds fives of minutes, <c>s</c> and <c>f</c> are a length in the same two units.
/// </summary>
/// <param name="Unit">Fives of minutes in the shortest slot, 1 to 6: what makes it tall enough to press.</param>
/// <param name="Earlier">Open starts above the first hour drawn; 0 when all hours are.</param>
internal sealed record WeekGrid(IReadOnlyList<GridHour> Hours, IReadOnlyList<GridDay> Days, int Unit, int Earlier, int Later)
{
    private const int FirstUsualHour = 6;
    private const int LastUsualHour = 22;
    private const int FivesInAnHour = 12;

    /// <summary>Half an hour and longer needs no more room.</summary>
    private const int TallestUnit = 6;

    public string Class => string.Create(CultureInfo.InvariantCulture, $"week u{Unit} days{Days.Count}");

    public string BodyClass => string.Create(CultureInfo.InvariantCulture, $"times s{Hours.Count * 4}");

    /// <param name="days">All days that are drawn, in order, also those with nothing open.</param>
    /// <param name="length">How long a slot is drawn at most: the session, or the step between starts where that is shorter.</param>
    /// <param name="now">In the reader's zone, which is the zone of the grid.</param>
    /// <param name="allHours">Also draws what lies before 06:00 and after 22:00.</param>
    public static WeekGrid Of(IReadOnlyList<FreeDay> days, TimeSpan length, ZonedDateTime now, bool allHours) =>
        Together([(days, length)], now, allHours)[0];

    /// <summary>Several over the same days, with the same hours and unit, so that they can share one grid.</summary>
    public static IReadOnlyList<WeekGrid> Together(
        IReadOnlyList<(IReadOnlyList<FreeDay> Days, TimeSpan Length)> lanes, ZonedDateTime now, bool allHours)
    {
        var all = lanes[0].Days;
        var changes = ClockChange.Between(now.Zone, all[0].Date, all[^1].Date.PlusDays(1));
        var hours = Axis([.. lanes.SelectMany(lane => Slots(lane.Days))], changes, allHours);
        var placed = lanes.Select(lane => lane.Days.Select(day => Place(day, lane.Length, now, hours, changes)).ToList()).ToList();
        var shortest = placed.SelectMany(days => days).SelectMany(day => day.Slots).Select(slot => slot.Fives).DefaultIfEmpty(TallestUnit).Min();
        return [.. lanes.Zip(placed, (lane, days) => new WeekGrid(
            hours,
            days,
            Math.Clamp(shortest, 1, TallestUnit),
            allHours ? 0 : Slots(lane.Days).Count(slot => slot.Start.Hour < FirstUsualHour),
            allHours ? 0 : Slots(lane.Days).Count(slot => slot.Start.Hour >= LastUsualHour)))];
    }

    private static IEnumerable<FreeSlot> Slots(IReadOnlyList<FreeDay> days) => days.SelectMany(day => day.Slots);

    private static List<GridHour> Axis(List<FreeSlot> slots, IReadOnlyList<ClockChange> changes, bool allHours)
    {
        var seen = slots.Where(slot => allHours || slot.Start.Hour is >= FirstUsualHour and < LastUsualHour).ToList();
        var (first, end) = allHours
            ? (0, 24)
            : (seen.Select(slot => slot.Start.Hour).Append(9).Min(), seen.Select(EndHour).Append(17).Max());
        var hours = new List<GridHour>();
        var repeats = changes.Where(change => !change.IsForward).ToList();
        for (var hour = first; hour < end; hour++)
        {
            hours.Add(new GridHour(hour, Again: false, hours.Count * 4));
            foreach (var repeated in repeats.Where(change => LastHour(change) == hour).SelectMany(HoursOf).Where(repeated => repeated >= first).Distinct())
            {
                hours.Add(new GridHour(repeated, Again: true, hours.Count * 4));
            }
        }

        return hours;
    }

    private static int EndHour(FreeSlot slot) =>
        slot.End.Date > slot.Start.Date ? 24 : slot.End.Hour + (slot.End.Minute > 0 ? 1 : 0);

    // A repeated stretch may touch two hours, or only half of one.
    private static IEnumerable<int> HoursOf(ClockChange change) => Enumerable.Range(change.From.Hour, LastHour(change) - change.From.Hour + 1);

    private static int LastHour(ClockChange change) => (change.To - Period.FromTicks(1)).Hour;

    private static GridDay Place(FreeDay day, TimeSpan length, ZonedDateTime now, List<GridHour> hours, IReadOnlyList<ClockChange> changes)
    {
        var slots = new List<GridSlot>(day.Slots.Count);
        for (var number = 0; number < day.Slots.Count; number++)
        {
            var slot = day.Slots[number];
            if (Row(hours, slot.Start.TimeOfDay, slot.Again) is { } row)
            {
                var step = number + 1 < day.Slots.Count ? day.Slots[number + 1].Time.StartTime - slot.Time.StartTime : length;
                var fives = (int)((step < length ? step : length).TotalMinutes / 5);
                slots.Add(new GridSlot(slot, row, Math.Clamp(fives, 1, (hours.Count * FivesInAnHour) - row)));
            }
        }

        var change = changes.FirstOrDefault(change => change.Date == day.Date);
        return new GridDay(day.Date, slots, day.Slots.Count, [.. Hatches(day.Date, now, hours, change)], change);
    }

    private static IEnumerable<GridHatch> Hatches(LocalDate date, ZonedDateTime now, List<GridHour> hours, ClockChange? change)
    {
        var end = hours.Count * FivesInAnHour;
        if (date == now.Date)
        {
            var past = Row(hours, now.TimeOfDay, ClockChange.IsSecondTime(now)) ?? (now.Hour < hours[0].Hour ? 0 : end);
            if (past > 0)
            {
                yield return new GridHatch("past", 0, past);
            }
        }
        else if (date < now.Date)
        {
            yield return new GridHatch("past", 0, end);
        }

        if (change is { IsForward: true } && Row(hours, change.From.TimeOfDay, again: false) is { } skipped)
        {
            var minutes = (int)Period.Between(change.From, change.To, PeriodUnits.Minutes).Minutes;
            yield return new GridHatch("skipped", skipped, Math.Min(minutes / 5, end - skipped));
        }

        // An hour that only another day repeats is no time at all on this one.
        foreach (var hour in hours.Where(hour => hour.Again && change is not { IsForward: false }))
        {
            yield return new GridHatch("skipped", hour.Quarter * 3, FivesInAnHour);
        }
    }

    private static int? Row(List<GridHour> hours, LocalTime time, bool again) =>
        hours.FirstOrDefault(hour => hour.Hour == time.Hour && hour.Again == again) is { } found ? (found.Quarter * 3) + (time.Minute / 5) : null;
}

/// <param name="Again">The second of two equal hours.</param>
/// <param name="Quarter">Its first quarter of an hour, counted from the top.</param>
internal sealed record GridHour(int Hour, bool Again, int Quarter)
{
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Hour:00}{(Again ? " again" : ":00")}");
}

/// <param name="Open">All of the day's open starts, drawn or not.</param>
/// <param name="Change">Set when the clocks are moved on this day.</param>
internal sealed record GridDay(LocalDate Date, IReadOnlyList<GridSlot> Slots, int Open, IReadOnlyList<GridHatch> Hatches, ClockChange? Change);

/// <param name="Row">Fives of minutes from the top.</param>
/// <param name="Fives">Its height in the same unit.</param>
internal sealed record GridSlot(FreeSlot Slot, int Row, int Fives)
{
    public string Class { get; } = GridPlace.Class("free", Row, Fives);
}

/// <param name="Kind"><c>past</c> or <c>skipped</c>.</param>
internal sealed record GridHatch(string Kind, int Row, int Fives)
{
    public string Class => GridPlace.Class(Kind, Row, Fives);
}

internal static class GridPlace
{
    public static string Class(string name, int row, int fives) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name} r{row / 3}{(row % 3 == 0 ? "" : $" m{row % 3}")} s{fives / 3}{(fives % 3 == 0 ? "" : $" f{fives % 3}")}");
}
