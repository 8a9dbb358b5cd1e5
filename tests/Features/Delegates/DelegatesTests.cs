using System.Net;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.Delegates;

public sealed class DelegatesTests
{
    private static readonly string Session = EmulatedIds.Session("ana", "guests");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_made_by_a_coach_makes_whoever_accepts_it_a_delegate_from_the_next_request_on()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var luca = await app.ClientAsync("luca");
        using (var before = await luca.GetAsync("/sessions", Cancel))
        {
            Assert.Equal(HttpStatusCode.Forbidden, before.StatusCode);
        }

        var link = await InviteAsync(ana);
        using var offer = await PageAsync(luca, link);
        Assert.Equal("Look at Ana Ruiz’s calendar", offer.QuerySelector("h1")!.TextContent);
        using var accepted = await DashboardApp.PostFormAsync(luca, "/delegates/accept", ("token", offer.QuerySelector("input[name=token]")!.GetAttribute("value")!));

        Assert.Equal("/", accepted.Headers.Location!.ToString());
        using var sessions = await PageAsync(luca, "/sessions");
        Assert.Equal("Ana Ruiz’s calendar, view only", sessions.QuerySelector("[data-testid=view-only]")!.TextContent);
        Assert.NotNull(sessions.QuerySelector($"#session-{Session}"));
        using var list = await PageAsync(ana, "/delegates");
        Assert.Equal(
            ["Dora Haugen since Mon 2 Mar", "Luca Ferri since Mon 2 Mar"],
            list.QuerySelectorAll("[data-testid=delegate] > span").Select(row => row.TextContent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_link_is_shown_once_and_works_once()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var luca = await app.ClientAsync("luca");
        using var rita = await app.ClientAsync("rita");
        var link = await InviteAsync(ana);
        Assert.Null((await PageAsync(ana, "/delegates")).QuerySelector("[data-testid=invitation]"));
        using (await AcceptAsync(luca, link))
        {
        }

        using var again = await rita.GetAsync(link, Cancel);
        using var posted = await AcceptAsync(rita, link);

        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (again.StatusCode, again.ErrorCode()));
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (posted.StatusCode, posted.ErrorCode()));
        Assert.Contains("Ask for a new one.", await again.TextAsync(), StringComparison.Ordinal);
        using var sessions = await rita.GetAsync("/sessions", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, sessions.StatusCode);
    }

    [Fact]
    public async Task After_seven_days_a_link_is_too_old()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var link = await InviteAsync(ana);
        app.Clock.Advance(TimeSpan.FromDays(7));
        using var luca = await app.ClientAsync("luca");

        using var answer = await luca.GetAsync(link, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_first_and_then_sees_the_offer()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var browser = await app.ClientAsync();

        using var asked = await browser.GetAsync(await InviteAsync(ana), Cancel);
        Assert.Equal("/sign-in?place=delegates/accept", asked.Headers.Location!.ToString());
        using var signIn = await PageAsync(browser, asked.Headers.Location.ToString());
        using var signedIn = await DashboardApp.PostFormAsync(
            browser, "/sign-in", ("as", "luca"), ("place", signIn.QuerySelector("input[name=place]")!.GetAttribute("value")!));
        using var offer = await PageAsync(browser, signedIn.Headers.Location!.ToString());

        Assert.NotNull(offer.QuerySelector("[data-testid=accept]"));
    }

    [Theory]
    [InlineData("ana", "This is your own invitation.")]
    [InlineData("priya", "You have a Calendly connection of your own")]
    [InlineData("tom", "You have a Calendly connection of your own")]
    [InlineData("adam", "An administrator cannot be a delegate.")]
    [InlineData("dora", "You look at Ana Ruiz’s calendar already")]
    public async Task Some_cannot_accept_and_are_told_why(string persona, string why)
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var person = await app.ClientAsync(persona);
        var link = await InviteAsync(ana);

        using var shown = await person.GetAsync(link, Cancel);
        using var posted = await AcceptAsync(person, link);

        foreach (var answer in new[] { shown, posted })
        {
            Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN_ROLE"), (answer.StatusCode, answer.ErrorCode()));
            Assert.Contains(why, WebUtility.HtmlDecode(await answer.TextAsync()), StringComparison.Ordinal);
        }

        using var luca = await app.ClientAsync("luca");
        using var offer = await luca.GetAsync(link, Cancel);
        Assert.Equal(HttpStatusCode.OK, offer.StatusCode);
    }

    [Fact]
    public async Task A_coach_who_never_connected_can_become_a_delegate_and_then_connects_nothing()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var mei = await app.ClientAsync("mei");
        using var started = await DashboardApp.PostFormAsync(mei, "/connection", ("place", "today"));
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), started.Headers.Location!).Query);
        var callback = await ConsentVisit.AllowAsync(app, query, "mei");
        using (await AcceptAsync(mei, await InviteAsync(ana)))
        {
        }

        using var late = await mei.GetAsync(callback, Cancel);

        Assert.Equal("/connection?problem=state", late.Headers.Location!.ToString());
        var store = app.Services.GetRequiredService<CalendlySlices.Infrastructure.Tokens.IConnections>();
        var id = await app.Services.GetRequiredService<People>().FindOrAddAsync("persona:mei", Cancel);
        Assert.Null(await store.FindAsync(id, Cancel));
    }

    [Fact]
    public async Task Removing_a_delegate_ends_what_they_see_at_once_and_gives_back_the_role_of_their_sign_in()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var luca = await app.ClientAsync("luca");
        using (await AcceptAsync(luca, await InviteAsync(ana)))
        {
        }

        using (var seen = await luca.GetAsync("/sessions", Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        }

        using var list = await PageAsync(ana, "/delegates");
        var row = list.QuerySelectorAll("[data-testid=delegate]").Single(found => found.TextContent.Contains("Luca", StringComparison.Ordinal));
        using var removed = await DashboardApp.PostFormAsync(ana, row.QuerySelector("form")!.GetAttribute("action")!);
        Assert.Equal("/delegates", removed.Headers.Location!.ToString());

        using var page = await luca.GetAsync("/sessions", Cancel);
        Assert.Equal("/sign-in?place=sessions", page.Headers.Location!.ToString());
        using var json = await luca.GetAsync("/api/calendly/events/scheduled", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, json.StatusCode);
        using var back = await app.ClientAsync("luca");
        using var today = await PageAsync(back, "/");
        Assert.NotNull(today.QuerySelector("[data-testid=welcome]"));
        Assert.Null(today.QuerySelector("[data-testid=view-only]"));
        using var sessions = await back.GetAsync("/sessions", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, sessions.StatusCode);
    }

    [Fact]
    public async Task A_delegates_pages_are_the_coachs_without_anything_that_changes_something()
    {
        await using var app = new DashboardApp();
        using var dora = await app.ClientAsync("dora");
        var type = EmulatedIds.EventType("ana", "listing-strategy");

        foreach (var path in new[] { "/", "/sessions", $"/sessions/{Session}", "/event-types", $"/event-types/{type}", $"/free-times?eventType={type}", "/schedules", $"/schedules/{EmulatedIds.Schedule("ana", "evenings")}/event-types", "/status" })
        {
            using var page = await PageAsync(dora, path);

            Assert.Equal("Ana Ruiz’s calendar, view only", page.QuerySelector("[data-testid=view-only]")!.TextContent);
            var main = page.QuerySelector("main")!;
            Assert.Empty(main.QuerySelectorAll("form[method=post], [hx-post], [role=switch], [data-testid=cancel-open], [data-testid=edit-hours]").Select(found => $"{path}: {found.OuterHtml}"));
            Assert.DoesNotContain(main.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!), href =>
                href.StartsWith("/connection", StringComparison.Ordinal) || href.EndsWith("/cancellation", StringComparison.Ordinal)
                || href.EndsWith("/hours", StringComparison.Ordinal) || href.EndsWith("/links", StringComparison.Ordinal));
        }

        Assert.All(app.Emulator.Journal, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task What_a_delegate_reads_as_json_is_the_coachs()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var dora = await app.ClientAsync("dora");

        foreach (var path in new[] { "/api/calendly/status", "/api/calendly/events/scheduled", "/api/calendly/events/types", "/api/calendly/availability/schedules" })
        {
            Assert.Equal(await ListAsync(ana, path), await ListAsync(dora, path));
        }

        using var cancel = await DashboardApp.PostJsonAsync(dora, "/api/calendly/events/cancel", $$"""{"uuid": "{{Session}}"}""");
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN_ROLE"), (cancel.StatusCode, cancel.ErrorCode()));
        Assert.All(app.Emulator.Journal, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task When_the_coach_is_not_connected_a_delegate_is_told_so_and_offered_no_connecting()
    {
        await using var app = new DashboardApp();
        using var mei = await app.ClientAsync("mei");
        using var luca = await app.ClientAsync("luca");
        using (await AcceptAsync(luca, await InviteAsync(mei)))
        {
        }

        using var sessions = await PageAsync(luca, "/sessions");
        using var status = await PageAsync(luca, "/status");

        Assert.Contains("Only Mei Tanaka can connect it.", sessions.QuerySelector("[data-testid=panel-disconnected]")!.TextContent, StringComparison.Ordinal);
        Assert.Null(sessions.QuerySelector("a[href^='/connection']"));
        Assert.Equal("Not connected", sessions.QuerySelector("[data-testid=connection-chip]")!.TextContent);
        Assert.Contains("Only Mei Tanaka can connect it.", status.QuerySelector("[data-testid=status]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delegate_does_not_see_what_other_coaches_show_to_realtors()
    {
        await using var app = new DashboardApp();
        using var dora = await app.ClientAsync("dora");

        using var answer = await dora.GetAsync($"/free-times?eventType={EmulatedIds.EventType("priya", "circle")}", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_call_through_anothers_connection_that_would_change_something_is_not_sent()
    {
        await using var app = new DashboardApp();
        var ana = await app.Services.GetRequiredService<People>().FindOrAddAsync("persona:ana", Cancel);
        var calendly = app.Services.GetRequiredService<CalendlyApiFor>()(new ConnectionOwner(ana, ReadsOnly: true));

        Assert.True((await calendly.GetScheduledEventAsync(Session, Cancel)).Succeeded(out _, out _));
        Assert.False((await calendly.CancelEventAsync(Session, null, Cancel)).Succeeded(out _, out var failure));

        Assert.Equal(CalendlySlices.Infrastructure.FailureCode.ForbiddenRole, failure!.Code);
        Assert.DoesNotContain(app.Emulator.Journal, call => call.Method == "POST");
    }

    [Theory]
    [InlineData("persona:rita", "rita")]
    [InlineData("somebody, persona:dora", "dora")]
    public async Task Whoever_is_on_the_list_of_admins_signs_in_as_one(string admins, string persona)
    {
        await using var app = new DashboardApp();
        app.Settings["ADMINS"] = admins;
        using var person = await app.ClientAsync(persona);

        using var today = await PageAsync(person, "/");

        Assert.Contains("You are signed in as an administrator.", today.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Null(today.QuerySelector("[data-testid=view-only]"));
    }

    // Tokens of further pages are sealed anew each time.
    private static async Task<string> ListAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        var data = (await answer.JsonAsync()).GetProperty("data");
        return (data.TryGetProperty("items", out var items) ? items : data).ToString();
    }

    private static async Task<string> InviteAsync(HttpClient coach)
    {
        using var answer = await DashboardApp.PostFormAsync(coach, "/delegates/invitations");
        using var page = await answer.DocumentAsync();
        return new Uri(page.QuerySelector("[data-testid=invitation] code")!.TextContent).PathAndQuery;
    }

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient person, string link) =>
        DashboardApp.PostFormAsync(person, "/delegates/accept", ("token", link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..]));

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return await answer.DocumentAsync();
    }
}
