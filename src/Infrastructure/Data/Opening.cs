using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Work behind the pages that touches the database. Not made before the database is fit for it: some of it takes
/// over what an earlier process has left, with keys that have to be the right ones.</summary>
internal sealed record Worker(Func<IServiceProvider, IHostedService> Make);

/// <summary>
/// Begins the work and lets people in once the database is prepared. One that answers at once is prepared before anybody
/// is listened to. While it does not answer, the application listens, so that it can say so, and waits for it.
/// </summary>
internal sealed class Opening(DatabaseStart database, IEnumerable<Worker> workers, IServiceProvider services) : IHostedLifecycleService
{
    private readonly List<IHostedService> _begun = [];
    private volatile bool _isOpen;

    /// <summary>True once pages may be answered.</summary>
    public bool IsOpen => _isOpen;

    public Task StartingAsync(CancellationToken cancellationToken) => database.IsPrepared ? OpenAsync(cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server listens by now.</summary>
    /// <exception cref="SettingsException">The database has answered, and cannot be served with these settings.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            await database.PrepareAsync(cancellationToken);
            await OpenAsync(cancellationToken);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes after the server has stopped: whoever is being answered may need the workers until then.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var worker in Enumerable.Reverse(_begun))
        {
            await worker.StopAsync(cancellationToken);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var worker in workers)
        {
            var work = worker.Make(services);
            _begun.Add(work);
            await work.StartAsync(cancellationToken);
        }

        _isOpen = true;
    }
}

internal static class OpeningExtensions
{
    /// <summary>Registers work that begins once the database is prepared and ends after the last answer.</summary>
    public static void AddWorker<TWorker>(this IServiceCollection services)
        where TWorker : class, IHostedService
    {
        services.AddSingleton<TWorker>();
        services.AddSingleton(new Worker(provider => provider.GetRequiredService<TWorker>()));
    }
}
