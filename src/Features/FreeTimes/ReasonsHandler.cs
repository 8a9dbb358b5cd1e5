using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Day">As <c>2026-03-10</c>.</param>
internal sealed record DayReason(string Day, string Words);

/// <summary>Why the empty days that are drawn are empty. After the page, since it costs a call for the hours and one for
/// each week.</summary>
internal sealed class ReasonsHandler(
    BookableTypes bookable, AvailableTimeReads times, CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache, TimeProvider clock)
{
    private static readonly TimeSpan HoursFreshFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BusyFreshFor = TimeSpan.FromSeconds(30);

    /// <summary>Never fails: what cannot be told is left out.</summary>
    public async Task<IReadOnlyList<DayReason>> HandleAsync(FreeTimesQuery query, CancellationToken cancellationToken)
    {
        var place = FreeTimesHandler.PlaceOf(query.Input);
        var now = clock.GetUtcNow().In(query.Input.Zone.Zone);
        var period = FreeTimesPeriod.Of(now.Date, place.Date, place.View, place.EightWeeks, now.Zone);
        if (!(await bookable.FindAsync(query.User, place.EventType ?? "", cancellationToken)).Succeeded(out var type, out _)
            || !(await times.ReadAsync(type.OwnerId, type.Type.Uri, period.Windows, cancellationToken)).Succeeded(out var open, out _)
            || await connections.FindAsync(type.OwnerId, cancellationToken) is not { } owner)
        {
            return [];
        }

        var empty = Empty(period, open.Value);
        if (empty.Count == 0)
        {
            return [];
        }

        var calendly = calendlyFor(new ConnectionOwner(type.OwnerId));
        var hours = ReadHoursAsync(calendly, type, owner, cancellationToken);
        var busy = await ReadBusyAsync(calendly, type.OwnerId, owner.CalendlyUserUri, empty, period, cancellationToken);
        if (await hours is not { } known || busy is null)
        {
            return [];
        }

        var reasons = new DayReasons(
            known,
            busy,
            Duration.FromTimeSpan(type.Duration),
            type.IsHost,
            now.ToInstant(),
            open.Value.Count == 0 ? null : Instant.FromDateTimeOffset(open.Value[0].StartTime),
            open.Value.Count == 0 ? null : Instant.FromDateTimeOffset(open.Value[^1].StartTime));
        return [.. empty.Select(date => new DayReason(FreeTimesPlace.Iso(date), reasons.Of(date, period.Zone)))];
    }

    private static List<LocalDate> Empty(FreeTimesPeriod period, IReadOnlyList<AvailableTime> open)
    {
        var full = open.Select(time => time.StartTime.In(period.Zone).Date).ToHashSet();
        return [.. Enumerable.Range(0, period.Days).Select(number => period.First.PlusDays(number)).Where(date => date >= period.Today && !full.Contains(date))];
    }

    private async Task<OpenHours?> ReadHoursAsync(ICalendlyApi calendly, BookableType type, Connection owner, CancellationToken cancellationToken)
    {
        var result = await cache.GetAsync(
            type.OwnerId,
            $"/event_type_availability_schedules {type.Type.Uri}",
            HoursFreshFor,
            TimeSpan.Zero,
            cancellation => calendly.ListEventTypeSchedulesAsync(type.Type.Uri, cancellation),
            cancellationToken);
        return result.Succeeded(out var reading, out _)
            ? OpenHours.Of(reading.Value.OrderByDescending(hours => hours.AvailabilityRule?.User == owner.CalendlyUserUri).FirstOrDefault()?.AvailabilityRule)
            : null;
    }

    // Null when any of the weeks could not be read: half of what is busy would tell a wrong story.
    private async Task<IReadOnlyList<BusyTime>?> ReadBusyAsync(
        ICalendlyApi calendly, long ownerId, string userUri, List<LocalDate> days, FreeTimesPeriod period, CancellationToken cancellationToken)
    {
        var busy = new List<BusyTime>();
        var end = days[^1].PlusDays(1).AtStartOfDayInZone(period.Zone).ToDateTimeOffset().ToUniversalTime();
        for (var from = days[0].AtStartOfDayInZone(period.Zone).ToDateTimeOffset().ToUniversalTime(); from < end; from += CalendlyLimits.BusyTimesRange)
        {
            var (start, to) = (from, from + CalendlyLimits.BusyTimesRange < end ? from + CalendlyLimits.BusyTimesRange : end);
            var result = await cache.GetAsync(
                ownerId,
                $"/user_busy_times {userUri} {start.UtcTicks} {to.UtcTicks}",
                BusyFreshFor,
                TimeSpan.Zero,
                cancellation => calendly.ListBusyTimesAsync(new BusyTimesQuery(userUri, Later(start, clock.GetUtcNow() + CalendlyLimits.FutureMargin), to), cancellation),
                cancellationToken);
            if (!result.Succeeded(out var reading, out _))
            {
                return null;
            }

            busy.AddRange(reading.Value);
        }

        return busy;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
