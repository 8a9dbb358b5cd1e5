using System.Net;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Tests.Support;
using Dapper;
using Npgsql;

namespace CalendlySlices.Tests.Infrastructure.Health;

/// <summary>Processes of the application that start before their database.</summary>
public sealed class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_not_there_yet_is_waited_for_and_pages_say_that_it_is_starting()
    {
        using var cluster = new PostgreSqlCluster();
        var address = cluster.NewDatabase();
        await MarkAsync(address, "mock");
        cluster.Stop();
        var folder = Directory.CreateTempSubdirectory("calendly-slices-");
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false", ["SUPABASE_DB_URL"] = address, ["DATA_DIR"] = folder.FullName });
        await using var other = await AppProcess.StartAsync(Real(address));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Address };

        Assert.Equal("""200 {"status":"live"}""", await AskAsync(browser, "/health/live"));
        Assert.Equal("""503 {"status":"starting"}""", await AskAsync(browser, "/health/ready"));
        using (var page = await browser.GetAsync("/sign-in", Cancel))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (page.StatusCode, page.Headers.RetryAfter!.Delta));
            var html = await page.TextAsync();
            Assert.Contains("<h1>Starting</h1>", html, StringComparison.Ordinal);
            Assert.StartsWith("200 ", await AskAsync(browser, Regex.Match(html, "<link rel=\"stylesheet\" href=\"([^\"]+)\">").Groups[1].Value), StringComparison.Ordinal);
            Assert.True(page.Headers.Contains("Content-Security-Policy"));
        }

        Assert.Contains("DATABASE_UNAVAILABLE", await AskAsync(browser, "/api/calendly/status"), StringComparison.Ordinal);

        // No work has begun: what an earlier process has left may only be taken over with keys that are known to be right.
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "journal")));

        cluster.Start();
        await UntilAsync(browser, "200 ");
        Assert.StartsWith("200 ", await AskAsync(browser, "/sign-in"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(folder.FullName, "journal")));

        // The other finds that this is no database for it, as it would have at once.
        Assert.Equal(SettingsExtensions.ConfigurationError, await other.ExitAsync());
        Assert.Contains("real and mock data never share one", other.Output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Told_to_stop_while_it_waits_for_its_database_it_ends_without_a_complaint()
    {
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string>
        {
            ["USE_REAL_CALENDLY"] = "false",
            ["SUPABASE_DB_URL"] = "Host=127.0.0.1;Port=9;Username=nobody;Password=none;Database=none",
        });
        await app.SaidAsync("The database does not answer");

        Assert.Equal(0, await app.StopAsync());
        Assert.DoesNotContain("Unhandled exception", app.Output, StringComparison.Ordinal);
    }

    private static async Task MarkAsync(string address, string mode)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Cancel);
        await connection.ExecuteAsync("INSERT INTO calendly_slices.marker (name, value) VALUES ('mode', @mode)", new { mode });
        NpgsqlConnection.ClearPool(connection);
    }

    private static async Task UntilAsync(HttpClient browser, string answer)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await AskAsync(browser, "/health/ready")).StartsWith(answer, StringComparison.Ordinal))
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<string> AskAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path, Cancel);
        return $"{(int)answer.StatusCode} {await answer.TextAsync()}";
    }

    private static Dictionary<string, string> Real(string address) => new()
    {
        ["USE_REAL_CALENDLY"] = "true",
        ["CALENDLY_CLIENT_ID"] = "client-of-tests",
        ["CALENDLY_CLIENT_SECRET"] = "secret-of-tests",
        ["CALENDLY_WEBHOOK_SIGNING_KEY"] = "key-of-tests",
        ["CALENDLY_API_BASE_URL"] = "http://127.0.0.1:9/",
        ["CALENDLY_AUTH_BASE_URL"] = "http://127.0.0.1:9/",
        ["TOKEN_KEYS"] = TokenHostProcess.Keys,
        ["SUPABASE_DB_URL"] = address,
    };
}
