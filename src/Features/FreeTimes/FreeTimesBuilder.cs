using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>Turns the open starts that Calendly gave into what the page shows.</summary>
internal sealed class FreeTimesBuilder(BookableType type, FreeTimesPlace place, FreeTimesPeriod period, ZonedDateTime now)
{
    private static readonly LocalDatePattern Weekday = LocalDatePattern.CreateWithInvariantCulture("ddd");

    public FreeTimesBoard Build(Reading<IReadOnlyList<AvailableTime>> reading)
    {
        var byDay = reading.Value.ToLookup(time => time.StartTime.In(period.Zone).Date);
        var days = Enumerable.Range(0, period.Days).Select(number => Day(period.First.PlusDays(number), byDay)).ToList();
        var slots = days.SelectMany(day => day.Slots).ToList();
        var drawsGrid = place.View is FreeTimesView.Week or FreeTimesView.TwoWeeks or FreeTimesView.Day;
        var next = slots.Count > 0 ? null : reading.Value.Select(time => time.StartTime.In(period.Zone)).FirstOrDefault(start => start.Date >= period.End) is { } found && found != default ? found : (ZonedDateTime?)null;
        return new FreeTimesBoard(
            type,
            place with { Date = period.Selected },
            period,
            Strip(byDay),
            drawsGrid ? WeekGrid.Of(days, type.SlotLength, now, place.AllHours) : null,
            drawsGrid ? [] : days,
            slots.Count,
            slots.Count == 0 ? null : $"{Weekday.Format(slots[0].Start.Date)} {slots[0].Clock}",
            next is { } start ? new NextFree(ZonedTime.Moment(start), place.At(start.Date)) : null,
            slots.Count == 0 && next is null ? $"/free-times/next?eventType={type.Id}&date={FreeTimesPlace.Iso(period.Selected)}{ViewPart}" : null,
            drawsGrid && days.Any(day => day.Slots.Count == 0 && day.Date >= period.Today)
                ? $"/free-times/reasons?eventType={type.Id}&date={FreeTimesPlace.Iso(period.Selected)}{ViewPart}"
                : null,
            [.. Notes()],
            reading.ReadAt,
            ZonedTime.Moment(reading.ReadAt.In(period.Zone)),
            $"{period.Zone.Id.Split('/')[^1].Replace('_', ' ')}, {ZonedTime.Zone(now)}",
            PreviousUrl(),
            place.At(period.First.PlusDays(Step)));
    }

    private string ViewPart => place.View == FreeTimesView.Week ? "" : $"&view={FreeTimesInput.Word(place.View)}";

    private int Step => place.View == FreeTimesView.Day ? 1 : place.View == FreeTimesView.TwoWeeks ? 14 : place.View == FreeTimesView.Week ? 7 : period.Days;

    private FreeDay Day(LocalDate date, ILookup<LocalDate, AvailableTime> byDay) =>
        new(date, [.. byDay[date].Select(time => FreeSlot.Of(time, type.Duration, period.Zone))]);

    private List<StripDay> Strip(ILookup<LocalDate, AvailableTime> byDay) =>
        [.. Enumerable.Range(0, FreeTimesPeriod.WindowDays).Select(number => period.StripFirst.PlusDays(number)).Select(date => new StripDay(
            date,
            Weekday.Format(date),
            byDay[date].Count(),
            place.At(date),
            date < period.Today,
            date >= period.First && date < period.End,
            date == period.Selected))];

    // Back to where nothing is past.
    private string? PreviousUrl() =>
        period.First <= period.Today ? null
        : place.At(Max(period.First.PlusDays(-Step), period.Today));

    private static LocalDate Max(LocalDate one, LocalDate other) => one > other ? one : other;

    // The reader's own clocks, and the coach's where they stand elsewhere.
    private IEnumerable<string> Notes()
    {
        if (place.Date is { } asked && asked < period.Today)
        {
            yield return $"{ZonedTime.Day(asked)} has passed; this is today.";
        }

        foreach (var change in ClockChange.Between(period.Zone, period.First, period.End))
        {
            yield return $"Clocks go {(change.IsForward ? "forward" : "back")} on {Long(change.Date)}: {change.Effect}.{Elsewhere(change.Date)}";
        }

        if (type.CoachZone is { } coachZone && coachZone.Id != period.Zone.Id)
        {
            foreach (var change in ClockChange.Between(coachZone, period.First, period.End))
            {
                yield return $"Clocks go {(change.IsForward ? "forward" : "back")} for {type.Coach} on {Long(change.Date)}.{Elsewhere(change.Date)}";
            }
        }
    }

    // What nine o'clock is over there from then on.
    private string Elsewhere(LocalDate changed)
    {
        if (type.CoachZone is not { } coachZone || coachZone.Id == period.Zone.Id)
        {
            return "";
        }

        var nine = changed.PlusDays(1).At(new LocalTime(9, 0)).InZoneLeniently(period.Zone);
        return $" After that your 09:00 is {ZonedTime.Clock(nine.WithZone(coachZone))} for {type.Coach}.";
    }

    private static string Long(LocalDate date) => LocalDatePattern.CreateWithInvariantCulture("dddd d MMMM").Format(date);
}
