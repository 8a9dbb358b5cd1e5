namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>The HTTP client for a sign-in provider's own host. It goes only to addresses made from the settings.</summary>
internal static class SignInWire
{
    public const string ClientName = "sign-in provider";

    // A set of keys has about 1 KiB, a password's answer about 4.
    private const int CapBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static void AddSignInWire(this IServiceCollection services) => services
        .AddHttpClient(ClientName, http =>
        {
            http.Timeout = Deadline;
            http.MaxResponseContentBufferSize = CapBytes;
            http.DefaultRequestHeaders.UserAgent.ParseAdd("CalendlySlices");
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        })
        .RemoveAllLoggers();
}
