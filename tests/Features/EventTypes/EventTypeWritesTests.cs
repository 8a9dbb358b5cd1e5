using System.Net;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.EventTypes;

public sealed class EventTypeWritesTests
{
    private static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turning_off_says_what_stays_booked_offers_undo_and_drops_what_was_read()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await ana.GetAsync("/event-types", Cancel);
        app.Emulator.ClearJournal();

        using var answer = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "false"));
        using var row = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("closest .row", answer.Header("HX-Retarget"));
        Assert.Contains("Turned off. 2 sessions stay booked.", row.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("false", row.QuerySelector("[data-testid=type-switch]")!.GetAttribute("aria-checked"));
        Assert.Equal("true", row.QuerySelector("[data-testid=undo] input[name=active]")!.GetAttribute("value"));
        Assert.Equal("Discovery call is off. Turned off. 2 sessions stay booked.", row.QuerySelector("li")!.GetAttribute("data-announce"));
        Assert.Single(Sent(app, "PATCH"));

        app.Emulator.ClearJournal();
        using var page = await (await ana.GetAsync("/event-types?state=off", Cancel)).DocumentAsync();
        Assert.Contains("Discovery call", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Single(Sent(app, "GET"), path => path == "/event_types");

        using var undone = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "true"));
        using var on = await undone.DocumentAsync();
        Assert.Equal("true", on.QuerySelector("[data-testid=type-switch]")!.GetAttribute("aria-checked"));
        Assert.Null(on.QuerySelector("[data-testid=undo]"));
    }

    [Fact]
    public async Task Sessions_that_cannot_be_read_are_left_unsaid()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Status) { Status = 403, Times = 5 });

        using var row = await (await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "false"))).DocumentAsync();

        Assert.Contains("Turned off.", row.QuerySelector(".slot")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("booked", row.QuerySelector(".slot")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_looking_and_never_by_sending_again()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await ana.GetAsync("/event-types", Cancel);
        app.Emulator.ClearJournal();
        app.Emulator.Faults.Add(new Fault("/event_types/", FaultKind.Drop) { Method = "PATCH" });

        using var done = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "false"));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Contains("Turned off.", await done.TextAsync(), StringComparison.Ordinal);
        Assert.Single(Sent(app, "PATCH"));

        app.Emulator.Faults.Add(new Fault("/event_types/", FaultKind.DropBefore) { Method = "PATCH" });
        using var still = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "true"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, still.StatusCode);
        Assert.Contains("we looked, and it is still off.", await still.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(2, Sent(app, "PATCH").Count);
    }

    [Fact]
    public async Task An_outcome_that_nobody_can_see_is_called_unknown()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await ana.GetAsync("/event-types", Cancel);
        app.Emulator.Faults.Add(new Fault("/event_types/", FaultKind.Drop) { Times = 10 });

        using var answer = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: true, ("active", "false"));

        Assert.Equal("CALENDLY_UNAVAILABLE", answer.ErrorCode());
        Assert.Contains("this may already be off. Look again in a minute", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Equal($"#slot-{Discovery}", answer.Header("HX-Retarget"));
    }

    [Fact]
    public async Task Showing_and_hiding_is_ours_alone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var id = EmulatedIds.EventType("ana", "winter-reset");
        await ana.GetAsync("/event-types", Cancel);
        app.Emulator.ClearJournal();

        using var shown = await (await PostAsync(ana, $"/event-types/{id}/listing", htmx: true, ("shown", "true"))).DocumentAsync();
        Assert.Equal("true", shown.QuerySelector("[data-testid=listing-switch]")!.GetAttribute("aria-checked"));
        Assert.Contains("Shown to realtors", shown.QuerySelector("hx-partial")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(await app.Services.GetRequiredService<ListedEventTypes>().FindAsync(id, Cancel));

        using var hidden = await PostAsync(ana, $"/event-types/{id}/listing", htmx: false, ("shown", "false"));
        Assert.Equal((HttpStatusCode.SeeOther, $"/event-types/{id}"), (hidden.StatusCode, hidden.Headers.Location!.ToString()));
        Assert.Null(await app.Services.GetRequiredService<ListedEventTypes>().FindAsync(id, Cancel));
        Assert.Empty(app.Emulator.Journal);
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Single_use_links_are_kept_for_ninety_days_or_until_removed(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        var path = $"/event-types/{Discovery}/links";

        using var made = await (await PostAsync(ana, path, htmx: true)).DocumentAsync();
        await PostAsync(ana, path, htmx: true);
        using var page = await (await ana.GetAsync(path, Cancel)).DocumentAsync();

        Assert.Single(made.QuerySelectorAll("[data-testid=made-link]"));
        Assert.StartsWith("https://calendly.com/d/", made.QuerySelector("[data-testid=made-link] [data-copy]")!.GetAttribute("data-copy"), StringComparison.Ordinal);
        Assert.Equal("Single-use link for Discovery call made", made.QuerySelector("[data-announce]")!.GetAttribute("data-announce"));
        Assert.Contains("Works until Sun 31 May", made.Body!.TextContent, StringComparison.Ordinal);
        var links = Links(page);
        Assert.Equal(2, links.Count);
        Assert.Equal(2, links.Distinct().Count());

        using var removed = await PostAsync(ana, $"{path}/removal", htmx: false, ("link", links[0]));
        Assert.Equal((HttpStatusCode.SeeOther, path), (removed.StatusCode, removed.Headers.Location!.ToString()));
        using var after = await (await ana.GetAsync(path, Cancel)).DocumentAsync();
        Assert.Equal([links[1]], Links(after));

        await PostAsync(priya, $"/event-types/{EmulatedIds.EventType("priya", "circle")}/links/removal", htmx: true, ("link", links[1]));
        using var untouched = await (await ana.GetAsync(path, Cancel)).DocumentAsync();
        Assert.Equal([links[1]], Links(untouched));

        app.Clock.Advance(TimeSpan.FromDays(90));
        Assert.Empty(await app.Services.GetRequiredService<CalendlySlices.Features.EventTypes.SingleUseLinks>().OfAsync(1, Discovery, Cancel));
    }

    [Fact]
    public async Task A_link_that_calendly_did_not_confirm_is_not_claimed_and_a_plain_form_keeps_the_page()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        await ana.GetAsync("/event-types", Cancel);
        app.Emulator.Faults.Add(new Fault("/scheduling_links", FaultKind.Drop));

        using var answer = await PostAsync(ana, $"/event-types/{Discovery}/links", htmx: false);
        using var page = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Calendly did not confirm. If a link was made, nobody has it", page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(Links(page));
        Assert.Single(Sent(app, "POST"), path => path == "/scheduling_links");
    }

    [Fact]
    public async Task Without_scripts_a_switch_leads_to_the_event_types_own_page()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var answer = await PostAsync(ana, $"/event-types/{Discovery}/activation", htmx: false, ("active", "false"));
        using var page = await (await ana.GetAsync(answer.Headers.Location, Cancel)).DocumentAsync();

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Contains("Off in Calendly: nobody can book it. Sessions that are booked already stay booked.", page.Body!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, bool htmx, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
        if (htmx)
        {
            request.Headers.Add("HX-Request", "true");
        }

        return await client.SendAsync(request, Cancel);
    }

    private static List<string> Sent(DashboardApp app, string method) => [.. app.Emulator.Journal.Where(call => call.Method == method).Select(call => call.Path)];

    private static List<string> Links(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("[data-testid=made-link] input[name=link]").Select(link => link.GetAttribute("value")!)];
}
