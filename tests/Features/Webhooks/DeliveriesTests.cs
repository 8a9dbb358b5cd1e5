using System.Net;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Webhooks;

public sealed class DeliveriesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_sees_what_came_and_what_has_come_of_it_and_never_a_body()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        Assert.Contains("Calendly has delivered nothing like this", await adam.GetStringAsync("/admin/deliveries", Cancel), StringComparison.Ordinal);
        var body = SignedDelivery.Body("invitee.created", app.Books("Private Person"), WorldAccounts.Ana);
        using var first = await app.DeliverAsync(body, app.Clock.GetUtcNow().AddSeconds(-4));
        using var second = await app.DeliverAsync(body);
        using var unreadable = await app.DeliverAsync("{");
        using var forged = await app.DeliverAsync(body, key: "another");
        await app.SettledAsync();

        var html = await adam.GetStringAsync("/admin/deliveries", Cancel);

        Assert.Contains("1 new, 1 once more, 0 late, 1 ignored, 1 forged, 0 too large", html, StringComparison.Ordinal);
        Assert.Matches("""data-state="done" data-result="applied"[\s\S]*?invitee\.created[\s\S]*?Ana Ruiz[\s\S]*?Told[\s\S]*?, 2 times[\s\S]*?Key 1, signed 4 s before, 1 attempt""", html);
        Assert.Matches("""data-state="dead" data-result="unreadable"[\s\S]*?cannot be read[\s\S]*?nobody here""", html);
        Assert.DoesNotContain("Private Person", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Marker", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/deliveries\"", await adam.GetStringAsync("/admin", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_result_and_a_result_that_is_none_says_so()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        using var good = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        using var unreadable = await app.DeliverAsync("{");
        await app.SettledAsync();

        using var dead = await DashboardApp.GetFragmentAsync(adam, "/admin/deliveries?state=dead");
        var html = await dead.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("data-state=\"dead\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-state=\"done\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);

        using var wrong = await adam.GetAsync("/admin/deliveries?state=upside-down", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("There is no such result.", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_looks_again_and_tells_nobody_twice()
    {
        await using var app = new DashboardApp();
        using var adam = await app.ClientAsync("adam");
        using var delivered = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        using var unreadable = await app.DeliverAsync("{");
        await app.SettledAsync();
        var entries = await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel);
        app.Emulator.ClearJournal();

        using var answer = await DashboardApp.PostFormAsync(adam, $"/admin/deliveries/{entries[1].Id}/replay");
        await app.SettledAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"id=\"delivery-{entries[1].Id}\"", html, StringComparison.Ordinal);
        Assert.Contains("<html", html, StringComparison.Ordinal);
        Assert.Equal(2, app.Emulator.Journal.Count);
        Assert.Equal(["done known", "dead unreadable"], await app.DeliveriesAsync());
        Assert.Single(await app.ToldAsync("ana"));

        // There is nothing in this one to look at.
        using var nothing = await DashboardApp.PostFormAsync(adam, $"/admin/deliveries/{entries[0].Id}/replay");
        Assert.Contains("data-state=\"dead\"", await nothing.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var none = await DashboardApp.PostFormAsync(adam, "/admin/deliveries/12345/replay");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Nobody_else_sees_or_replays_any()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var delivered = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();
        var id = Assert.Single(await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 10, Cancel)).Id;

        using var list = await ana.GetAsync("/admin/deliveries", Cancel);
        using var replay = await DashboardApp.PostFormAsync(ana, $"/admin/deliveries/{id}/replay");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (list.StatusCode, replay.StatusCode));
        Assert.Equal(["done applied"], await app.DeliveriesAsync());
    }

    [Fact]
    public async Task Deliveries_are_kept_for_two_weeks()
    {
        await using var app = new DashboardApp();
        using var delivered = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();

        app.Clock.Advance(TimeSpan.FromDays(14));
        await app.Services.GetRequiredService<Housekeeping>().WorkAsync(Cancel);
        Assert.Single(await app.DeliveriesAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Services.GetRequiredService<Housekeeping>().WorkAsync(Cancel);
        Assert.Empty(await app.DeliveriesAsync());
    }
}
