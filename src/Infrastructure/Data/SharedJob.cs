using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Work that is done again and again while the application runs, by one of its instances for all.</summary>
internal abstract class SharedJob(JobLeases leases, WireTime time, ILogger log) : BackgroundService
{
    private readonly WakeSignal _wake = new();

    /// <summary>The name under which the instances agree whose it is.</summary>
    protected abstract string Job { get; }

    protected abstract TimeSpan FirstAfter { get; }

    protected abstract TimeSpan Every { get; }

    /// <summary>Longer than any step between two prolongations. As long nobody else takes over from an instance that died.</summary>
    protected virtual TimeSpan LeaseLife => TimeSpan.FromMinutes(2);

    /// <summary>False where there is nothing to do at all; then not even the database is asked.</summary>
    protected virtual bool IsWanted => true;

    /// <summary>Does what there is to do now. What it cannot do, it leaves for the next time.</summary>
    public abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Has it done at once instead of at its next time.</summary>
    public void Wake() => _wake.Raise();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (awoken, pause) = (_wake.Next, FirstAfter);
        while (true)
        {
            await Task.WhenAny(awoken, Task.Delay(pause, time.Provider, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
            (awoken, pause) = (_wake.Next, Every);
            try
            {
                if (IsWanted && await HoldsAsync(stoppingToken))
                {
                    await WorkAsync(stoppingToken);
                    await leases.ReleaseAsync(Job);
                }
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("{Job} waits for its next time: {Trouble}", Job, trouble.GetType().Name);
            }
        }
    }

    /// <summary>Takes or prolongs the lease; to be asked before each longer step. False when it is another instance's by now.</summary>
    protected Task<bool> HoldsAsync(CancellationToken cancellationToken) => leases.TryTakeAsync(Job, LeaseLife, cancellationToken);

    /// <summary>Leaves room for others.</summary>
    protected Task RestAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time.Provider, cancellationToken);
}
