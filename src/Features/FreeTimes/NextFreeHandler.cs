using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Next">Null when nothing is open there either.</param>
/// <param name="Until">How far was looked.</param>
internal sealed record LookAhead(NextFree? Next, string Until);

/// <summary>Looks four weeks further than the page has read. One call.</summary>
internal sealed class NextFreeHandler(BookableTypes bookable, AvailableTimeReads times, TimeProvider clock)
{
    public async Task<Result<LookAhead>> HandleAsync(FreeTimesQuery query, CancellationToken cancellationToken)
    {
        var place = FreeTimesHandler.PlaceOf(query.Input);
        if (!(await bookable.FindAsync(query.User, place.EventType ?? "", cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        var now = clock.GetUtcNow().In(query.Input.Zone.Zone);
        var window = FreeTimesPeriod.Of(now.Date, place.Date, place.View, place.EightWeeks, now.Zone).NextWindow;
        if (!(await times.ReadAsync(type.OwnerId, type.Type.Uri, window, cancellationToken)).Succeeded(out var reading, out failure))
        {
            return type.ForReader(failure);
        }

        var next = reading.Value.Count == 0 ? null : new NextFree(
            ZonedTime.Moment(reading.Value[0].StartTime.In(now.Zone)), place.At(reading.Value[0].StartTime.In(now.Zone).Date));
        return new LookAhead(next, ZonedTime.Day(window.To.In(now.Zone).Date.PlusDays(-1)));
    }
}
