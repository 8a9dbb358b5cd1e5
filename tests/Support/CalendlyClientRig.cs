using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Support;

/// <summary>The Calendly client as the application wires it, with a scripted wire, a clock that stands still, and tokens
/// out of nowhere.</summary>
internal sealed class CalendlyClientRig : IDisposable
{
    public const long User = 7;

    private readonly ServiceProvider _services;

    public CalendlyClientRig(string apiBaseUrl = "https://api.calendly.com", string authBaseUrl = "https://auth.calendly.com", HttpMessageHandler? wire = null)
    {
        var options = new CalendlyOptions
        {
            ApiBaseUrl = new Uri(apiBaseUrl),
            AuthBaseUrl = new Uri(authBaseUrl),
            ClientId = "client-id",
            ClientSecret = new Secret("client-marker"),
        };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IAccessTokens>(Tokens);
        services.AddScoped(_ => new ConnectionOwner(User));
        services.AddCalendlyClient(options, _ => wire ?? Wire);
        _services = services.BuildServiceProvider();
        Api = _services.CreateScope().ServiceProvider.GetRequiredService<ICalendlyApi>();
        OAuth = _services.GetRequiredService<ICalendlyOAuth>();
    }

    public FakeClock Clock { get; } = new();

    public FakeTokens Tokens { get; } = new();

    public ScriptedHandler Wire { get; } = new();

    public CapturedLog Log { get; } = new();

    public ICalendlyApi Api { get; }

    public ICalendlyOAuth OAuth { get; }

    /// <summary>Lets the pauses between attempts pass. Deadlines are always further away than the longest pause.</summary>
    public async Task<T> SkipPausesAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (Clock.UntilNextTimer is { } pause && pause <= CalendlyResilience.LongestPause)
            {
                Clock.Advance(pause);
            }
            else
            {
                await Task.Yield();
            }
        }

        return await call;
    }

    /// <summary>Waits until the wire has seen so many calls, and then a while on the clock.</summary>
    public async Task PassAfterAsync(int calls, TimeSpan time)
    {
        while (Wire.Sent.Count < calls)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Clock.Advance(time);
    }

    public void Dispose() => _services.Dispose();
}
