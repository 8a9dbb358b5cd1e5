using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.Schedules;

/// <summary>Draws schedules over one week.</summary>
/// <param name="busy">Null while it cannot be read.</param>
internal sealed class ScheduleCards(LocalDate monday, DateTimeZone reader, bool isMine, Instant now, IReadOnlyList<BusyTime>? busy)
{
    /// <summary>Days from today of which date overrides are listed.</summary>
    public const int OverrideDays = 60;

    private const int Days = 7;
    private const int HoursBetweenMarks = 6;

    private readonly IReadOnlyList<Interval> _busy = Intervals(busy, _ => true);

    // What external calendars and blocked time take away was not booked here.
    private readonly IReadOnlyList<Interval> _booked = Intervals(busy, time => time.Type == "calendly");

    /// <summary>The week as real time in one zone.</summary>
    public static Interval Week(LocalDate monday, DateTimeZone zone) =>
        new(zone.AtStartOfDay(monday).ToInstant(), zone.AtStartOfDay(monday.PlusDays(Days)).ToInstant());

    public static DateTimeZone ZoneOf(AvailabilitySchedule schedule) => ReaderZone.Find(schedule.Timezone)!;

    /// <summary>The clocks of the two zones differ at some time in the week.</summary>
    public bool Differs(AvailabilitySchedule schedule) => Offsets(ZoneOf(schedule)).Any(offset => offset != 0);

    public ScheduleCard Card(AvailabilitySchedule schedule)
    {
        var (hours, zone) = (Hours.Of(schedule.Rules)!, ZoneOf(schedule));
        var shown = isMine ? reader : zone;
        var today = now.InZone(zone).Date;
        var other = !Differs(schedule) ? null : isMine ? zone : reader;
        return new ScheduleCard(
            CalendlyUri.LastSegment(schedule.Uri),
            schedule.Name,
            schedule.Default,
            hours.IsEmptyFrom(today),
            Shell.ZoneLabel(zone, now),
            other is null ? [Axis(shown, 0)] : [Axis(shown, 0), Axis(other, isMine ? -Offsets(zone)[0] : Offsets(zone)[0])],
            other is null ? null : ClockChange(zone),
            [.. Enumerable.Range(0, Days).Select(day => Day(monday.PlusDays(day), hours, zone, shown))],
            Count(hours, zone),
            [.. hours.Dates
                .Where(date => date.Key >= today && date.Key < today.PlusDays(OverrideDays))
                .Select(date => new DateOverride(LocalDatePattern.Iso.Format(date.Key), HoursWords.Date(date.Key, date.Value)))]);
    }

    private static IReadOnlyList<Interval> Intervals(IReadOnlyList<BusyTime>? busy, Func<BusyTime, bool> which) =>
        RealHours.Merge((busy ?? []).Where(time => which(time) && time.EndTime > time.StartTime)
            .Select(time => new Interval(Instant.FromDateTimeOffset(time.StartTime), Instant.FromDateTimeOffset(time.EndTime))));

    private DayBars Day(LocalDate date, Hours hours, DateTimeZone zone, DateTimeZone shown)
    {
        // The reader's day may begin and end on other days of the schedule.
        var real = ReferenceEquals(shown, zone) ? null : RealHours.Of(hours, zone, date.PlusDays(-3), Days);
        IReadOnlyList<HourSpan> On(LocalDate day) => real is null ? hours[day] : RealHours.OnWall(real, day, shown);

        var (before, after) = (date.PlusDays(-1), date.PlusDays(1));
        var usual = real is not null || hours.Dates.GetValueOrDefault(date) is not { } own || own.SequenceEqual(hours[date.DayOfWeek]) ? null
            : $"usually {HoursWords.Stretches(hours.Stretches(date.DayOfWeek), date.DayOfWeek)}";
        return new DayBars(
            Hours.Word(date.DayOfWeek),
            LocalDatePattern.Iso.Format(date),
            Hours.Name(date.DayOfWeek),
            ZonedTime.Day(date),
            date == now.InZone(shown).Date,
            On(date),
            RealHours.OnWall(_busy, date, shown),
            HoursWords.Day(On(before), On(date), On(after), date.DayOfWeek),
            usual);
    }

    // In the schedule's own zone, whichever clock is shown: it is the schedule's week that is counted.
    private string Count(Hours hours, DateTimeZone zone)
    {
        var open = RealHours.Of(hours, zone, monday, Days);
        var bookable = HoursWords.Length(RealHours.Total(open));
        if (busy is null)
        {
            return $"{bookable} bookable this week";
        }

        var booked = HoursWords.Length(RealHours.Total(RealHours.Common(open, _booked)));
        return Week(monday, zone).Start < now ? $"{bookable} bookable this week, {booked} booked from now on" : $"{bookable} bookable, {booked} booked this week";
    }

    private static HourAxis Axis(DateTimeZone zone, int minutesLater) => new(
        Shell.City(zone),
        [.. Enumerable.Range(0, (24 / HoursBetweenMarks) + 1).Select(mark => Mark((mark * HoursBetweenMarks * 60) + minutesLater, minutesLater))]);

    // "06", and "05:30" where the clocks are not whole hours apart. Only the axis that is drawn to ends at 24.
    private static string Mark(int minutes, int minutesLater)
    {
        var clock = minutesLater == 0 ? minutes : ((minutes % HourSpan.Midnight) + HourSpan.Midnight) % HourSpan.Midnight;
        return clock % 60 == 0 ? (clock / 60).ToString("00", CultureInfo.InvariantCulture) : HourSpan.Clock(clock);
    }

    // How many minutes the reader's clock is ahead of the schedule's, at the beginning of each day and at the end of the last.
    private List<int> Offsets(DateTimeZone zone) =>
        [.. Enumerable.Range(0, Days + 1).Select(day => (isMine ? reader : zone).AtStartOfDay(monday.PlusDays(day)).ToInstant())
            .Select(midnight => (reader.GetUtcOffset(midnight).Seconds - zone.GetUtcOffset(midnight).Seconds) / 60)];

    private string? ClockChange(DateTimeZone zone)
    {
        var offsets = Offsets(zone);
        var changed = offsets.FindIndex(offset => offset != offsets[0]);
        return changed < 0 ? null : $"Clocks change on {ZonedTime.Day(monday.PlusDays(changed - 1))}; the second row of hours is right until then.";
    }
}
