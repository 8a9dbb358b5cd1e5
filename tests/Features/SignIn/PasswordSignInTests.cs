using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalendlySlices.Features.SignIn;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Features.SignIn;

public sealed class PasswordSignInTests
{
    private const string Password = "correct horse battery";
    private const string Person = "6a3c2b6e-9d1f-4f0e-8a52-0d7c1b9e4f11";

    private static readonly Dictionary<string, Action<JsonObject>> BadClaims = new()
    {
        ["another audience"] = claims => claims["aud"] = "anon",
        ["no audience"] = claims => claims.Remove("aud"),
        ["another role"] = claims => claims["role"] = "service_role",
        ["no role"] = claims => claims.Remove("role"),
        ["an anonymous person"] = claims => claims["is_anonymous"] = true,
        ["perhaps an anonymous person"] = claims => claims["is_anonymous"] = "true",
        ["another issuer"] = claims => claims["iss"] = "https://evil.example/auth/v1",
        ["a subject that is no text"] = claims => claims["sub"] = 1,
        ["expired"] = claims => claims["exp"] = (long)claims["exp"]! - 3606,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task The_right_password_begins_a_session_of_ours_and_leads_to_the_place(string algorithm)
    {
        await using var rig = await Rig.StartAsync(algorithm);
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser, ("place", "sessions"), ("zone", "Asia/Tokyo"));

        Assert.Equal("/sessions", answer.Headers.Location!.ToString());
        Assert.Contains("zone=Asia%2FTokyo", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Contains("cora.lane", await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
        using var json = await browser.GetAsync("/api/calendly/status", Cancel);
        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        Assert.Equal(new PasswordTry("cora.lane@x.example", Password, "anon-key-of-tests", "password"), Assert.Single(rig.Host.Tries));

        // The session is ours: it outlives the hour of Supabase's token.
        rig.Clock.Advance(TimeSpan.FromHours(8));
        using var later = await browser.GetAsync("/api/calendly/status", Cancel);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_is_told_at_the_form_which_keeps_the_address_and_never_the_password()
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser, ("password", "wrong-marker"), ("place", "sessions"));
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("That e-mail address and password do not belong together.", page.QuerySelector("[data-testid=sign-in-problem]")!.TextContent.Trim());
        Assert.Equal("cora.lane@x.example", page.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Null(page.QuerySelector("#password")!.GetAttribute("value"));
        Assert.Equal("sessions", page.QuerySelector("input[name=place]")!.GetAttribute("value"));
        Assert.DoesNotContain("wrong-marker", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("app=", answer.Header("Set-Cookie") ?? string.Empty, StringComparison.Ordinal);
    }

    public static TheoryData<int, string, HttpStatusCode, string> Refusals => new()
    {
        { 400, """{"error":"invalid_grant","error_description":"Invalid login credentials"}""", HttpStatusCode.Unauthorized, "do not belong together" },
        { 400, """{"code":400,"error_code":"email_not_confirmed","msg":"Email not confirmed"}""", HttpStatusCode.Unauthorized, "Confirm your e-mail address" },
        { 429, """{"code":429,"error_code":"over_request_rate_limit"}""", HttpStatusCode.TooManyRequests, "Wait a minute" },
        { 401, """{"message":"Invalid API key"}""", HttpStatusCode.ServiceUnavailable, "is not answering" },
        { 500, """{"code":500,"error_code":"unexpected_failure"}""", HttpStatusCode.ServiceUnavailable, "is not answering" },
        { 502, "<html>", HttpStatusCode.ServiceUnavailable, "is not answering" },
        { 307, "{}", HttpStatusCode.ServiceUnavailable, "is not answering" },
        { 200, "{}", HttpStatusCode.ServiceUnavailable, "is not answering" },
        { 200, """{"access_token":"a.b.c"}""", HttpStatusCode.ServiceUnavailable, "is not answering" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Whatever_else_supabase_says_is_told_as_what_it_is(int status, string body, HttpStatusCode told, string words)
    {
        await using var rig = await Rig.StartAsync();
        rig.Host.PasswordAnswer = _ => (status, body);
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser);

        Assert.Equal(told, answer.StatusCode);
        Assert.Contains(words, await answer.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("app=", answer.Header("Set-Cookie") ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_supabase_is_not_there_that_is_said()
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();
        using var page = await browser.GetAsync("/sign-in", Cancel);
        await rig.Host.DisposeAsync();

        using var answer = await SignInAsync(browser);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Yours was not checked", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "x", "Enter your e-mail address.")]
    [InlineData("cora", "x", "Enter your e-mail address.")]
    [InlineData("@x.example", "x", "Enter your e-mail address.")]
    [InlineData("cora@x.example", "", "Enter your password.")]
    public async Task What_cannot_be_right_is_told_beside_its_field_and_supabase_is_not_asked(string email, string password, string message)
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser, ("email", email), ("password", password));
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var field = page.QuerySelector("[aria-invalid=true]")!;
        Assert.Equal(message, page.GetElementById(field.GetAttribute("aria-describedby")!)!.TextContent);
        Assert.Empty(rig.Host.Tries);
    }

    [Fact]
    public async Task The_eleventh_try_of_a_minute_is_not_made()
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();
        for (var tried = 0; tried < 10; tried++)
        {
            using var wrong = await SignInAsync(browser, ("password", "wrong"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await SignInAsync(browser);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("Wait a minute", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(10, rig.Host.Tries.Count);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.8", true)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    public void Tries_are_counted_by_address_and_for_the_newer_kind_by_network(string first, string second, bool isAnother)
    {
        using var tries = new PasswordTries();
        for (var tried = 0; tried < 10; tried++)
        {
            Assert.True(tries.TryTake(IPAddress.Parse(first)));
        }

        Assert.False(tries.TryTake(IPAddress.Parse(first)));
        Assert.Equal(isAnother, tries.TryTake(IPAddress.Parse(second)));
    }

    [Fact]
    public async Task No_password_and_none_of_supabases_tokens_is_kept_logged_or_shown()
    {
        var log = new CapturedLog();
        await using var rig = await Rig.StartAsync(replace: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        rig.App.Settings["Logging:LogLevel:Default"] = "Trace";
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser);
        var database = await rig.App.StoredAsync();
        Assert.Contains(Person, database, StringComparison.Ordinal);

        Assert.NotNull(rig.Issued);
        foreach (var secret in new[] { Password, "refresh-marker", rig.Issued })
        {
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, answer.Headers.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, database, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("coach", "Coach")]
    [InlineData("admin", "Admin")]
    [InlineData("owner", "Realtor")]
    [InlineData(null, "Realtor")]
    public async Task A_role_comes_from_the_part_that_only_the_projects_owner_writes(string? role, string shown)
    {
        await using var rig = await Rig.StartAsync();
        rig.Change = claims =>
        {
            claims["app_metadata"] = role is null ? new JsonObject() : new JsonObject { ["role"] = role };
            claims["user_metadata"] = new JsonObject { ["role"] = "admin" };
        };
        using var browser = await rig.App.ClientAsync();

        using var answer = await SignInAsync(browser);

        Assert.Contains($"<span class=\"small\">{shown}</span>", await browser.GetStringAsync("/preferences/theme", Cancel), StringComparison.Ordinal);
    }

    public static TheoryData<string> BadClaimNames => [.. BadClaims.Keys];

    [Theory]
    [MemberData(nameof(BadClaimNames))]
    public async Task A_token_that_is_not_for_a_person_of_this_project_opens_nothing(string claim)
    {
        await using var rig = await Rig.StartAsync();
        rig.Change = BadClaims[claim];
        using var browser = await rig.App.ClientAsync();

        using var form = await SignInAsync(browser);
        using var json = await BearerAsync(rig, rig.Token());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, form.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, json.StatusCode);
    }

    [Fact]
    public async Task A_program_comes_with_the_token_itself()
    {
        await using var rig = await Rig.StartAsync();
        rig.Change = claims => claims["aud"] = new JsonArray("authenticated");

        using var json = await BearerAsync(rig, rig.Token());
        using var shared = await BearerAsync(rig, TokenForge.SignWith(
            rig.Key.Header("HS256"), rig.Claims(), text => System.Security.Cryptography.HMACSHA256.HashData(rig.Key.PublicBytes(), text)));
        using var none = await BearerAsync(rig, string.Empty);

        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, shared.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
    }

    [Fact]
    public async Task A_bad_token_is_not_made_good_by_a_session()
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();
        using var signedIn = await SignInAsync(browser);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/calendly/status");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer a.b.c");

        using var answer = await browser.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_sign_in_page_is_a_plain_form_under_the_usual_policy()
    {
        await using var rig = await Rig.StartAsync();
        using var browser = await rig.App.ClientAsync();

        using var answer = await browser.GetAsync("/sign-in?place=sessions", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal("/sign-in/password", page.QuerySelector("form.credentials")!.GetAttribute("action"));
        Assert.DoesNotContain(rig.Host.Address, answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        using var persona = await DashboardApp.PostFormAsync(browser, "/sign-in", ("as", "ana"));
        Assert.Equal(HttpStatusCode.BadRequest, persona.StatusCode);
        using var calendly = await DashboardApp.PostFormAsync(browser, "/sign-in/calendly", ("place", "today"));
        Assert.Equal(HttpStatusCode.NotFound, calendly.StatusCode);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, params (string Name, string Value)[] fields)
    {
        var all = new Dictionary<string, string> { ["email"] = " cora.lane@x.example ", ["password"] = Password };
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }

        return DashboardApp.PostFormAsync(browser, "/sign-in/password", [.. all.Select(field => (field.Key, field.Value))]);
    }

    private static async Task<HttpResponseMessage> BearerAsync(Rig rig, string token)
    {
        using var program = rig.App.CreateDefaultClient();
        program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await program.GetAsync("/api/calendly/status", Cancel);
    }

    private sealed class Rig(ProviderHost host, TokenForge key, DashboardApp app, FakeClock clock) : IAsyncDisposable
    {
        public ProviderHost Host => host;

        public TokenForge Key => key;

        public DashboardApp App => app;

        public FakeClock Clock => clock;

        public Action<JsonObject> Change { get; set; } = _ => { };

        /// <summary>The last access token that was given for a password.</summary>
        public string? Issued { get; private set; }

        public static async Task<Rig> StartAsync(string algorithm = "ES256", Action<IServiceCollection>? replace = null)
        {
            var key = algorithm == "ES256" ? TokenForge.Curve("key-1") : TokenForge.Rsa("key-1");
            var host = await ProviderHost.StartAsync(key);
            var clock = new FakeClock();
            var app = DashboardApp.Real(services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                replace?.Invoke(services);
            });
            app.Settings["AUTH_PROVIDER"] = "supabase";
            app.Settings["SUPABASE_URL"] = host.Address;
            app.Settings["SUPABASE_ANON_KEY"] = "anon-key-of-tests";
            var rig = new Rig(host, key, app, clock);
            host.PasswordAnswer = tried => tried.Password == Password
                ? (200, JsonSerializer.Serialize(new { access_token = rig.Issued = rig.Token(), token_type = "bearer", expires_in = 3600, refresh_token = "refresh-marker" }))
                : (400, """{"code":400,"error_code":"invalid_credentials","msg":"Invalid login credentials"}""");
            return rig;
        }

        public JsonObject Claims()
        {
            var now = Clock.GetUtcNow().ToUnixTimeSeconds();
            var claims = new JsonObject
            {
                ["iss"] = $"{Host.Address}/auth/v1",
                ["sub"] = Person,
                ["aud"] = "authenticated",
                ["role"] = "authenticated",
                ["iat"] = now,
                ["exp"] = now + 3600,
                ["email"] = "cora.lane@x.example",
                ["is_anonymous"] = false,
                ["app_metadata"] = new JsonObject { ["role"] = "coach" },
            };
            Change(claims);
            return claims;
        }

        public string Token() => Key.Sign(Claims());

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            await host.DisposeAsync();
        }
    }
}
