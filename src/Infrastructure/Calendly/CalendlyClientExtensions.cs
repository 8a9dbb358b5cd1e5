using System.Net;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Calendly;

internal static class CalendlyClientExtensions
{
    private const int ApiCapBytes = 1024 * 1024;
    private const int AuthCapBytes = 64 * 1024;

    /// <summary>
    /// Adds <see cref="ICalendlyApi"/>, <see cref="ICalendlyOAuth"/> and <see cref="ReadCache"/>. Somebody else adds
    /// <see cref="TimeProvider"/>, <see cref="IAccessTokens"/> (a singleton) and <see cref="ConnectionOwner"/> (scoped).
    /// Everything above <paramref name="wire"/> is the same for the real Calendly and for one in the process.
    /// </summary>
    /// <param name="wire">What carries the requests of both hosts; null for the network.</param>
    /// <param name="wireTime">What retries and deadlines are measured with; null for the application's own clock. A clock
    /// that stands still would keep them waiting for ever.</param>
    public static IServiceCollection AddCalendlyClient(
        this IServiceCollection services, CalendlyOptions options, Func<IServiceProvider, HttpMessageHandler>? wire = null, TimeProvider? wireTime = null)
    {
        services.AddSingleton(options);
        services.AddSingleton<ReadCache>();
        services.AddSingleton<CalendlyWeather>();
        services.AddSingleton<CallRecords>();
        services.AddSingleton(provider => new WireTime(wireTime ?? provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CalendlyResilience>();
        services.AddTransient<CallLogHandler>();
        services.AddTransient<ResilienceHandler>();
        services.AddTransient<BearerTokenHandler>();
        services.AddTransient<CallRecordsHandler>();
        services.AddTransient<AllowedHostsHandler>();

        services.AddHttpClient<ICalendlyApi, CalendlyApi>(http => Configure(http, options.ApiBaseUrl))
            .AddHttpMessageHandler<CallLogHandler>()
            .AddHttpMessageHandler<ResilienceHandler>()
            .AddHttpMessageHandler<BearerTokenHandler>()
            .AddHttpMessageHandler(() => new CappedBodyHandler(ApiCapBytes))
            .AddHttpMessageHandler<CallRecordsHandler>()
            .AddWire(wire);
        services.AddHttpClient<ICalendlyOAuth, CalendlyOAuth>(http => Configure(http, options.AuthBaseUrl))
            .AddHttpMessageHandler<CallLogHandler>()
            .AddHttpMessageHandler(() => new CappedBodyHandler(AuthCapBytes))
            .AddWire(wire);
        return services;
    }

    private static void Configure(HttpClient http, Uri baseUrl)
    {
        http.BaseAddress = baseUrl;
        http.DefaultRequestHeaders.UserAgent.ParseAdd("CalendlySlices");

        // The handlers keep the time.
        http.Timeout = Timeout.InfiniteTimeSpan;
    }

    private static void AddWire(this IHttpClientBuilder client, Func<IServiceProvider, HttpMessageHandler>? wire) => client
        .AddHttpMessageHandler<AllowedHostsHandler>()
        .ConfigurePrimaryHttpMessageHandler(wire ?? (_ => new MadeUpTokensHandler { InnerHandler = Network() }))
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // A singleton may hold a client; the pool below follows changes of DNS.
        .RemoveAllLoggers();

    private static SocketsHttpHandler Network() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
    };
}
