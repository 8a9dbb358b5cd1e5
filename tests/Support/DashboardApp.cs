using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalendlySlices.Tests.Support;

/// <summary>
/// The real application in mock mode, with a database of its own and the clock stopped on Monday 2 March 2026, 15:00 UTC.
/// The wire to Calendly is the emulator, or a handler of the test's.
/// </summary>
internal sealed partial class DashboardApp(Action<IServiceCollection>? replace = null) : WebApplicationFactory<Program>
{
    public const string Now = "2026-03-02T15:00:00Z";

    private readonly string _data = Directory.CreateTempSubdirectory("calendly-slices-").FullName;

    /// <summary>Settings by their variables' names; to be filled before the first request.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["USE_REAL_CALENDLY"] = "false",
        ["MOCK_NOW"] = Now,
    };

    /// <summary>True for a PostgreSQL database instead of a file. Everything that drives the application over HTTP is the
    /// same on both; TESTS_ON=postgresql runs all of it there.</summary>
    public bool OnPostgreSql { get; init; } = Environment.GetEnvironmentVariable("TESTS_ON") == "postgresql";

    /// <summary>The same with real Calendly, at loopback addresses where nobody listens.</summary>
    public static DashboardApp Real(Action<IServiceCollection>? replace = null)
    {
        var app = new DashboardApp(replace);
        app.Settings.Remove("MOCK_NOW");
        app.Settings["USE_REAL_CALENDLY"] = "true";
        app.Settings["CALENDLY_CLIENT_ID"] = "client-of-tests";
        app.Settings["CALENDLY_CLIENT_SECRET"] = "client-marker";
        app.Settings["CALENDLY_WEBHOOK_SIGNING_KEY"] = "signing-marker";
        app.Settings["CALENDLY_API_BASE_URL"] = "http://127.0.0.1:9/api";
        app.Settings["CALENDLY_AUTH_BASE_URL"] = "http://127.0.0.1:9/auth";
        app.Settings["TOKEN_KEYS"] = "test:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        return app;
    }

    public CalendlyEmulator Emulator => Services.GetRequiredService<CalendlyEmulator>();

    public MockClock Clock => Services.GetRequiredService<MockClock>();

    /// <summary>Returns when Calendly has been told of every pair that is over.</summary>
    public async Task RevocationsAsync()
    {
        var revocations = Services.GetRequiredService<Revocations>();
        while (await revocations.CountAsync(null, TestContext.Current.CancellationToken) > 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A browser-like client, with cookies and without following redirects; signed in where a persona is
    /// named. What JSON routes answer is compared with their description.</summary>
    public async Task<HttpClient> ClientAsync(string? persona = null)
    {
        var client = CreateDefaultClient(new ContractHandler(), new CookieContainerHandler());
        if (persona is not null)
        {
            using var answer = await client.PostAsJsonAsync("/test/sign-in", new { @as = persona }, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        return client;
    }

    /// <summary>The antiforgery token that a page carries for this client; the default page is there for everybody.</summary>
    public static async Task<string> AntiforgeryTokenAsync(HttpClient client, string page = "/preferences/theme")
    {
        var html = await client.GetStringAsync(page, TestContext.Current.CancellationToken);
        return FormToken().Match(html) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{page} carries no antiforgery token.");
    }

    /// <summary>Posts a form as the page itself would.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("RequestVerificationToken", await AntiforgeryTokenAsync(client));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Posts a body to a JSON route, with the antiforgery header unless told otherwise.</summary>
    public static async Task<HttpResponseMessage> PostJsonAsync(
        HttpClient client, string path, string body, string contentType = "application/json", bool withToken = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        if (withToken)
        {
            request.Headers.Add("RequestVerificationToken", await AntiforgeryTokenAsync(client));
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>All that is kept: the database, as files or as a dump, and what else lies in the data directory. Of the
    /// journal, which is locked while its process lives, nothing.</summary>
    public async Task<string> StoredAsync()
    {
        var settings = Services.GetRequiredService<AppSettings>();
        var text = new StringBuilder();
        if (settings.PostgreSql is { } address)
        {
            text.Append(await PostgreSqlCluster.DumpAsync(address.Reveal()));
        }

        foreach (var file in Directory.GetFiles(settings.DataDirectory))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return text.ToString();
    }

    /// <summary>Asks for a fragment, as htmx does.</summary>
    public static Task<HttpResponseMessage> GetFragmentAsync(HttpClient client, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("HX-Request", "true");
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("DATA_DIR", _data);
        if (OnPostgreSql)
        {
            builder.UseSetting("SUPABASE_DB_URL", PostgreSqlCluster.Shared.NewDatabase());
        }

        // Looks for files that were added after the build with a route that takes every GET, and so hides a wrong method.
        builder.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        // Nobody is told of anything unless the test gives an address; otherwise calls would be made that it has not asked for.
        builder.ConfigureServices(services => services.AddSingleton(provider => new CallbackAddress(provider.GetRequiredService<AppSettings>(), provider, new NotListening())));
        if (replace is not null)
        {
            builder.ConfigureServices(replace);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_data, recursive: true);
    }

    private sealed class NotListening : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
