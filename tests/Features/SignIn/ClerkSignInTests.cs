using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace CalendlySlices.Tests.Features.SignIn;

public sealed class ClerkSignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_runs_clerks_script_and_only_this_page_may()
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;

        using var page = await browser.GetAsync("/sign-in?place=sessions", Cancel);
        using var document = await page.DocumentAsync();
        var policy = page.Header("Content-Security-Policy")!;

        var script = document.QuerySelector("script[data-clerk-publishable-key]")!;
        Assert.Equal($"{rig.Clerk.Address}/npm/@clerk/clerk-js@5/dist/clerk.headless.browser.js", script.GetAttribute("src"));
        Assert.Equal(rig.App.Settings["CLERK_PUBLISHABLE_KEY"], script.GetAttribute("data-clerk-publishable-key"));
        Assert.Contains($"'nonce-{script.GetAttribute("nonce")}' {rig.Clerk.Address};", policy, StringComparison.Ordinal);
        Assert.Contains($"connect-src 'self' {rig.Clerk.Address};", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("require-trusted-types-for", policy, StringComparison.Ordinal);
        Assert.Equal("/sign-in/done?place=sessions", document.QuerySelector("#clerk")!.GetAttribute("data-done"));

        foreach (var path in new[] { "/", "/connection", "/sessions", "/event-types", "/schedules", "/free-times", "/preferences/zone", "/preferences/theme", "/api", "/nowhere", "/api/calendly/status" })
        {
            using var other = await browser.GetAsync(path, Cancel);
            Assert.DoesNotContain(rig.Clerk.Address, other.Header("Content-Security-Policy")!, StringComparison.Ordinal);
            Assert.Contains("require-trusted-types-for 'script'", other.Header("Content-Security-Policy")!, StringComparison.Ordinal);
            Assert.DoesNotContain("clerk-js", await other.TextAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("coach", HttpStatusCode.OK)]
    [InlineData("realtor", HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.Forbidden)]
    [InlineData("Coach", HttpStatusCode.Forbidden)]
    [InlineData("owner", HttpStatusCode.Forbidden)]
    public async Task A_role_comes_from_the_token_and_an_unknown_one_is_the_least(string role, HttpStatusCode connection)
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims(role))).Client;

        using var answer = await browser.GetAsync("/connection", Cancel);

        Assert.Equal(connection, answer.StatusCode);
        Assert.Contains(role == "coach" ? "Coach" : role == "admin" ? "Admin" : "Realtor", await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"Cora Lane\",\"email\":\"c@x.example\"}", "Cora Lane")]
    [InlineData("{\"email\":\"cora@x.example\"}", "cora")]
    [InlineData("{\"name\":\"  \"}", "You")]
    [InlineData("{\"name\":7}", "You")]
    [InlineData("{\"name\":\"<b>x</b>\"}", "&lt;b&gt;x&lt;/b&gt;")]
    public async Task People_are_greeted_by_what_the_token_calls_them(string named, string greeting)
    {
        await using var rig = await ClerkRig.StartAsync();
        var claims = rig.Claims();
        claims.Remove("name");
        foreach (var (name, value) in JsonNode.Parse(named)!.AsObject())
        {
            claims[name] = value!.DeepClone();
        }

        using var browser = rig.Browser(rig.Key.Sign(claims)).Client;

        Assert.Contains($"<b>{greeting}</b>", await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_with_an_old_token_goes_through_clerks_handshake_and_comes_back_signed_in()
    {
        await using var rig = await ClerkRig.StartAsync();
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));
        cookies.Add(new Cookie("__clerk_db_jwt", "dvb_1", "/", "localhost"));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));

        using var away = await ClerkRig.OpenAsync(browser, "/connection?place=sessions");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, away.StatusCode);
        Assert.True(away.Headers.CacheControl!.NoStore);
        Assert.StartsWith($"{rig.Clerk.Address}/v1/client/handshake?", away.Headers.Location!.ToString(), StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(away.Headers.Location.Query);
        Assert.Equal("http://localhost/connection?place=sessions", query["redirect_url"]);
        Assert.Equal("dvb_1", query["__clerk_db_jwt"]);

        var payload = Payload(rig, $"__session={rig.Key.Sign(rig.Claims())}; Path=/", "__client_uat=1; Path=/", "evil=1; Path=/", "__session_x=1; Path=/\r\nX-Evil: 1");
        using var back = await ClerkRig.OpenAsync(browser, $"/connection?place=sessions&__clerk_handshake={payload}");
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.Equal("http://localhost/connection?place=sessions", back.Headers.Location!.ToString());
        Assert.False(back.Headers.Contains("X-Evil"));
        Assert.Null(cookies.GetAllCookies()["evil"]);

        using var page = await ClerkRig.OpenAsync(browser, "/connection?place=sessions");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Null(cookies.GetAllCookies()["clerk-tries"]);
        browser.Dispose();
    }

    [Theory]
    [InlineData("pk_test_", true, false)]
    [InlineData("pk_live_", true, true)]
    [InlineData("pk_test_", false, true)]
    [InlineData("pk_live_", false, false)]
    public async Task A_handshake_is_taken_in_from_where_clerk_puts_it_and_only_when_we_asked_for_it(string keyKind, bool asked, bool inCookie)
    {
        await using var rig = await ClerkRig.StartAsync(keyKind: keyKind);
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        if (asked)
        {
            using var away = await ClerkRig.OpenAsync(browser, "/connection");
        }

        var fresh = rig.Key.Sign(rig.Claims());
        var payload = Payload(rig, $"__session={fresh}; Path=/");
        if (inCookie)
        {
            cookies.Add(new Cookie("__clerk_handshake", payload, "/", "localhost"));
        }

        using var back = await ClerkRig.OpenAsync(browser, inCookie ? "/connection" : $"/connection?__clerk_handshake={payload}");

        Assert.Equal(asked, cookies.GetAllCookies()["__session"]!.Value == fresh);
        if (asked)
        {
            // The cookie is still there, and is not taken in a second time.
            using var page = await ClerkRig.OpenAsync(browser, "/connection");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        browser.Dispose();
    }

    [Fact]
    public async Task A_live_instance_takes_no_handshake_from_an_address()
    {
        await using var rig = await ClerkRig.StartAsync(keyKind: "pk_live_");
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        using var away = await ClerkRig.OpenAsync(browser, "/connection");

        var fresh = rig.Key.Sign(rig.Claims());
        using var back = await ClerkRig.OpenAsync(browser, $"/connection?__clerk_handshake={Payload(rig, $"__session={fresh}; Path=/")}");

        Assert.NotEqual(fresh, cookies.GetAllCookies()["__session"]!.Value);
        browser.Dispose();
    }

    [Fact]
    public async Task A_strangers_handshake_sets_nothing()
    {
        await using var rig = await ClerkRig.StartAsync();
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        using var away = await ClerkRig.OpenAsync(browser, "/connection");
        var payload = TokenForge.Rsa("ins_1").Sign(new JsonObject { ["handshake"] = new JsonArray("__session=planted; Path=/") });

        using var back = await ClerkRig.OpenAsync(browser, $"/connection?__clerk_handshake={payload}");

        Assert.NotEqual("planted", cookies.GetAllCookies()["__session"]!.Value);
        browser.Dispose();
    }

    [Fact]
    public async Task After_three_handshakes_that_brought_nothing_the_sign_in_page_is_shown()
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;
        rig.Clock.Advance(TimeSpan.FromMinutes(5));

        var ways = new List<string>();
        for (var visit = 0; visit < 5; visit++)
        {
            using var answer = await ClerkRig.OpenAsync(browser, "/sessions");
            ways.Add(answer.Headers.Location!.ToString().Split('?')[0]);
        }

        var handshake = $"{rig.Clerk.Address}/v1/client/handshake";
        Assert.Equal([handshake, handshake, handshake, "/sign-in", "/sign-in"], ways);
    }

    [Theory]
    [InlineData("1700000000", "/v1/client/handshake")]
    [InlineData("0", "/sign-in")]
    [InlineData(null, "/sign-in")]
    public async Task Without_a_token_clerk_is_asked_only_when_it_knows_of_a_session(string? sessions, string path)
    {
        await using var rig = await ClerkRig.StartAsync();
        var (browser, cookies) = rig.Browser();
        if (sessions is not null)
        {
            cookies.Add(new Cookie("__client_uat", sessions, "/", "localhost"));
        }

        using var answer = await ClerkRig.OpenAsync(browser, "/sessions");

        Assert.Equal(path, new Uri(new Uri("http://localhost"), answer.Headers.Location!).AbsolutePath);
        browser.Dispose();
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", true)]
    [InlineData("POST", false)]
    public async Task What_is_no_page_reloads_the_page_when_the_token_is_old(string method, bool htmx)
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/connection") { Content = method == "GET" ? null : new FormUrlEncodedContent([]) };
        if (htmx)
        {
            request.Headers.Add("HX-Request", "true");
        }

        using var answer = await browser.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("true", answer.Header("HX-Refresh"));
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task A_stream_that_comes_back_with_an_old_token_does_not_claim_that_the_person_is_signed_out()
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;
        rig.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains("event: session-expired\nid: 0\ndata: token\n", await browser.GetStringAsync("/live?since=0", Cancel), StringComparison.Ordinal);
        Assert.Contains("\"subject\":\"token\"", await browser.GetStringAsync("/live/since?after=0", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_takes_the_token_back_and_has_clerk_end_its_session()
    {
        await using var rig = await ClerkRig.StartAsync();
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-out");
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("true", page.QuerySelector("#clerk")!.GetAttribute("data-leaving"));
        Assert.NotNull(page.QuerySelector("script[data-clerk-publishable-key]"));
        Assert.Null(page.QuerySelector(".places"));
        Assert.Contains(rig.Clerk.Address, answer.Header("Content-Security-Policy")!, StringComparison.Ordinal);
        Assert.Equal("\"cache\", \"storage\"", answer.Header("Clear-Site-Data"));
        Assert.Null(cookies.GetAllCookies()["__session"]);
        using var asked = await browser.GetAsync("/sign-out", Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, asked.StatusCode);
        browser.Dispose();
    }

    [Theory]
    [InlineData("/sign-in", HttpStatusCode.BadRequest)]
    [InlineData("/sign-in/calendly", HttpStatusCode.NotFound)]
    [InlineData("/sign-in/password", HttpStatusCode.NotFound)]
    public async Task No_other_way_in_is_open(string path, HttpStatusCode refused)
    {
        await using var rig = await ClerkRig.StartAsync();
        using var browser = rig.Browser().Client;

        using var answer = await DashboardApp.PostFormAsync(browser, path, ("as", "ana"), ("email", "a@b.example"), ("password", "x"));

        Assert.Equal(refused, answer.StatusCode);
    }

    [Fact]
    public async Task A_coach_whom_clerk_has_signed_in_connects_calendly()
    {
        await using var calendly = new DashboardApp();
        await using var rig = await StartWithCalendlyAsync(calendly);
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;

        using var start = await DashboardApp.PostFormAsync(browser, "/connection", ("place", "connection"));
        using var made = await browser.GetAsync(await AllowAsync(calendly, start), Cancel);

        Assert.Equal("/connection/made?place=connection", made.Headers.Location!.ToString());
        Assert.Contains("\"connected\":true", await browser.GetStringAsync("/api/calendly/status", Cancel), StringComparison.Ordinal);
        using var types = await browser.GetAsync("/api/calendly/events/types", Cancel);
        Assert.Equal(HttpStatusCode.OK, types.StatusCode);
    }

    [Fact]
    public async Task A_minute_at_calendly_outlives_the_token_and_loses_nothing()
    {
        await using var calendly = new DashboardApp();
        await using var rig = await StartWithCalendlyAsync(calendly);
        using var browser = rig.Browser(rig.Key.Sign(rig.Claims())).Client;
        using var start = await DashboardApp.PostFormAsync(browser, "/connection", ("place", "connection"));
        var callback = await AllowAsync(calendly, start);
        rig.Clock.Advance(TimeSpan.FromMinutes(2));

        using var unknown = await ClerkRig.OpenAsync(browser, callback);
        Assert.Equal("/sign-in/done", unknown.Headers.Location!.ToString());
        using var away = await ClerkRig.OpenAsync(browser, "/sign-in/done");
        Assert.Equal("http://localhost/sign-in/done", HttpUtility.ParseQueryString(away.Headers.Location!.Query)["redirect_url"]);
        using var back = await ClerkRig.OpenAsync(browser, $"/sign-in/done?__clerk_handshake={Payload(rig, $"__session={rig.Key.Sign(rig.Claims())}; Path=/")}");
        using var done = await ClerkRig.OpenAsync(browser, "/sign-in/done");
        Assert.StartsWith("/api/calendly/oauth/callback", done.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var made = await ClerkRig.OpenAsync(browser, done.Headers.Location.ToString());

        Assert.Equal("/connection/made?place=connection", made.Headers.Location!.ToString());
        Assert.Contains("\"connected\":true", await browser.GetStringAsync("/api/calendly/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_round_trip_that_one_person_began_connects_nobody_else()
    {
        await using var calendly = new DashboardApp();
        await using var rig = await StartWithCalendlyAsync(calendly);
        var (browser, cookies) = rig.Browser(rig.Key.Sign(rig.Claims()));
        using var start = await DashboardApp.PostFormAsync(browser, "/connection", ("place", "today"));
        var other = rig.Claims();
        other["sub"] = "user_other";
        cookies.Add(new Cookie("__session", rig.Key.Sign(other), "/", "localhost"));

        using var answer = await browser.GetAsync(await AllowAsync(calendly, start), Cancel);

        Assert.Equal("/connection?problem=state", answer.Headers.Location!.ToString());
        browser.Dispose();
    }

    // The emulator inside another application plays Calendly.
    private static async Task<ClerkRig> StartWithCalendlyAsync(DashboardApp calendly)
    {
        var rig = await ClerkRig.StartAsync(services =>
        {
            foreach (var client in new[] { nameof(ICalendlyApi), nameof(ICalendlyOAuth) })
            {
                services.Configure<HttpClientFactoryOptions>(client, options => options.HttpMessageHandlerBuilderActions.Add(wire => wire.PrimaryHandler = calendly.Server.CreateHandler()));
            }
        });
        rig.App.Settings["CALENDLY_API_BASE_URL"] = "http://localhost/mock/calendly";
        rig.App.Settings["CALENDLY_AUTH_BASE_URL"] = "http://localhost/mock/calendly";
        rig.App.Settings["CALENDLY_CLIENT_ID"] = "mock-client";
        rig.App.Settings["CALENDLY_CLIENT_SECRET"] = "mock-secret";
        return rig;
    }

    private static Task<string> AllowAsync(DashboardApp calendly, HttpResponseMessage start) =>
        ConsentVisit.AllowAsync(calendly, HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), start.Headers.Location!).Query), "mei");

    private static string Payload(ClerkRig rig, params string[] cookies) =>
        rig.Key.Sign(new JsonObject { ["handshake"] = new JsonArray([.. cookies.Select(cookie => JsonValue.Create(cookie))]) });
}
