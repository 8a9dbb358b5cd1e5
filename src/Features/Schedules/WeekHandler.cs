using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

internal sealed record WeekQuery(long UserId, DateTimeZone Zone, SchedulesInput Input);

/// <summary>The page of schedules. When only the busy times cannot be read, the hours are there all the same. Three calls to
/// Calendly at most: the second for busy times where zones or clocks make the week longer than Calendly gives at once.</summary>
internal sealed class WeekHandler(SchedulesHandler schedules, BusyTimes busyTimes, TimeProvider clock)
{
    /// <param name="query">Validated.</param>
    public async Task<Result<SchedulesPage>> HandleAsync(WeekQuery query, CancellationToken cancellationToken)
    {
        var renew = query.Input.Renew == "1";
        if (!(await schedules.HandleAsync(query.UserId, cancellationToken, renew)).Succeeded(out var reading, out var failure))
        {
            return failure;
        }

        var now = clock.GetUtcNow();
        var thisMonday = SchedulesInput.MondayOf(now.In(query.Zone).Date);
        var monday = LocalDate.Max(query.Input.Monday(thisMonday)!.Value, thisMonday);
        var list = reading.Schedules.Value;
        var busy = list.Count == 0
            ? new Reading<IReadOnlyList<BusyTime>>([], now, null)
            : await busyTimes.ReadAsync(reading.Connection, Window(list, monday, query), renew, cancellationToken);
        return Page(query, reading.Schedules, busy, monday, thisMonday, now);
    }

    private static Interval Window(IReadOnlyList<AvailabilitySchedule> list, LocalDate monday, WeekQuery query)
    {
        var zones = list.Select(ScheduleCards.ZoneOf).Concat(query.Input.IsMine ? [query.Zone] : []);
        var weeks = zones.Select(zone => ScheduleCards.Week(monday, zone)).ToList();
        return new Interval(weeks.Min(week => week.Start), weeks.Max(week => week.End));
    }

    private static SchedulesPage Page(
        WeekQuery query, Reading<IReadOnlyList<AvailabilitySchedule>> schedules, Result<Reading<IReadOnlyList<BusyTime>>> busyTimes,
        LocalDate monday, LocalDate thisMonday, DateTimeOffset now)
    {
        busyTimes.Succeeded(out var busy, out var noBusy);
        var mine = query.Input.IsMine;
        var week = monday == thisMonday ? (LocalDate?)null : monday;
        var cards = new ScheduleCards(monday, query.Zone, mine, Instant.FromDateTimeOffset(now), busy?.Value);
        var (age, readAt) = (now - schedules.ReadAt, schedules.ReadAt.In(query.Zone));
        return new SchedulesPage(
            [.. schedules.Value.OrderByDescending(schedule => schedule.Default).Select(cards.Card)],
            Steps(monday, thisMonday, mine),
            mine,
            mine || schedules.Value.Any(cards.Differs) ? SchedulesInput.Url(week, !mine) : null,
            ZonedTime.Iso(schedules.ReadAt),
            ZonedTime.Moment(readAt),
            ZonedTime.Ago(age),
            SchedulesInput.Url(week, mine, renew: true),
            schedules.Trouble is null ? null : $"{ZonedTime.Clock(readAt)} ({ZonedTime.Span(age)} ago)",
            schedules.Trouble?.Message,
            noBusy?.Code switch
            {
                null => null,
                FailureCode.CalendlyExternalCalendar => "Calendly cannot read the connected calendar, so busy times are missing here. Check the calendar connection at Calendly.",
                _ => $"Busy times could not be loaded. {noBusy.Message}",
            },
            busy?.Trouble is null ? null : $"Busy times as of {ZonedTime.Clock(busy.ReadAt.In(query.Zone))} ({ZonedTime.Span(now - busy.ReadAt)} ago).");
    }

    private static WeekSteps Steps(LocalDate monday, LocalDate thisMonday, bool mine)
    {
        string Url(LocalDate week) => SchedulesInput.Url(week == thisMonday ? null : week, mine);
        return new WeekSteps(
            $"{ZonedTime.Day(monday)} – {ZonedTime.Day(monday.PlusDays(6))}",
            monday > thisMonday ? Url(monday.PlusDays(-7)) : null,
            monday > thisMonday ? Url(thisMonday) : null,
            Period.DaysBetween(thisMonday, monday) / 7 < SchedulesValidator.MostWeeks ? Url(monday.PlusDays(7)) : null);
    }
}
