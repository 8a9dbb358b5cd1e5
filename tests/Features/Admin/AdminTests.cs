using System.Net;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Admin;

public sealed class AdminTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_sees_who_is_connected_and_how_it_stands_and_never_a_token()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(await PersonAsync(app, "priya"), 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);

        var html = await adam.GetStringAsync("/admin", Cancel);

        Assert.Contains("Ana Ruiz", html, StringComparison.Ordinal);
        Assert.Matches("""data-status="needs_reconnect"[\s\S]*?Priya Nair[\s\S]*?Reconnect needed[\s\S]*?Calendly has ended our access""", html);
        Assert.Matches(@"\w•••@", html);
        Assert.DoesNotMatch(@"\w{2,}@\w+\.(com|test|example)", html);
        Assert.DoesNotContain("v1.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("mock_at_", html, StringComparison.Ordinal);
        Assert.Matches("""data-testid="diary-entry" data-kind="needs_reconnect""", html);
        Assert.Matches("""href="/admin"[^>]*aria-current="page">Admin</a>""", html);
    }

    [Theory]
    [InlineData("ana")]
    [InlineData("rita")]
    public async Task Nobody_else_sees_it_or_does_anything_there(string persona)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync(persona);
        var ana = await PersonAsync(app, "ana");

        foreach (var path in new[] { "/admin", $"/admin/connections/{ana}", $"/admin/connections/{ana}/disconnection", "/admin/revocation" })
        {
            using var answer = await client.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("Priya", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        using var disconnected = await DashboardApp.PostFormAsync(client, $"/admin/connections/{ana}/disconnection");
        using var revoked = await DashboardApp.PostFormAsync(client, "/admin/revocation", ("word", "REVOKE"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (disconnected.StatusCode, revoked.StatusCode));
        Assert.False(await app.Services.GetRequiredService<MassRevocation>().IsUnderWayAsync(Cancel));
        Assert.NotNull(await app.Services.GetRequiredService<ITokenStore>().ReadAsync(ana, Cancel));
        Assert.DoesNotContain("/admin", await client.GetStringAsync("/", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_state_and_by_a_part_of_the_name()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(await PersonAsync(app, "priya"), 1, ConnectionStatus.Degraded, "revoked", null, Cancel);

        Assert.Equal(["Priya Nair"], Names(await adam.GetStringAsync("/admin?state=degraded", Cancel)));
        Assert.Equal(["Ana Ruiz"], Names(await adam.GetStringAsync("/admin?name=ruI", Cancel)));
        Assert.Empty(Names(await adam.GetStringAsync("/admin?state=connected&name=priya", Cancel)));
        Assert.Empty(Names(await adam.GetStringAsync("/admin?name=%25", Cancel)));
    }

    [Theory]
    [InlineData("?state=upside-down", "There is no such state.")]
    [InlineData("?after=-1", "That is not a page of this list.")]
    public async Task An_address_that_makes_no_sense_says_so(string query, string words)
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");

        using var answer = await adam.GetAsync("/admin" + query, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_and_every_connection_once()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        await using (var connection = await app.Services.GetRequiredService<System.Data.Common.DbDataSource>().OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO "User" ("userId") WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 120) SELECT 'many:' || x FROM n;
                INSERT INTO calendly_connection (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, profile_name, token_version, refresh_after, connected_at, refreshed_at)
                SELECT "id", 'mock', 'connected', @now, "userId", '', '', "userId", 1, @now, @now, @now FROM "User" WHERE "userId" LIKE 'many:%'
                """,
                new { now = app.Clock.GetUtcNow() });
        }

        var names = new List<string>();
        for (var next = "/admin?name=many"; next is not null;)
        {
            var html = await adam.GetStringAsync(next, Cancel);
            names.AddRange(Names(html));
            next = Regex.Match(html, "data-testid=\"admin-next\" href=\"([^\"]+)\"") is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value) : null;
        }

        Assert.Equal(Enumerable.Range(1, 120).Select(number => $"many:{number}"), names);
    }

    [Fact]
    public async Task One_connection_is_ended_after_a_question()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        var ana = await PersonAsync(app, "ana");
        using var form = await DashboardApp.GetFragmentAsync(adam, $"/admin/connections/{ana}/disconnection");
        Assert.Contains("Ana Ruiz will have to connect again", await form.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.NotNull(await app.Services.GetRequiredService<ITokenStore>().ReadAsync(ana, Cancel));

        using var answer = await DashboardApp.PostFormAsync(adam, $"/admin/connections/{ana}/disconnection");

        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Disconnected", html, StringComparison.Ordinal);
        Assert.Null(await app.Services.GetRequiredService<ITokenStore>().ReadAsync(ana, Cancel));
        await app.RevocationsAsync();
        Assert.Equal(2, app.Emulator.Journal.Count(call => call is { Path: "/oauth/revoke", Status: 200 }));
    }

    [Fact]
    public async Task What_a_disconnection_leaves_to_calendly_is_counted_at_once()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        app.Emulator.Faults.Add(new Fault("/oauth/revoke", FaultKind.Status) { Status = 503, Times = 100 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/connections/{await PersonAsync(app, "ana")}/disconnection");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(adam));

        using var answer = await adam.SendAsync(request, Cancel);

        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal("1 pair waits for Calendly to end it", Sent("#waiting"));
        Assert.Equal(("4", "3", "1"), (Sent("#tab-all .num"), Sent("#tab-connected .num"), Sent("#tab-disconnected .num")));

        string Sent(string target) => Regex.Match(html, $"<hx-partial hx-target=\"{target}\"[^>]*>([^<]*)</hx-partial>").Groups[1].Value;
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("ana")]
    public async Task A_connection_that_is_not_there_is_said_not_to_be(string id)
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");

        using var shown = await adam.GetAsync($"/admin/connections/{id}/disconnection", Cancel);
        using var ended = await DashboardApp.PostFormAsync(adam, $"/admin/connections/{id}/disconnection");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, ended.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("revoke")]
    public async Task Without_the_word_nothing_is_revoked(string word)
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");

        using var answer = await DashboardApp.PostFormAsync(adam, "/admin/revocation", ("word", word));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Type REVOKE in capitals.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.False(await app.Services.GetRequiredService<MassRevocation>().IsUnderWayAsync(Cancel));
    }

    [Fact]
    public async Task Everybody_is_disconnected_in_the_background_and_the_page_says_when_it_is_done()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");

        using var answer = await DashboardApp.PostFormAsync(adam, "/admin/revocation", ("word", "REVOKE"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string html;
        do
        {
            html = await adam.GetStringAsync("/admin/revocation", Cancel);
        }
        while (!html.Contains("Nobody is connected, and Calendly has confirmed every end.", StringComparison.Ordinal));

        Assert.Contains("""data-testid="revocation" data-state="ready""", html, StringComparison.Ordinal);
        var counts = await app.Services.GetRequiredService<ConnectionCensus>().CountByStatusAsync(Cancel);
        Assert.Equal(["disconnected"], counts.Keys);
        Assert.Equal(2 * counts["disconnected"], app.Emulator.Journal.Count(call => call is { Path: "/oauth/revoke", Status: 200 }));
    }

    [Fact]
    public async Task Whoever_connects_after_everything_was_to_be_revoked_stays_connected_also_when_it_is_done_by_the_next_process()
    {
        await using var app = new DashboardApp();
        var store = app.Services.GetRequiredService<ITokenStore>();
        var mei = await PersonAsync(app, "mei");
        await using (var connection = await app.Services.GetRequiredService<System.Data.Common.DbDataSource>().OpenConnectionAsync(Cancel))
        {
            // Asked for by a process that ended before it began.
            await connection.ExecuteAsync("INSERT INTO marker (name, value) VALUES ('revoke_all', '2026-03-02T15:00:00.0000000Z')");
        }

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await store.ConnectAsync(mei, TokenStoreRig.Pair(1, "mei"), Cancel);
        await app.Services.GetRequiredService<MassRevocation>().WorkAsync(Cancel);

        Assert.NotNull(await store.ReadAsync(mei, Cancel));
        Assert.Null(await store.ReadAsync(await PersonAsync(app, "ana"), Cancel));
        Assert.False(await app.Services.GetRequiredService<MassRevocation>().IsUnderWayAsync(Cancel));
    }

    [Fact]
    public async Task An_incident_at_calendly_stands_above_everything()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        var events = app.Services.GetRequiredService<TokenEvents>();
        Assert.DoesNotContain("auth-incident", await adam.GetStringAsync("/admin", Cancel), StringComparison.Ordinal);

        for (var userId = 1; userId <= 11; userId++)
        {
            await events.AddAsync(TokenEventKind.Refused, userId, 1);
        }

        Assert.Contains("data-testid=\"auth-incident\"", await adam.GetStringAsync("/admin", Cancel), StringComparison.Ordinal);
    }

    private static Task<long> PersonAsync(DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);

    private static IEnumerable<string> Names(string html) =>
        Regex.Matches(html, "data-testid=\"admin-row\"[\\s\\S]*?<b dir=\"auto\">([^<]+)</b>").Select(match => match.Groups[1].Value);
}
