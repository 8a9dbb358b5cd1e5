using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CalendlySlices.Tests.Features.SignIn;

public sealed class SignInTests
{
    private const string SessionCookie = "app-mock";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ana", "Ana Ruiz")]
    [InlineData("priya", "Priya Nair")]
    [InlineData("tom", "Tom Wells")]
    [InlineData("mei", "Mei Tanaka")]
    [InlineData("olu", "Olu Adeyemi")]
    [InlineData("rita", "Rita Campos")]
    [InlineData("luca", "Luca Ferri")]
    [InlineData("dora", "Dora Haugen")]
    [InlineData("adam", "Adam Novak")]
    public async Task Every_persona_is_offered_and_can_sign_in(string key, string name)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        Assert.Contains($"name=\"as\" value=\"{key}\"", await browser.GetStringAsync("/sign-in", Cancel), StringComparison.Ordinal);

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", key));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        Assert.Contains(name, await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zoe")]
    [InlineData("ANA")]
    [InlineData("")]
    [InlineData("ana' OR 1=1 --")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Somebody_unknown_gets_the_page_again_with_the_reason(string key)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", key), ("place", "sessions"));
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Choose one of the people below.", page.QuerySelector("[data-testid=sign-in-problem]")!.TextContent.Trim());
        Assert.Equal(9, page.QuerySelectorAll("[data-testid^=persona-]").Length);
        Assert.Equal("sessions", page.QuerySelector("input[name=place]")!.GetAttribute("value"));
        Assert.DoesNotContain(Cookies(answer), cookie => cookie.Name == SessionCookie);
    }

    [Theory]
    [InlineData("/sessions", "/sessions")]
    [InlineData("/sessions/3f0f5b3e-1111-4222-8333-944455556666", "/sessions")]
    [InlineData("/connection", "/connection")]
    [InlineData("/", "/")]
    public async Task After_signing_in_one_is_where_one_wanted_to_go(string wanted, string place)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        using var refused = await browser.GetAsync(wanted, Cancel);
        using var page = await (await browser.GetAsync(refused.Headers.Location, Cancel)).DocumentAsync();

        using var answer = await DashboardApp.PostFormAsync(
            browser, "/sign-in", ("as", "ana"), ("place", page.QuerySelector("input[name=place]")!.GetAttribute("value")!));

        Assert.Equal(place, answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/sessions\r\nX-Evil: 1")]
    public async Task A_place_that_is_none_of_ours_leads_home(string place)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"), ("place", place));

        Assert.Equal("/", answer.Headers.Location!.ToString());
        Assert.False(answer.Headers.Contains("X-Evil"));
    }

    [Theory]
    [InlineData("Asia/Tokyo", "Asia/Tokyo")]
    [InlineData("", "America/New_York")]
    [InlineData("Mars/Olympus", "America/New_York")]
    public async Task Times_are_in_the_browsers_zone_or_the_personas(string browserZone, string kept)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"), ("zone", browserZone));

        Assert.Equal(kept, Uri.UnescapeDataString(Cookies(answer).Single(cookie => cookie.Name == "zone").Value));
    }

    [Fact]
    public async Task The_session_cookie_is_short_and_kept_from_scripts()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));
        var cookie = Cookies(answer).Single(cookie => cookie.Name == SessionCookie);

        Assert.Contains("httponly", cookie.Attributes);
        Assert.Contains("samesite=lax", cookie.Attributes);
        Assert.Contains("path=/", cookie.Attributes);
        Assert.DoesNotContain(cookie.Attributes, attribute => attribute.StartsWith("domain", StringComparison.Ordinal));
        Assert.True(cookie.Line.Length < 4096, $"The cookie has {cookie.Line.Length} characters.");
        Assert.DoesNotContain("ana", cookie.Value, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_secure_and_bound_to_the_host()
    {
        await using var app = new DashboardApp();
        app.Settings["PUBLIC_BASE_URL"] = "https://slices.example";
        using var browser = app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = new Uri("https://slices.example") });

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));

        var cookie = Cookies(answer).Single(cookie => cookie.Name == $"__Host-{SessionCookie}");
        Assert.Contains("secure", cookie.Attributes);
        Assert.Contains("path=/", cookie.Attributes);
        Assert.Contains("max-age", answer.Header("Strict-Transport-Security") ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_never_takes_over_a_session_that_was_there()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var first = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));
        using var second = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));

        var ids = new[] { first, second }.Select(answer => Cookies(answer).Single(cookie => cookie.Name == SessionCookie).Value).ToList();
        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(app, ids[1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, ids[0]));
    }

    [Fact]
    public async Task A_planted_session_does_not_become_that_of_whoever_signs_in()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        using var planted = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "priya"));
        var known = Cookies(planted).Single(cookie => cookie.Name == SessionCookie).Value;

        // Later than half of the session's life, when the framework also wants to renew what it has found.
        app.Clock.Advance(TimeSpan.FromHours(7));
        using var signedIn = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, known));
        Assert.Single(Cookies(signedIn), cookie => cookie.Name == SessionCookie);
        Assert.Contains("Ana Ruiz", await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_wherever_its_cookie_has_been_copied()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        using var signedIn = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));
        var copied = Cookies(signedIn).Single(cookie => cookie.Name == SessionCookie).Value;
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(app, copied));

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-out");

        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
        Assert.Equal("\"cache\", \"storage\"", answer.Header("Clear-Site-Data"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, copied));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_session_of_this_person_and_of_nobody_else()
    {
        await using var app = new DashboardApp();
        using var desk = await app.ClientAsync();
        using var signedIn = await DashboardApp.PostFormAsync(desk, "/sign-in", ("as", "ana"));
        using var phone = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        var copied = Cookies(signedIn).Single(cookie => cookie.Name == SessionCookie).Value;
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(app, copied));
        using (var before = await phone.GetAsync("/api/calendly/status", Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        using var answer = await DashboardApp.PostFormAsync(phone, "/sign-out/everywhere");

        Assert.Equal("\"cache\", \"storage\"", answer.Header("Clear-Site-Data"));
        Assert.Contains("You are signed out on every device.", await phone.GetStringAsync(answer.Headers.Location, Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, copied));
        using var page = await desk.GetAsync("/sessions", Cancel);
        Assert.Equal("/sign-in?place=sessions", page.Headers.Location!.ToString());
        using var others = await priya.GetAsync("/api/calendly/status", Cancel);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
    }

    [Theory]
    [InlineData("11:59:00", HttpStatusCode.OK)]
    [InlineData("12:01:00", HttpStatusCode.Unauthorized)]
    public async Task Twelve_idle_hours_end_the_session(string idle, HttpStatusCode after)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Clock.Advance(TimeSpan.Parse(idle, System.Globalization.CultureInfo.InvariantCulture));

        using var answer = await ana.GetAsync("/api/calendly/status", Cancel);

        Assert.Equal(after, answer.StatusCode);
    }

    [Fact]
    public async Task Seven_days_end_the_session_however_active_it_was()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        for (var hours = 8; hours < 7 * 24; hours += 8)
        {
            app.Clock.Advance(TimeSpan.FromHours(8));
            using var active = await ana.GetAsync("/api/calendly/status", Cancel);
            Assert.True(active.IsSuccessStatusCode, $"The session ended after {hours} hours of use.");
        }

        app.Clock.Advance(TimeSpan.FromHours(8));
        using var answer = await ana.GetAsync("/api/calendly/status", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Signed_out_a_fragment_makes_the_browser_go_to_sign_in_and_back()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions/day");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Current-URL", "http://localhost/sessions?tab=past");

        using var answer = await browser.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("/sign-in?place=sessions", answer.Header("HX-Redirect"));
        Assert.DoesNotContain("<html", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/calendly/status")]
    [InlineData("GET", "/api/calendly/events/scheduled")]
    [InlineData("POST", "/api/calendly/events/cancel")]
    public async Task Signed_out_json_gets_the_envelope_and_is_never_sent_to_a_page(string method, string path)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);
        var error = (await answer.JsonAsync()).GetProperty("error");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Equal("NOT_SIGNED_IN", error.GetProperty("code").GetString());
        Assert.Equal("Sign in to see this.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_changed_cookie_is_nobodys()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        using var signedIn = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));
        var value = Cookies(signedIn).Single(cookie => cookie.Name == SessionCookie).Value;

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, value[..^6] + "AAAAAA"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(app, "nonsense"));
    }

    [Fact]
    public async Task With_real_calendly_no_persona_gets_in()
    {
        await using var app = DashboardApp.Real();
        using var browser = await app.ClientAsync();

        var page = await browser.GetStringAsync("/sign-in", Cancel);
        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));

        Assert.Contains("Continue with Calendly", page, StringComparison.Ordinal);
        Assert.DoesNotContain("persona-", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(Cookies(answer), cookie => cookie.Name.StartsWith("app", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_real_calendly_signing_in_goes_to_its_consent_page()
    {
        await using var app = DashboardApp.Real();
        using var browser = await app.ClientAsync();

        using var answer = await DashboardApp.PostFormAsync(browser, "/sign-in/calendly", ("place", "today"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var address = answer.Headers.Location!.ToString();
        Assert.StartsWith("http://127.0.0.1:9/auth/oauth/authorize?", address, StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", address, StringComparison.Ordinal);
        Assert.DoesNotContain("client-marker", address, StringComparison.Ordinal);
        Assert.DoesNotContain("login_hint", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_new_can_sign_in_with_calendly_alone_and_is_connected_by_it()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        Assert.Equal("/sessions", await SignInWithCalendlyAsync(app, browser, "mei"));

        Assert.Contains("Portfolio review", await browser.GetStringAsync("/sessions", Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Fault is not null);
    }

    [Fact]
    public async Task Who_is_known_gets_in_and_stays_connected_though_calendly_does_not_say_the_name_just_now()
    {
        await using var app = new DashboardApp();
        using (var before = await app.ClientAsync())
        {
            Assert.Equal("/sessions", await SignInWithCalendlyAsync(app, before, "mei"));
        }

        app.Emulator.Faults.Add(new Fault("/users", FaultKind.Status) { Status = 429, Times = 100 });
        using var browser = await app.ClientAsync();
        Assert.Equal("/sessions", await SignInWithCalendlyAsync(app, browser, "mei"));

        app.Emulator.Faults.Clear();
        Assert.Contains("Portfolio review", await browser.GetStringAsync("/sessions", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_name_calendly_does_not_say_does_not_get_in_and_the_grant_is_revoked()
    {
        await using var app = new DashboardApp();
        app.Emulator.Faults.Add(new Fault("/users", FaultKind.Status) { Status = 503, Times = 100 });
        using var browser = await app.ClientAsync();

        Assert.Equal("/sign-in?problem=unfinished", await SignInWithCalendlyAsync(app, browser, "mei"));

        Assert.Contains("Calendly did not finish the sign-in. Try again.", await browser.GetStringAsync("/sign-in?problem=unfinished", Cancel), StringComparison.Ordinal);
        Assert.Contains(app.Emulator.Journal, call => call.Path == "/oauth/revoke");
    }

    // Where the way back from Calendly leads to.
    private static async Task<string> SignInWithCalendlyAsync(DashboardApp app, HttpClient browser, string account)
    {
        using var start = await DashboardApp.PostFormAsync(browser, "/sign-in/calendly", ("place", "sessions"));
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), start.Headers.Location!).Query);
        using var callback = await browser.GetAsync(await ConsentVisit.AllowAsync(app, query, account), Cancel);
        return callback.Headers.Location!.ToString();
    }

    private static async Task<HttpStatusCode> StatusWithAsync(DashboardApp app, string cookie)
    {
        using var thief = app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/calendly/status");
        request.Headers.Add("Cookie", $"{SessionCookie}={cookie}");
        using var answer = await thief.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private static List<SetCookie> Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var lines) ? [.. lines.Select(SetCookie.Of)] : [];

    private sealed record SetCookie(string Name, string Value, IReadOnlyList<string> Attributes, string Line)
    {
        public static SetCookie Of(string line)
        {
            var parts = line.Split(';', StringSplitOptions.TrimEntries);
            var (name, value) = parts[0].Split('=', 2) is [var left, var right] ? (left, right) : (parts[0], string.Empty);
            return new SetCookie(name, value, [.. parts.Skip(1).Select(attribute => attribute.ToLowerInvariant())], line);
        }
    }
}
