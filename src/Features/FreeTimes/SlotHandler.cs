using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

internal sealed record SlotQuery(CurrentUser User, SlotInput Input);

/// <summary>One start, asked for again just now.</summary>
/// <param name="When">With the zone: <c>Tue 10 Mar, 09:00–09:30 EDT (UTC−4)</c>.</param>
/// <param name="ForCoach">The same by the coach's clock, where that differs.</param>
/// <param name="BookingUrl">Calendly's page for this start; null when it is not one of Calendly's.</param>
/// <param name="Nearest">When it is taken: up to three that are open, nearest first.</param>
/// <param name="BackUrl">The page with the day of this start.</param>
internal sealed record PickedSlot(
    BookableType Type, FreeSlot? Slot, string When, string? ForCoach, string? BookingUrl, IReadOnlyList<NearbySlot> Nearest, string BackUrl)
{
    public bool IsOpen => Slot is not null;
}

/// <param name="Words"><c>09:30</c>, with the day when that is another one.</param>
internal sealed record NearbySlot(FreeSlot Slot, string Words);

/// <summary>Asks Calendly about a start once more before anybody relies on it. One call.</summary>
internal sealed class SlotHandler(BookableTypes bookable, AvailableTimeReads times, TimeProvider clock)
{
    public async Task<Result<PickedSlot>> HandleAsync(SlotQuery query, CancellationToken cancellationToken)
    {
        if (!(await bookable.FindAsync(query.User, query.Input.EventType!, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        var at = query.Input.At!.Value;
        var now = clock.GetUtcNow().In(query.Input.Zone.Zone);
        var date = at.In(now.Zone).Date;
        var period = FreeTimesPeriod.Of(now.Date, date, FreeTimesView.Week, eightWeeks: false, now.Zone);
        var reading = await times.ReadAsync(type.OwnerId, type.Type.Uri, period.Windows, cancellationToken, renew: true);
        return reading.Succeeded(out var open, out failure)
            ? Picked(type, at, now.Zone, open.Value, new FreeTimesPlace(type.Id, date, FreeTimesView.Week, false, false).Url)
            : type.ForReader(failure);
    }

    private static PickedSlot Picked(BookableType type, DateTimeOffset at, DateTimeZone zone, IReadOnlyList<AvailableTime> open, string backUrl)
    {
        var found = open.FirstOrDefault(time => time.StartTime == at);
        var (start, end) = (at.In(zone), (at + type.Duration).In(zone));
        return new PickedSlot(
            type,
            found is null ? null : FreeSlot.Of(found, type.Duration, zone),
            ZonedTime.Full(start, end),
            ForCoach(type, at, start),
            found is null ? null : CalendlyUri.PageOrNull(found.SchedulingUrl),
            found is not null ? [] : Nearest(type, at, zone, open),
            backUrl);
    }

    private static string? ForCoach(BookableType type, DateTimeOffset at, ZonedDateTime start) =>
        type.CoachZone is { } zone && at.In(zone) is var theirs && theirs.Offset != start.Offset
            ? $"{(theirs.Date == start.Date ? ZonedTime.Clock(theirs) : ZonedTime.Moment(theirs))} {ZonedTime.ZoneName(theirs)} for {type.Coach}"
            : null;

    private static List<NearbySlot> Nearest(BookableType type, DateTimeOffset at, DateTimeZone zone, IReadOnlyList<AvailableTime> open)
    {
        var day = at.In(zone).Date;
        return [.. NearestTimes.To(at, open)
            .Select(time => FreeSlot.Of(time, type.Duration, zone))
            .Select(slot => new NearbySlot(slot, slot.Start.Date == day ? slot.Clock : ZonedTime.Moment(slot.Start)))];
    }
}
