using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure;

/// <summary>A whole journey, then a search for every secret that was in play.</summary>
public sealed class SecretsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task No_secret_is_in_a_log_an_answer_or_the_database(Engine engine)
    {
        var log = new CapturedLog();
        await using var app = new DashboardApp(services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))) { OnPostgreSql = engine == Engine.PostgreSql };
        app.Settings["Logging:LogLevel:Default"] = "Trace";
        app.Settings["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace";
        var seen = new Seen();
        var secrets = new Dictionary<string, string>();
        using var mei = app.CreateDefaultClient(new CookieJar(seen, secrets));
        mei.BaseAddress = new Uri("http://localhost");

        await JourneyAsync(app, mei, secrets);

        secrets["client secret"] = EmulatorOptions.MockClientSecret;
        Assert.Contains(secrets.Keys, name => name.StartsWith("cookie", StringComparison.Ordinal));
        Assert.Contains("authorization code", secrets.Keys);
        Assert.Contains("access token", secrets.Keys);
        Assert.True(log.Lines.Count > 200, $"Only {log.Lines.Count} lines were logged.");

        var database = await app.StoredAsync();
        Assert.Contains("persona:mei", database, StringComparison.Ordinal);
        var leaks = new List<string>();
        foreach (var (name, secret) in secrets.Append(KeyValuePair.Create("any token", "mock_at_")).Append(KeyValuePair.Create("any refresh token", "mock_rt_")).Append(KeyValuePair.Create("any code", "mock_code_")))
        {
            leaks.AddRange(log.Lines.Where(line => line.Contains(secret, StringComparison.Ordinal)).Select(line => $"{name} in the log: {line[..Math.Min(line.Length, 200)]}"));
            leaks.AddRange(seen.Answers.Where(answer => answer.Text.Contains(secret, StringComparison.Ordinal)).Select(answer => $"{name} in the answer to {answer.Request}"));
            if (database.Contains(secret, StringComparison.Ordinal))
            {
                leaks.Add($"{name} in the database");
            }
        }

        Assert.True(leaks.Count == 0, string.Join('\n', leaks.Distinct()));
    }

    private static async Task JourneyAsync(DashboardApp app, HttpClient mei, Dictionary<string, string> secrets)
    {
        using var signedIn = await DashboardApp.PostFormAsync(mei, "/sign-in", ("as", "mei"));
        using var start = await DashboardApp.PostFormAsync(mei, "/connection", ("place", "sessions"));
        var authorize = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), start.Headers.Location!).Query);
        var callback = await ConsentVisit.AllowAsync(app, authorize, "mei");
        secrets["authorization code"] = System.Web.HttpUtility.ParseQueryString(callback[callback.IndexOf('?', StringComparison.Ordinal)..])["code"]!;
        using var made = await mei.GetAsync(callback, Cancel);
        using var again = await mei.GetAsync(callback, Cancel);

        var store = app.Services.GetRequiredService<ITokenStore>();
        var people = app.Services.GetRequiredService<CalendlySlices.Infrastructure.Identity.People>();
        var id = await people.FindOrAddAsync("persona:mei", Cancel);
        await KeepTokensAsync(string.Empty);

        foreach (var path in new[]
        {
            "/connection/made?place=sessions", "/connection/check?place=sessions", "/", "/sessions", "/sessions?tab=past", "/sessions/day", "/connection", "/status", "/api/calendly/status",
            "/api/calendly/events/scheduled?count=2", $"/sessions/{EmulatedIds.Session("mei", "tomorrow")}", "/test/journal", "/nowhere", "/api/calendly/oauth/callback?code=wrong&state=wrong",
        })
        {
            using var page = await mei.GetAsync(path, Cancel);
        }

        app.Clock.Advance(TimeSpan.FromHours(3));
        foreach (var kind in Enum.GetValues<FaultKind>().Except([FaultKind.Hang, FaultKind.Delay]))
        {
            app.Emulator.Faults.Add(new Fault("/", kind) { Status = 500 });
            using var page = await mei.GetAsync($"/api/calendly/events/scheduled?count={10 + (int)kind}", Cancel);
        }

        app.Emulator.Faults.Clear();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        using var renewed = await mei.GetAsync("/sessions?renew=1", Cancel);
        await KeepTokensAsync(" after the refresh");
        using var canceled = await DashboardApp.PostFormAsync(mei, $"/sessions/{EmulatedIds.Session("mei", "tomorrow")}/cancellation", ("reason", "Sorry"));
        using var refused = await DashboardApp.PostFormAsync(mei, $"/sessions/{EmulatedIds.Session("mei", "past-1")}/cancellation", ("reason", "Sorry"));
        using var stale = await DashboardApp.PostJsonAsync(mei, "/api/calendly/events/cancel", "{", withToken: false);
        using var disconnected = await DashboardApp.PostFormAsync(mei, "/connection/disconnect");
        using var signedOut = await DashboardApp.PostFormAsync(mei, "/sign-out");

        async Task KeepTokensAsync(string when)
        {
            var tokens = await store.ReadAsync(id, Cancel);
            secrets["access token" + when] = tokens!.AccessToken.Reveal();
            secrets["refresh token" + when] = tokens.RefreshToken.Reveal();
        }
    }

    private sealed class Seen
    {
        public List<(string Request, string Text)> Answers { get; } = [];
    }

    /// <summary>A browser's cookies, whose values are secrets too, and all that came back but Set-Cookie itself.</summary>
    private sealed class CookieJar(Seen seen, Dictionary<string, string> secrets) : DelegatingHandler
    {
        private readonly System.Net.CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            {
                request.Headers.Add("Cookie", header);
            }

            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues("Set-Cookie", out var lines))
            {
                foreach (var line in lines)
                {
                    _cookies.SetCookies(request.RequestUri!, line);
                }

                foreach (System.Net.Cookie cookie in _cookies.GetCookies(request.RequestUri!))
                {
                    // A zone is no secret, and neither is the mark that a correlation cookie leaves.
                    if (cookie.Value.Length > 20)
                    {
                        secrets[$"cookie {cookie.Name} {cookie.Value.GetHashCode(StringComparison.Ordinal)}"] = cookie.Value;
                    }
                }
            }

            var text = string.Join('\n', answer.Headers.Where(entry => entry.Key != "Set-Cookie").Select(entry => $"{entry.Key}: {string.Join(", ", entry.Value)}"))
                + await answer.Content.ReadAsStringAsync(cancellationToken);
            seen.Answers.Add(($"{request.Method} {request.RequestUri!.AbsolutePath}", text));
            return answer;
        }
    }
}
