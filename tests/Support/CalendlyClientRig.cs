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

    /// <param name="network">Real sockets in place of <see cref="Wire"/>.</param>
    public CalendlyClientRig(string apiBaseUrl = "https://api.calendly.com", string authBaseUrl = "https://auth.calendly.com", bool network = false)
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
        services.AddCalendlyClient(options, network ? null : _ => Wire);
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

    /// <summary>Lets the pauses between attempts pass. Deadlines are further away than the longest pause, unless a test has
    /// moved the clock towards them.</summary>
    public async Task<T> SkipPausesAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            if (Clock.UntilNextTimer is { } pause && pause <= CalendlyResilience.LongestPause)
            {
                Clock.Advance(pause);
            }

            await YieldAsync();
        }

        return await call;
    }

    /// <summary>Waits until a pause has begun and lets it pass.</summary>
    public async Task SkipPauseAsync()
    {
        while (!(Clock.UntilNextTimer <= CalendlyResilience.LongestPause))
        {
            await YieldAsync();
        }

        Clock.Advance(Clock.UntilNextTimer.Value);
    }

    /// <summary>Waits until the wire has seen so many calls, and then a while on the clock.</summary>
    public async Task PassAfterAsync(int calls, TimeSpan time)
    {
        while (Wire.Sent.Count < calls)
        {
            await YieldAsync();
        }

        Clock.Advance(time);
    }

    private static async Task YieldAsync()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
    }

    public void Dispose() => _services.Dispose();
}
