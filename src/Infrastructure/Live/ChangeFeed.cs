using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using Npgsql;

namespace CalendlySlices.Infrastructure.Live;

/// <summary>
/// Hears of every change, whichever instance made it: drops what this one has read and tells whoever listens here. With
/// PostgreSQL it is woken by a notification; what was missed while the database was away is read when it is back.
/// </summary>
internal sealed class ChangeFeed(DbDataSource database, Changes changes, ReadCache reads, WireTime time, ILogger<ChangeFeed> log) : BackgroundService
{
    private const int PageRows = 500;

    // Also where nothing wakes it: another process on one SQLite file, or a notification that was lost with its connection.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private long? _last;

    /// <summary>Raised for each change in the order of their numbers, after what was read before it has expired. Listeners
    /// must be quick and must not throw.</summary>
    public event Action<Change>? Happened;

    /// <summary>True once it has looked: every change from then on is told.</summary>
    public bool HasBegun => _last is not null;

    /// <summary>The number of the last change that was told here.</summary>
    public long Last => _last ?? 0;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        var isAway = false;
        var pause = FirstPause;
        while (true)
        {
            var awoken = changes.Awoken;
            try
            {
                await CatchUpAsync(stoppingToken);
                if (isAway)
                {
                    log.LogInformation("Changes are read again");
                }

                (isAway, pause) = (false, FirstPause);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                if (!isAway)
                {
                    log.LogWarning("Changes cannot be read: {Trouble}", trouble.GetType().Name);
                }

                (isAway, pause) = (true, Longer(pause));
            }

            await Task.WhenAny(awoken, Task.Delay(isAway ? pause : Idle, time.Provider, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        _last ??= await changes.LastIdAsync(cancellationToken);
        IReadOnlyList<Change> found;
        do
        {
            found = await changes.ReadAsync(_last.Value, PageRows, cancellationToken);
            foreach (var change in found)
            {
                reads.Expire(change.UserId);
                _last = change.Id;
                Happened?.Invoke(change);
            }
        }
        while (found.Count == PageRows);
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        if (database is not NpgsqlDataSource source)
        {
            return;
        }

        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, _) => changes.Wake();
                await ExecuteAsync(connection, $"LISTEN {Changes.Channel}", stoppingToken);
                pause = FirstPause;
                changes.Wake();
                while (true)
                {
                    if (!await connection.WaitAsync(ProbeEvery, stoppingToken))
                    {
                        // A connection whose other end is gone would wait for ever.
                        await ExecuteAsync(connection, "SELECT 1", stoppingToken);
                    }
                }
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                log.LogWarning("Notifications of changes are interrupted: {Trouble}", trouble.GetType().Name);
            }

            await Task.Delay(pause, time.Provider, stoppingToken);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
