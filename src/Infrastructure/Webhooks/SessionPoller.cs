using System.Data.Common;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>
/// Looks for itself whether something has changed, for people with a page open and the coaches of what they have booked: every
/// two minutes, less and less often while nothing does, where Calendly does not tell us; every quarter of an hour where it
/// does, in case a delivery was lost. Of several instances one looks. Nobody's page is open: nobody is looked for.
/// </summary>
internal sealed class SessionPoller(
    OpenPages pages,
    BookingStore bookings,
    WebhookSubscriptions subscriptions,
    CallbackAddress address,
    GapFill gapFill,
    IConnections connections,
    WireTime time,
    TimeProvider clock,
    ILogger<SessionPoller> log)
    : BackgroundService
{
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private const int PageOfPeople = 500;
    private const int AtOnce = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    // Since when the database has been away: meanwhile deliveries could not be taken.
    private DateTimeOffset? _awaySince;

    /// <summary>Looks for those who are due now.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var some in pages.UserIds.Chunk(PageOfPeople))
            {
                await WorkAsync(some, cancellationToken);
            }

            _awaySince = null;
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException)
        {
            _awaySince ??= clock.GetUtcNow();
            log.LogWarning("Nobody looks for changes: {Trouble}", trouble.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var opened = pages.Opened;
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception bug) when (bug is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.LogError(bug, "Looking for changes failed");
            }

            await Task.WhenAny(opened, Task.Delay(Tick, time.Provider, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task WorkAsync(long[] readers, CancellationToken cancellationToken)
    {
        long[] userIds = [.. readers.Union(await bookings.CoachesOfAsync(readers, cancellationToken))];
        await subscriptions.AddMissingAsync(userIds, cancellationToken);
        if (_awaySince is { } since)
        {
            await subscriptions.HastenLooksAsync(userIds, since, cancellationToken);
        }

        await Parallel.ForEachAsync(
            await subscriptions.LookDueAsync(userIds, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (userId, cancellation) => await LookAsync(userId, cancellation));
    }

    private async Task LookAsync(long userId, CancellationToken cancellationToken)
    {
        if (await subscriptions.ClaimLookAsync(userId, cancellationToken) is not { } row)
        {
            return;
        }

        var connection = await connections.FindAsync(userId, cancellationToken);
        if (!connection.IsUsable("scheduled_events:read", out _))
        {
            await subscriptions.KeepLookAsync(userId, null, LongestPause, LongestPause, cancellationToken);
            return;
        }

        var read = await gapFill.ReadAsync(connection, row.SeenAt ?? row.Now, cancellationToken);
        var isRead = read.Succeeded(out var count, out var failure);
        var pause = row.IsActive && address.Find() is not null ? LongestPause
            : count > 0 ? ShortestPause
            : Shorter(TimeSpan.FromSeconds(row.LookPause) * 2, LongestPause);
        var wait = failure?.RetryAfter > pause ? failure.RetryAfter.Value : pause;

        // A little more or less, so that people whose pages opened together are not looked for together for ever.
        await subscriptions.KeepLookAsync(userId, isRead ? row.Now : null, pause, wait * (0.9 + (0.2 * Random.Shared.NextDouble())), cancellationToken);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
