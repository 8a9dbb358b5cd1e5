using System.Net;
using System.Web;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Connect;

public sealed class ConnectTests
{
    private const string Callback = "/api/calendly/oauth/callback";

    private static readonly Dictionary<string, Func<string, string>> BadCallbacks = new()
    {
        ["no state"] = _ => "?code=abc",
        ["no code"] = state => $"?state={Uri.EscapeDataString(state)}",
        ["a foreign state"] = _ => "?code=abc&state=CfDJ8AAAA",
        ["a changed state"] = state => $"?code=abc&state={Uri.EscapeDataString(state[..^4] + "AAAA")}",
        ["nothing at all"] = _ => string.Empty,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_never_connected_is_told_what_will_be_read_and_changed()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");

        var page = await mei.GetStringAsync("/connection", Cancel);

        Assert.Contains("We will read", page, StringComparison.Ordinal);
        Assert.Contains("We will change", page, StringComparison.Ordinal);
        Assert.Contains("data-testid=\"connect-button\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_goes_to_the_consent_page_with_pkce_state_and_named_scopes()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");

        var query = await AuthorizeQueryAsync(mei);

        Assert.Equal("code", query["response_type"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"]!.Length);
        Assert.Equal("users:read event_types:write availability:write scheduled_events:write scheduling_links:write webhooks:write", query["scope"]);
        Assert.Equal("http://localhost" + Callback, query["redirect_uri"]);
        Assert.NotEmpty(query["state"]!);
    }

    [Fact]
    public async Task Allowing_connects_and_leads_back_to_the_page_that_was_left()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");

        using var made = await mei.GetAsync(await AllowAsync(app, mei, "mei", place: "sessions"), Cancel);
        Assert.Equal("/connection/made?place=sessions", made.Headers.Location!.ToString());

        using var check = await DashboardApp.GetFragmentAsync(mei, "/connection/check?place=sessions");
        Assert.Equal("/sessions", check.Headers.GetValues("HX-Redirect").Single());
        Assert.Contains("Connected to Calendly", await check.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("Mei Tanaka", await mei.GetStringAsync("/connection", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_code_or_verifier_reaches_the_browser()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        using var made = await mei.GetAsync(await AllowAsync(app, mei, "mei"), Cancel);

        var seen = string.Join('\n', made.Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"))
            + await mei.GetStringAsync("/connection", Cancel) + await mei.GetStringAsync("/api/calendly/status", Cancel);

        Assert.DoesNotContain("mock_at_", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("mock_rt_", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("code=", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pressing_deny_is_told_as_that_and_nothing_is_connected()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var state = (await AuthorizeQueryAsync(mei))["state"];

        using var answer = await mei.GetAsync($"{Callback}?error=access_denied&state={Uri.EscapeDataString(state!)}", Cancel);

        Assert.Equal("/connection?problem=denied", answer.Headers.Location!.ToString());
        Assert.Contains("You pressed Deny at Calendly. Nothing was connected.", await mei.GetStringAsync(answer.Headers.Location, Cancel), StringComparison.Ordinal);
        Assert.Equal(0, app.Emulator.TokenCalls);
    }

    public static TheoryData<string> BadCallbackNames => [.. BadCallbacks.Keys];

    [Theory]
    [MemberData(nameof(BadCallbackNames))]
    public async Task A_callback_that_does_not_belong_to_a_round_trip_writes_nothing(string callback)
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var state = (await AuthorizeQueryAsync(mei))["state"]!;

        using var answer = await mei.GetAsync(Callback + BadCallbacks[callback](state), Cancel);

        Assert.Equal("/connection?problem=state", answer.Headers.Location!.ToString());
        Assert.Contains("old or already used", await mei.GetStringAsync(answer.Headers.Location, Cancel), StringComparison.Ordinal);
        Assert.Equal(0, app.Emulator.TokenCalls);
    }

    [Fact]
    public async Task A_callback_works_once()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var callback = await AllowAsync(app, mei, "mei");
        using var first = await mei.GetAsync(callback, Cancel);
        var calls = app.Emulator.TokenCalls;

        using var second = await mei.GetAsync(callback, Cancel);

        Assert.Equal("/connection?problem=state", second.Headers.Location!.ToString());
        Assert.Equal(calls, app.Emulator.TokenCalls);
    }

    [Fact]
    public async Task A_round_trip_that_took_longer_than_ten_minutes_is_over()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var callback = await AllowAsync(app, mei, "mei");
        app.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        using var answer = await mei.GetAsync(callback, Cancel);

        Assert.Equal("/connection?problem=state", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_code_that_calendly_refuses_is_told_as_too_late()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var state = (await AuthorizeQueryAsync(mei))["state"]!;

        using var answer = await mei.GetAsync($"{Callback}?code=never-issued&state={Uri.EscapeDataString(state)}", Cancel);

        Assert.Equal("/connection?problem=toolate", answer.Headers.Location!.ToString());
        Assert.Contains("That took too long; connect again.", await mei.GetStringAsync(answer.Headers.Location, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_calendly_is_down_at_the_exchange_nothing_is_connected()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var callback = await AllowAsync(app, mei, "mei");
        app.Emulator.Faults.Add(new Fault("/oauth/token", FaultKind.Status) { Status = 503 });

        using var answer = await mei.GetAsync(callback, Cancel);

        Assert.Equal("/connection?problem=unfinished", answer.Headers.Location!.ToString());
        Assert.Contains("Connect Calendly", await mei.GetStringAsync("/connection", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_presses_of_the_button_the_later_one_wins_and_the_earlier_explains_itself()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var earlier = await AllowAsync(app, mei, "mei");
        var later = await AllowAsync(app, mei, "mei");

        using var first = await mei.GetAsync(earlier, Cancel);
        using var second = await mei.GetAsync(later, Cancel);

        Assert.Equal("/connection?problem=state", first.Headers.Location!.ToString());
        Assert.StartsWith("/connection/made", second.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_round_trip_started_by_one_person_connects_nobody_else()
    {
        await using var app = new DashboardApp();
        var browser = await app.ClientAsync("mei");
        var callback = await AllowAsync(app, browser, "mei");
        using var other = await browser.GetAsync("/test/go?as=priya&to=/connection", Cancel);

        using var answer = await browser.GetAsync(callback, Cancel);

        Assert.Equal("/connection?problem=state", answer.Headers.Location!.ToString());
        Assert.Contains("priya@", await browser.GetStringAsync("/connection", Cancel), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_callback_that_arrives_signed_out_is_taken_up_after_signing_in()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");
        var callback = await AllowAsync(app, mei, "mei");
        using var signedOut = await DashboardApp.PostFormAsync(mei, "/sign-out");

        using var answer = await mei.GetAsync(callback, Cancel);
        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());

        using var signedIn = await DashboardApp.PostFormAsync(mei, "/sign-in", ("as", "mei"));
        Assert.StartsWith(Callback, signedIn.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var made = await mei.GetAsync(signedIn.Headers.Location, Cancel);
        Assert.StartsWith("/connection/made", made.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("../../etc")]
    public async Task A_return_place_that_is_none_of_ours_leads_to_today(string place)
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");

        using var made = await mei.GetAsync(await AllowAsync(app, mei, "mei", place), Cancel);

        Assert.Equal("/connection/made?place=today", made.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Another_calendly_account_is_not_taken_without_asking()
    {
        await using var app = new DashboardApp();
        var ana = await app.ClientAsync("ana");

        using var answer = await ana.GetAsync(await AllowAsync(app, ana, "ana-home"), Cancel);
        Assert.Equal("/connection", answer.Headers.Location!.ToString());
        var card = await ana.GetStringAsync("/connection", Cancel);
        Assert.Contains("This is another Calendly account", card, StringComparison.Ordinal);

        using var fresh = await DashboardApp.PostFormAsync(ana, "/connection/switch", ("account", "fresh"), ("place", "sessions"));
        Assert.Equal("/connection/made?place=sessions", fresh.Headers.Location!.ToString());
        using var check = await DashboardApp.GetFragmentAsync(ana, "/connection/check?place=connection");
        var page = await ana.GetStringAsync("/connection", Cancel);
        Assert.DoesNotContain("This is another", page, StringComparison.Ordinal);
        Assert.Contains(app.Emulator.Journal, call => call.Path == "/oauth/revoke");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task After_a_switch_under_load_no_answer_holds_anything_of_the_earlier_account(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var ana = await app.ClientAsync("ana");
        using var other = await ana.GetAsync(await AllowAsync(app, ana, "ana-home"), Cancel);
        string[] paths = ["/api/calendly/status", "/api/calendly/events/scheduled?count=100", "/sessions", "/event-types", "/status"];
        var (old, after) = (new int[paths.Length], new int[paths.Length]);
        var switched = false;
        var readers = paths.Select((path, number) => Task.Run(
            async () =>
            {
                while (Volatile.Read(ref after[number]) < 5)
                {
                    var isAfter = Volatile.Read(ref switched);
                    using var answer = await ana.GetAsync(path, Cancel);
                    var text = await answer.Content.ReadAsStringAsync(Cancel);
                    var isOld = text.Contains("slices-coaching", StringComparison.Ordinal) || text.Contains("Discovery call", StringComparison.Ordinal);
                    Assert.False(isAfter && isOld, $"{path} still shows the earlier account.");
                    Interlocked.Add(ref old[number], isOld ? 1 : 0);
                    Interlocked.Add(ref after[number], isAfter ? 1 : 0);
                }
            },
            Cancel)).ToList();
        while (old.Any(count => count == 0))
        {
            await Task.Delay(10, Cancel);
        }

        using (await DashboardApp.PostFormAsync(ana, "/connection/switch", ("account", "fresh"), ("place", "sessions")))
        {
            Volatile.Write(ref switched, true);
        }

        await Task.WhenAll(readers);
        await app.RevocationsAsync();
        Assert.Equal(0, app.Emulator.LiveTokens("ana"));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Keeping_the_earlier_account_throws_the_new_grant_away(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var ana = await app.ClientAsync("ana");
        using var other = await ana.GetAsync(await AllowAsync(app, ana, "ana-home"), Cancel);

        using var kept = await DashboardApp.PostFormAsync(ana, "/connection/switch", ("account", "earlier"));

        Assert.Contains("/oauth/authorize", kept.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("data-state=\"ready\"", await ana.GetStringAsync("/connection", Cancel), StringComparison.Ordinal);
        await app.RevocationsAsync();
        Assert.Equal(2, app.Emulator.Journal.Count(call => call.Path == "/oauth/revoke"));
    }

    [Fact]
    public async Task A_calendly_account_that_somebody_else_has_connected_is_refused()
    {
        await using var app = new DashboardApp();
        var mei = await app.ClientAsync("mei");

        using var answer = await mei.GetAsync(await AllowAsync(app, mei, "ana"), Cancel);

        Assert.Equal("/connection?problem=inuse", answer.Headers.Location!.ToString());
        Assert.Contains("already connected to another person", await mei.GetStringAsync(answer.Headers.Location, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disconnecting_revokes_at_calendly_and_forgets_here()
    {
        await using var app = new DashboardApp();
        var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.PostFormAsync(ana, "/connection/disconnect");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("confirmed", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(2, app.Emulator.Journal.Count(call => call is { Path: "/oauth/revoke", Status: 200 }));
        Assert.Contains("\"connected\":false", await ana.GetStringAsync("/api/calendly/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_calendly_does_not_confirm_the_end_that_is_said()
    {
        await using var app = new DashboardApp();
        var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/oauth/revoke", FaultKind.Status) { Status = 500, Times = 2 });

        using var answer = await DashboardApp.PostFormAsync(ana, "/connection/disconnect");

        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("not confirmed", page, StringComparison.Ordinal);
        Assert.Contains("\"connected\":false", await ana.GetStringAsync("/api/calendly/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_coach_has_a_connection()
    {
        await using var app = new DashboardApp();
        var rita = await app.ClientAsync("rita");

        using var answer = await rita.GetAsync("/connection", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Only a coach can do this.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_that_is_none_is_asked_again()
    {
        await using var app = new DashboardApp();
        var ana = await app.ClientAsync("ana");

        using var answer = await DashboardApp.PostFormAsync(ana, "/connection/switch", ("account", "both"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Choose one of the two accounts.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<System.Collections.Specialized.NameValueCollection> AuthorizeQueryAsync(HttpClient client, string place = "today")
    {
        using var start = await DashboardApp.PostFormAsync(client, "/connection", ("place", place));
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        return HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), start.Headers.Location!).Query);
    }

    /// <summary>Says yes on the consent page as an account; gives the callback's address, not yet opened.</summary>
    private static async Task<string> AllowAsync(DashboardApp app, HttpClient client, string account, string place = "today") =>
        await ConsentVisit.AllowAsync(app, await AuthorizeQueryAsync(client, place), account);
}
