using System.Net;
using System.Net.Http.Json;
using System.Web;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Status;

/// <summary>How we come to be told, with the emulated Calendly, which reaches us at an address where nobody listens.</summary>
public sealed class LiveUpdatesTests
{
    private const string Subscriptions = "/webhook_subscriptions";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_updates_come_with_the_connection_and_end_before_its_access_does()
    {
        await using var app = App();
        using var mei = await app.ClientAsync("mei");
        using var start = await DashboardApp.PostFormAsync(mei, "/connection", ("place", "today"));
        var authorize = HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), start.Headers.Location!).Query);
        using var back = await mei.GetAsync(await ConsentVisit.AllowAsync(app, authorize, "mei"), Cancel);
        await UntilAsync(app, "mei", live => live.State == LiveUpdateState.On);

        var page = await HealthPage.OpenAsync(mei);
        Assert.Equal(("good", "On"), (page.Verdict("live-updates"), page.Value("live-updates")));
        Assert.Contains("no delivery yet", page.Says("live-updates"), StringComparison.Ordinal);
        Assert.Single(app.Emulator.Webhooks.Subscriptions, one => one.Creator.Key == "mei");

        app.Emulator.ClearJournal();
        using var answer = await DashboardApp.PostFormAsync(mei, "/connection/disconnect");
        await app.RevocationsAsync();

        var calls = app.Emulator.Journal.Where(call => call.Method == "DELETE" || call.Path == "/oauth/revoke").Select(call => call.Method).ToList();
        Assert.Equal(["DELETE", "POST", "POST"], calls);
        Assert.DoesNotContain(app.Emulator.Webhooks.Subscriptions, one => one.Creator.Key == "mei");
    }

    [Fact]
    public async Task A_calendly_that_does_not_delete_the_subscription_does_not_keep_the_access_alive()
    {
        await using var app = App();
        using var ana = await app.ClientAsync("ana");
        await UntilAsync(app, "ana", live => live.State == LiveUpdateState.On);
        await FaultAsync(ana, times: 20);

        using var answer = await DashboardApp.PostFormAsync(ana, "/connection/disconnect");
        await app.RevocationsAsync();

        Assert.Equal(2, app.Emulator.Journal.Count(call => call.Path == "/oauth/revoke"));
    }

    [Fact]
    public async Task What_calendly_has_stopped_is_said_and_a_press_turns_it_on_and_reads_what_was_missed()
    {
        await using var app = App();
        using var ana = await app.ClientAsync("ana");
        using var dora = await app.ClientAsync("dora");
        foreach (var persona in (string[])["ana", "priya", "olu"])
        {
            await UntilAsync(app, persona, live => live.State == LiveUpdateState.On);
        }

        using var disabled = await ana.PostAsJsonAsync("/test/webhooks/subscription", new { account = "ana", state = "disabled" }, Cancel);
        disabled.EnsureSuccessStatusCode();
        using var booked = await ana.PostAsJsonAsync(
            "/test/calendly/sessions",
            new { account = "ana", eventType = "discovery-call", start = "2026-03-10T14:00:00Z", name = "Noor Haddad", email = "noor@example.com" },
            Cancel);
        booked.EnsureSuccessStatusCode();
        await FaultAsync(ana, times: 1, method: "POST");
        app.Clock.Advance(TimeSpan.FromHours(1));
        app.Services.GetRequiredService<SubscriptionKeeper>().Wake();
        await UntilAsync(app, "ana", live => live.State == LiveUpdateState.Stopped);

        var page = await HealthPage.OpenAsync(ana);
        Assert.Equal(("attention", "Off since 11:00"), (page.Verdict("live-updates"), page.Value("live-updates")));
        Assert.Contains(
            "Calendly stopped sending, because it could not reach us for a day. The fault is our server's, not yours. We check every 2 minutes instead, while a page is open.",
            page.Says("live-updates"),
            StringComparison.Ordinal);
        Assert.Equal("Turn back on", HealthPage.Text(page.Document.QuerySelector("[data-testid=turn-on]")));
        var delegated = await HealthPage.OpenAsync(dora);
        Assert.Equal("Off since 11:00", delegated.Value("live-updates"));
        Assert.Null(delegated.Document.QuerySelector("[data-testid=turn-on]"));
        using var refused = await DashboardApp.PostFormAsync(dora, "/status/live-updates");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var pressed = await DashboardApp.PostFormAsync(ana, "/status/live-updates");
        Assert.Equal((HttpStatusCode.Redirect, "/status"), (pressed.StatusCode, pressed.Headers.Location?.ToString()));
        page = await HealthPage.OpenAsync(ana);
        Assert.Equal(("good", "On"), (page.Verdict("live-updates"), page.Value("live-updates")));
        Assert.Null(page.Document.QuerySelector("[data-testid=turn-on]"));

        var ownerId = await OwnerAsync(app, "ana");
        await UntilAsync(app, "ana", live => live.LastGapFilledAt is not null);
        var told = await app.Services.GetRequiredService<Notices>().ListAsync(ownerId, 50, Cancel);
        Assert.Single(told, notice => notice is { Kind: NoticeKind.Booked, Facts.Who: "Noor Haddad" });
        var gap = Assert.Single(told, notice => notice.Kind == NoticeKind.GapFilled);
        Assert.Equal((1, app.Clock.GetUtcNow()), (gap.Facts!.Count, gap.Facts.End));
        Assert.Contains("Last gap filled Mon 2 Mar, 11:01.", (await HealthPage.OpenAsync(ana)).Says("live-updates"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_press_with_scripts_answers_with_the_row_which_is_said_aloud()
    {
        await using var app = App();
        using var ana = await app.ClientAsync("ana");
        await UntilAsync(app, "ana", live => live.State == LiveUpdateState.On);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/status/live-updates");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(ana));
        using var answer = await ana.SendAsync(request, Cancel);
        using var row = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Live updates: On", row.QuerySelector("#status-live-updates")!.GetAttribute("data-announce"));
        Assert.Null(row.QuerySelector("h1"));
    }

    [Fact]
    public async Task A_connection_from_before_the_permission_is_not_limited_and_reads_how_to_get_live_updates()
    {
        await using var app = App();
        using var ana = await app.ClientAsync("ana");
        var ownerId = await OwnerAsync(app, "ana");
        var store = app.Services.GetRequiredService<CalendlySlices.Infrastructure.Tokens.ITokenStore>();
        var grant = app.Emulator.Grant("ana", [.. RequestedScopes.All.Where(scope => scope != RequestedScopes.LiveUpdates)]);
        await store.ConnectAsync(
            ownerId,
            new CalendlySlices.Infrastructure.Calendly.Models.IssuedTokens(grant.AccessToken, grant.RefreshToken, grant.Scopes, TimeSpan.FromHours(2), grant.OwnerUri, grant.OrganizationUri),
            Cancel);
        app.Services.GetRequiredService<SubscriptionKeeper>().Wake();
        await UntilAsync(app, "ana", live => live.Why == LiveUpdateReason.ScopeMissing);

        var page = await HealthPage.OpenAsync(ana);

        Assert.Equal(("good", "All but one of 6"), (page.Verdict("scopes"), page.Value("scopes")));
        Assert.Contains("Reconnect and allow it.", page.Says("live-updates"), StringComparison.Ordinal);
        Assert.Equal("/connection", page.Row("live-updates").QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal("connected", (await ana.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/calendly/status", Cancel)).GetProperty("data").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Where_calendly_cannot_reach_us_no_call_is_made_and_a_world_that_begins_anew_has_its_subscriptions_again()
    {
        await using var unreachable = new DashboardApp();
        using var ana = await unreachable.ClientAsync("ana");
        await unreachable.Services.GetRequiredService<SubscriptionKeeper>().WorkAsync(Cancel);
        Assert.Null(unreachable.Services.GetRequiredService<CallbackAddress>().Find());
        Assert.Empty(unreachable.Emulator.Journal);

        await using var app = App();
        using var priya = await app.ClientAsync("priya");
        await UntilAsync(app, "priya", live => live.State == LiveUpdateState.On);
        using var reset = await priya.PostAsJsonAsync("/test/reset", new { }, Cancel);
        reset.EnsureSuccessStatusCode();
        app.Services.GetRequiredService<SubscriptionKeeper>().Wake();
        await UntilAsync(app, "priya", live => live.State == LiveUpdateState.On);
        Assert.Single(app.Emulator.Webhooks.Subscriptions, one => one.Creator.Key == "priya");
    }

    private static DashboardApp App()
    {
        var app = new DashboardApp();
        app.Settings["PUBLIC_BASE_URL"] = "http://127.0.0.1:9";
        return app;
    }

    private static async Task FaultAsync(HttpClient client, int times, string? method = null)
    {
        using var answer = await client.PostAsJsonAsync("/test/faults", new { endpoint = Subscriptions, kind = "status", status = 503, times, method }, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static Task<long> OwnerAsync(DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync(Personas.Find(persona)!.UserId, Cancel);

    private static async Task UntilAsync(DashboardApp app, string persona, Func<LiveUpdates, bool> isSo)
    {
        var ownerId = await OwnerAsync(app, persona);
        var live = app.Services.GetRequiredService<ILiveUpdates>();
        while (!isSo(await live.FindAsync(ownerId, Cancel)))
        {
            await Task.Delay(20, Cancel);
        }
    }
}
