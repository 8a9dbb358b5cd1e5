using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator.Widget;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>What a page that frames the stand-in for Calendly's booking page hears of it.</summary>
[Collection(typeof(OneAtATime))]
public sealed class MockWidgetTests(Browsers browsers)
{
    private const string Discovery = "/mock-widget/ana/discovery-call";
    private const string Embedded = "?embed_type=Inline&embed_domain=localhost";
    private static readonly DateTime Opened = new(2026, 3, 2, 15, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_booking_is_told_in_the_five_messages_from_our_own_origin()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var widget = await FrameAsync(visit, $"/mock-widget/ana{Embedded}&name=Luca&email=luca%40realty.example");

        await widget.GetByRole(AriaRole.Link, new() { Name = "Discovery call, 30 min" }).ClickAsync();
        await widget.Locator("[data-start='2026-03-03T16:00:00Z']").ClickAsync();
        await Expect(widget.GetByLabel("Name")).ToHaveValueAsync("Luca");
        await Expect(widget.Locator("[name=timezone]")).ToHaveValueAsync("America/New_York");
        await widget.GetByLabel("What brings you here? *").FillAsync("A flat");
        await widget.GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();
        await Expect(widget.GetByRole(AriaRole.Heading, new() { Name = "You are scheduled" })).ToBeVisibleAsync();
        await HeardAsync(visit, "calendly.event_scheduled");

        var heard = await HeardAsync(visit);
        Assert.Equal(
            ["calendly.profile_page_viewed", "calendly.event_type_viewed", "calendly.date_and_time_selected", "calendly.event_scheduled"],
            heard.Select(message => message.Event!).Where(name => name != "calendly.page_height"));
        Assert.All(heard, message => Assert.Equal((visit.Address.GetLeftPart(UriPartial.Authority), true), (message.Origin, message.IsOurs)));
        Assert.All(heard.Where(message => message.Event is "calendly.page_height"), message => Assert.Matches("""\A\{"height":"[0-9]{2,4}px"\}\z""", message.Payload));
        Assert.All(heard.Where(message => message.Event!.EndsWith("viewed", StringComparison.Ordinal)), message => Assert.Equal("{}", message.Payload));
        Assert.Matches(
            """\A\{"event":\{"uri":"https://api\.calendly\.com/scheduled_events/[0-9a-f-]{36}"\},"invitee":\{"uri":"https://api\.calendly\.com/scheduled_events/[0-9a-f-]{36}/invitees/[0-9a-f-]{36}"\}\}\z""",
            heard.Single(message => message.Event == "calendly.event_scheduled").Payload);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_frame_that_does_not_say_where_it_is_tells_nothing()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var widget = await FrameAsync(visit, $"{Discovery}?embed_type=Inline");
        await widget.Locator("[data-start='2026-03-03T16:00:00Z']").ClickAsync();
        await Expect(widget.GetByRole(AriaRole.Heading, new() { Name = "Enter details" })).ToBeVisibleAsync();
        await Expect(widget.Locator("[name=timezone]")).ToHaveValueAsync("America/New_York");
        Assert.Empty(await HeardAsync(visit));
    }

    [Fact]
    public async Task A_late_page_shows_and_says_nothing_before_its_time()
    {
        await using var visit = await Visit.StartAsync(browsers);
        // Stopped, or real time would run as well.
        await visit.Page.Clock.InstallAsync(new ClockInstallOptions { TimeDate = Opened });
        await visit.Page.Clock.PauseAtAsync(Opened.AddSeconds(1));
        var widget = await FrameAsync(visit, $"{Discovery}{Embedded}&mock=late&delayMs=9000");
        await Expect(widget.GetByTestId("mock-band")).ToBeVisibleAsync();
        await visit.Page.Clock.RunForAsync(8_900);
        Assert.Empty(await HeardAsync(visit));
        await Expect(widget.GetByTestId("mock-widget")).ToBeHiddenAsync();
        await visit.Page.Clock.RunForAsync(200);
        await Expect(widget.GetByTestId("mock-widget")).ToBeVisibleAsync();
        Assert.Equal("calendly.event_type_viewed", (await HeardAsync(visit, "calendly.event_type_viewed"))[0].Event);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Junk_comes_before_what_is_true_and_a_stranger_speaks_from_no_origin()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await FrameAsync(visit, $"{Discovery}/2026-03-03T16:00:00Z{Embedded}&mock=junk,wrongOrigin");

        await HeardAsync(visit, "calendly.event_scheduled");
        await HeardAsync(visit, "calendly.date_and_time_selected");
        var heard = await HeardAsync(visit);
        Assert.True(heard.FindIndex(message => message.Event == "calendly.event_type_viewed") >= 15, "The junk did not come first.");
        Assert.True(heard.Count(message => message.Event is null) >= 10, "There was too little junk.");
        var forged = Assert.Single(heard, message => message.Event == "calendly.event_scheduled");
        Assert.Equal(("null", false), (forged.Origin, forged.IsOurs));
        Assert.All(heard.Where(message => message != forged), message => Assert.True(message.IsOurs));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_page_that_never_loads_never_speaks()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.App.Emulator.Knobs.Add(WidgetKnob.NeverLoads);
        await FrameAsync(visit, Discovery + Embedded);
        Assert.Empty(await HeardAsync(visit));
        var second = await FrameAsync(visit, Discovery + Embedded);
        await Expect(second.GetByTestId("widget-times")).ToBeVisibleAsync();
        await HeardAsync(visit, "calendly.event_type_viewed");
    }

    [Fact]
    public async Task Every_step_can_be_read_and_used_by_everybody()
    {
        await using var visit = await Visit.StartAsync(browsers);
        foreach (var path in (string[])["/mock-widget/ana", Discovery, "/mock-widget/ana/private-visit/2026-03-07T01:00:00Z?name=Luca", $"{Discovery}/soon"])
        {
            await visit.Page.GotoAsync(path);
            await Expect(visit.TestId("mock-widget")).ToBeVisibleAsync();
            await visit.AssertAccessibleAsync();
            await visit.AssertFitsAsync();
        }

        await visit.Page.GotoAsync($"{Discovery}/2026-03-03T16:00:00Z");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Schedule event" }).ClickAsync();
        await Expect(visit.Page.GetByText("Name can't be blank.")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        visit.AssertNoComplaints();
    }

    /// <summary>Opens a page of our own origin that frames this address and keeps what it hears.</summary>
    private static async Task<IFrameLocator> FrameAsync(Visit visit, string address)
    {
        var page = $$"""
            <!doctype html><html lang="en"><title>Framed</title>
            <script>
              const heard = [];
              addEventListener('message', event => heard.push({
                event: typeof event.data?.event === 'string' ? event.data.event : null, payload: JSON.stringify(event.data?.payload ?? null),
                origin: event.origin, isOurs: event.source === document.querySelector('iframe').contentWindow }));
            </script>
            <iframe title="Booking" width="800" height="700" src="{{address.Replace("&", "&amp;", StringComparison.Ordinal)}}"></iframe></html>
            """;
        await visit.Page.UnrouteAllAsync();
        await visit.Page.RouteAsync("**/framed", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = page }));
        await visit.Page.GotoAsync("/framed");
        return visit.Page.FrameLocator("iframe");
    }

    /// <summary>What was heard so far; with a name, as soon as that was.</summary>
    private static async Task<List<Heard>> HeardAsync(Visit visit, string? name = null)
    {
        if (name is not null)
        {
            await visit.Page.WaitForFunctionAsync("name => heard.some(message => message.event === name)", name);
        }

        return JsonSerializer.Deserialize<List<Heard>>(await visit.Page.EvaluateAsync<string>("JSON.stringify(heard)"), JsonSerializerOptions.Web)!;
    }

    private sealed record Heard(string? Event, string Payload, string Origin, bool IsOurs);
}
