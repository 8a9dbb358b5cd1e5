using CalendlySlices.Tests.Browser;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browsers))]

namespace CalendlySlices.Tests.Browser;

/// <summary>One Chromium for the whole run, the machine's own; every test has a context of its own in it.</summary>
public sealed class Browsers : IAsyncLifetime
{
    /// <summary>Milliseconds that a test waits for what it expects. What comes is seen at once; only a failure takes this long,
    /// so it is longer than any machine is slow.</summary>
    public const int Patience = 60_000;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _chromium;

    public async Task<IBrowser> ChromiumAsync()
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright ??= await Playwright.CreateAsync();
            return _chromium ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                ],
            });
        }
        finally
        {
            _starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }
}
