using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>When a coach is busy, from now on. Kept for half a minute and, while Calendly is down, for a quarter of an hour:
/// after that nobody should lean on it.</summary>
internal sealed class BusyTimes(ICalendlyApi calendly, ReadCache cache, TimeProvider clock)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StaleFor = TimeSpan.FromMinutes(15);

    /// <summary>A call for every <see cref="CalendlyLimits.BusyTimesRange"/>, none for what has passed. Also fails with
    /// <c>CalendlyExternalCalendar</c>.</summary>
    public async Task<Result<Reading<IReadOnlyList<BusyTime>>>> ReadAsync(Connection connection, Interval window, bool renew, CancellationToken cancellationToken)
    {
        var stretches = Stretches(window).Where(stretch => stretch.To > Soonest());
        var results = await Task.WhenAll(stretches.Select(stretch => ReadStretchAsync(connection, stretch.From, stretch.To, renew, cancellationToken)));
        var busy = new List<BusyTime>();
        var (readAt, trouble) = (clock.GetUtcNow(), (Failure?)null);
        foreach (var result in results)
        {
            if (!result.Succeeded(out var reading, out var failure))
            {
                return failure;
            }

            busy.AddRange(reading.Value);
            readAt = reading.ReadAt < readAt ? reading.ReadAt : readAt;
            trouble ??= reading.Trouble;
        }

        return new Reading<IReadOnlyList<BusyTime>>(busy, readAt, trouble);
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Stretches(Interval window)
    {
        var end = window.End.ToDateTimeOffset();
        for (var from = window.Start.ToDateTimeOffset(); from < end; from += CalendlyLimits.BusyTimesRange)
        {
            yield return (from, from + CalendlyLimits.BusyTimesRange < end ? from + CalendlyLimits.BusyTimesRange : end);
        }
    }

    // The key names the window as asked, not as cut off by a "now" that moves: otherwise nothing would ever be found again.
    private Task<Result<Reading<IReadOnlyList<BusyTime>>>> ReadStretchAsync(
        Connection connection, DateTimeOffset from, DateTimeOffset to, bool renew, CancellationToken cancellationToken) =>
        cache.GetAsync(
            connection.UserId,
            string.Create(CultureInfo.InvariantCulture, $"/user_busy_times {from.UtcTicks} {to.UtcTicks}"),
            FreshFor,
            StaleFor,
            cancellation => calendly.ListBusyTimesAsync(new BusyTimesQuery(connection.CalendlyUserUri, from > Soonest() ? from : Soonest(), to), cancellation),
            cancellationToken,
            renew);

    private DateTimeOffset Soonest() => clock.GetUtcNow() + CalendlyLimits.FutureMargin;
}
