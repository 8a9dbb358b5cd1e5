using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Calendly;

/// <param name="From">A UTC instant; in the past it stands for now.</param>
/// <param name="To">A UTC instant, excluded, and after <paramref name="From"/>.</param>
internal sealed record AvailableTimesWindow(DateTimeOffset From, DateTimeOffset To);

/// <summary>When an event type can be booked. Kept for half a minute so that the parts of a page share one call, and never
/// longer: an old free time is a false one.</summary>
internal sealed class AvailableTimeReads(CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache, TimeProvider clock)
{
    public const string Scope = "availability:read";

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(30);

    /// <summary>As <see cref="ReadAsync(long, string, IReadOnlyList{AvailableTimesWindow}, CancellationToken, bool)"/>, for one window.</summary>
    public Task<Result<Reading<IReadOnlyList<AvailableTime>>>> ReadAsync(
        long ownerId, string eventTypeUri, AvailableTimesWindow window, CancellationToken cancellationToken, bool renew = false) =>
        ReadAsync(ownerId, eventTypeUri, [window], cancellationToken, renew);

    /// <summary>The starts in the windows that are still ahead, soonest first and each once. A call for each window that is
    /// not in memory; one that has passed is empty. Also fails with <c>NotConnected</c>, <c>ReconnectRequired</c> and
    /// <c>ScopeMissing</c>, without a call.</summary>
    /// <param name="ownerId">Whose connection is used: a host of the event type.</param>
    /// <param name="windows">None longer than <see cref="CalendlyLimits.AvailableTimesRange"/>.</param>
    public async Task<Result<Reading<IReadOnlyList<AvailableTime>>>> ReadAsync(
        long ownerId, string eventTypeUri, IReadOnlyList<AvailableTimesWindow> windows, CancellationToken cancellationToken, bool renew = false)
    {
        var connection = await connections.FindAsync(ownerId, cancellationToken);
        if (!connection.IsUsable(Scope, out var hindrance))
        {
            return hindrance;
        }

        var calendly = calendlyFor(new ConnectionOwner(ownerId));
        return Join(await Task.WhenAll(windows
            .Where(window => window.To > SoonestStart())
            .Select(window => ReadWindowAsync(calendly, ownerId, eventTypeUri, window, renew, cancellationToken))));
    }

    // The key names the window as asked, not as cut off by a "now" that moves: otherwise nothing would ever be found again.
    private Task<Result<Reading<IReadOnlyList<AvailableTime>>>> ReadWindowAsync(
        ICalendlyApi calendly, long ownerId, string eventTypeUri, AvailableTimesWindow window, bool renew, CancellationToken cancellationToken) =>
        cache.GetAsync(
            ownerId,
            string.Create(CultureInfo.InvariantCulture, $"/event_type_available_times {eventTypeUri} {window.From.UtcTicks} {window.To.UtcTicks}"),
            FreshFor,
            TimeSpan.Zero,
            cancellation =>
            {
                var soonest = SoonestStart();
                return calendly.ListAvailableTimesAsync(
                    new AvailableTimesQuery(eventTypeUri, window.From > soonest ? window.From : soonest, window.To), cancellation);
            },
            cancellationToken,
            renew);

    private Result<Reading<IReadOnlyList<AvailableTime>>> Join(Result<Reading<IReadOnlyList<AvailableTime>>>[] results)
    {
        var now = clock.GetUtcNow();
        var readAt = now;
        var times = new SortedDictionary<DateTimeOffset, AvailableTime>();
        foreach (var result in results)
        {
            if (!result.Succeeded(out var reading, out var failure))
            {
                return failure;
            }

            readAt = reading.ReadAt < readAt ? reading.ReadAt : readAt;
            foreach (var time in reading.Value.Where(time => time.StartTime > now))
            {
                times.TryAdd(time.StartTime, time);
            }
        }

        return new Reading<IReadOnlyList<AvailableTime>>([.. times.Values], readAt, Trouble: null);
    }

    private DateTimeOffset SoonestStart() => clock.GetUtcNow() + CalendlyLimits.FutureMargin;
}
