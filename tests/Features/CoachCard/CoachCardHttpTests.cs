using System.Net;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.CoachCard;

public sealed class CoachCardHttpTests
{
    private const string Name = "name=Olu Adeyemi";

    private static readonly string Call = EmulatedIds.EventType("olu", "strategy-call");
    private static readonly string AnasCall = EmulatedIds.EventType("ana", "discovery-call");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_is_listed_with_what_was_typed_once_the_coach_agrees()
    {
        await using var app = new DashboardApp();
        using var olu = await app.ClientAsync("olu");
        using var rita = await app.ClientAsync("rita");
        using var empty = await PageAsync(olu, "/card");
        Assert.Equal("empty-none", empty.QuerySelector("#card")!.GetAttribute("data-state"));
        Assert.Equal("Olu Adeyemi", empty.QuerySelector("#card-name")!.GetAttribute("value"));
        Assert.Equal("olu@slices-coaching.example", empty.QuerySelector("#card-email")!.GetAttribute("value"));
        Assert.False(empty.QuerySelector("[data-testid=card-agree]")!.HasAttribute("checked"));

        using var draft = await DashboardApp.PostFormAsync(olu, "/card", Fields(agreed: false));
        using var unlisted = await rita.GetAsync("/coaches/olu-adeyemi", Cancel);
        using var agreed = await DashboardApp.PostFormAsync(olu, "/card", Fields(agreed: true));
        using var page = await PageAsync(rita, "/coaches/olu-adeyemi");

        Assert.Equal((HttpStatusCode.Redirect, "/card?saved=yes"), (draft.StatusCode, draft.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.NotFound, unlisted.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, agreed.StatusCode);
        Assert.Equal(["Investors", "teams"], page.QuerySelectorAll(".tags li").Select(tag => tag.TextContent));
        Assert.Equal(["Strategy call"], page.QuerySelectorAll("[data-testid=offer] h2").Select(head => head.TextContent));
        Assert.Contains("Numbers first.", page.Body!.TextContent, StringComparison.Ordinal);
        using var saved = await PageAsync(olu, "/card?saved=yes");
        Assert.Contains("Saved. Realtors see your card.", saved.QuerySelector("[data-testid=card-saved]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/coaches/olu-adeyemi", saved.QuerySelector("[data-testid=card-saved] a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Taking_the_tick_away_takes_the_coach_off_the_list_at_once()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var rita = await app.ClientAsync("rita");

        using (await DashboardApp.PostFormAsync(ana, "/card", ("name", "Ana Ruiz"), ("eventTypes", AnasCall)))
        {
        }

        using var directory = await PageAsync(rita, "/coaches");
        Assert.DoesNotContain(directory.QuerySelectorAll("[data-testid=coach-card]"), card => card.GetAttribute("data-slug") == "ana-ruiz");
        using var card = await PageAsync(ana, "/card");
        Assert.Equal([AnasCall], card.QuerySelectorAll("input[name=eventTypes][checked]").Select(box => box.GetAttribute("value")));
        Assert.Equal("Not listed", card.QuerySelector("[data-testid=card-state]")!.TextContent);
    }

    [Fact]
    public async Task Nobody_sees_when_a_coach_is_free_who_has_not_agreed_whatever_the_coach_has_chosen()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var rita = await app.ClientAsync("rita");
        using (var before = await rita.GetAsync($"/free-times?eventType={AnasCall}", Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        using (await DashboardApp.PostFormAsync(ana, "/card", ("name", "Ana Ruiz"), ("eventTypes", AnasCall)))
        {
        }

        using var times = await rita.GetAsync($"/free-times?eventType={AnasCall}", Cancel);
        using var json = await rita.GetAsync($"/api/calendly/availability/free?eventUri=https://api.calendly.com/event_types/{AnasCall}", Cancel);
        using var picker = await PageAsync(rita, "/free-times");
        using var own = await PageAsync(ana, "/event-types");

        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (times.StatusCode, times.ErrorCode()));
        Assert.Equal(HttpStatusCode.NotFound, json.StatusCode);
        Assert.DoesNotContain("Ana Ruiz", picker.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/card", own.QuerySelector($"#states-{AnasCall} a")!.GetAttribute("href"));
        Assert.Equal("Not listed yet", own.QuerySelector($"#states-{AnasCall}")!.TextContent.Trim());
    }

    [Fact]
    public async Task Another_coach_s_event_type_cannot_be_shown_and_nothing_is_stored()
    {
        await using var app = new DashboardApp();
        using var olu = await app.ClientAsync("olu");

        using var answer = await DashboardApp.PostFormAsync(olu, "/card", [.. Fields(agreed: true), ("eventTypes", AnasCall)]);
        using var page = await answer.DocumentAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_FAILED"), (answer.StatusCode, answer.ErrorCode()));
        Assert.Equal("One of these is off at Calendly, or not yours. Look through them again.", page.QuerySelector("#card-eventTypes-problem")!.TextContent);
        Assert.Equal("Investors, teams, Teams", page.QuerySelector("#card-tags")!.GetAttribute("value"));
        var listed = await app.Services.GetRequiredService<ListedEventTypes>().FindAsync(AnasCall, Cancel);
        Assert.Equal("Ana Ruiz", listed!.Coach);
        Assert.Null(await app.Services.GetRequiredService<ListedCoaches>().FindAsync("olu-adeyemi", Cancel));
    }

    [Fact]
    public async Task While_calendly_is_down_what_is_shown_can_be_taken_back_and_no_more_be_chosen()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        app.Emulator.Faults.Add(new Fault("/event_types", FaultKind.Status) { Status = 501, Times = 100 });

        using var page = await PageAsync(ana, "/card");
        using (await DashboardApp.PostFormAsync(ana, "/card", ("name", "Ana Ruiz"), ("listed", "yes"), ("eventTypes", AnasCall)))
        {
        }

        Assert.Equal(3, page.QuerySelectorAll("input[name=eventTypes]").Length);
        Assert.StartsWith("More cannot be chosen now:", page.QuerySelector("[data-testid=card-connect]")!.TextContent, StringComparison.Ordinal);
        var coach = await app.Services.GetRequiredService<ListedCoaches>().FindAsync("ana-ruiz", Cancel);
        Assert.Equal(["Discovery call"], coach!.EventTypes.Select(type => type.Name));
    }

    [Theory]
    [InlineData("mei", "Connect Calendly to offer any.")]
    [InlineData("tom", "Reconnect Calendly to change them.")]
    public async Task Whoever_is_not_connected_writes_the_card_all_the_same(string persona, string words)
    {
        await using var app = new DashboardApp();
        using var coach = await app.ClientAsync(persona);

        using var page = await PageAsync(coach, "/card");
        using var answer = await DashboardApp.PostFormAsync(coach, "/card", ("name", "Somebody Else"), ("about", "New."), ("listed", "yes"));

        Assert.StartsWith(words, page.QuerySelector("[data-testid=card-connect]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("/connection?place=card", page.QuerySelector("[data-testid=card-connect] a")!.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains(await app.Services.GetRequiredService<ListedCoaches>().AllAsync(Cancel), listed => listed is { Name: "Somebody Else", About: "New." });
    }

    [Fact]
    public async Task With_scripts_the_answer_is_the_page_s_one_panel_and_says_what_happened()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/card")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("name", "Ana Ruiz"), KeyValuePair.Create("listed", "yes")]),
        };
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(ana));

        using var answer = await ana.SendAsync(request, Cancel);
        using var panel = await answer.DocumentAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(panel.QuerySelector("header"));
        Assert.Equal("Saved. Realtors see your card.", panel.QuerySelector("#card")!.GetAttribute("data-announce"));
    }

    [Fact]
    public async Task Every_field_says_what_is_wrong_beside_it()
    {
        await using var app = new DashboardApp();
        var seven = string.Join(',', Enumerable.Range(1, 7));
        var (longWord, about) = (new string('t', 25), new string('a', 201));
        BadInput[] table =
        [
            new("ana", "GET /card", null, 200, "", "Listed"),
            new("ana", "POST /card", "name=", 400, "VALIDATION_FAILED", "Write the name that realtors know you by."),
            new("ana", "POST /card", "", 400, "VALIDATION_FAILED", "Write the name that realtors know you by."),
            new("ana", "POST /card", """{"name":"x"}""", 400, "VALIDATION_FAILED", "Write the name that realtors know you by."),
            new("ana", "POST /card", $"name={new string('n', 81)}", 400, "VALIDATION_FAILED", "Use at most 80 characters."),
            new("ana", "POST /card", $"{Name}&email=nobody", 400, "VALIDATION_FAILED", "That is not an email address."),
            new("ana", "POST /card", $"{Name}&email=a@b.example?bcc=c@d.example", 400, "VALIDATION_FAILED", "That is not an email address."),
            new("ana", "POST /card", $"{Name}&tags={seven}", 400, "VALIDATION_FAILED", "Use at most 6 tags of at most 24 characters"),
            new("ana", "POST /card", $"{Name}&tags={longWord}", 400, "VALIDATION_FAILED", "Use at most 6 tags of at most 24 characters"),
            new("ana", "POST /card", $"{Name}&languages={seven}", 400, "VALIDATION_FAILED", "Use at most 6 languages of at most 24 characters"),
            new("ana", "POST /card", $"{Name}&about={about}", 400, "VALIDATION_FAILED", "Use at most 200 characters."),
            new("ana", "POST /card", $"{Name}&eventTypes=not.an.id", 400, "VALIDATION_FAILED", "That is not an event type."),
            new("rita", "GET /card", null, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
            new("rita", "POST /card", Name, 403, "FORBIDDEN_ROLE", "Only a coach can do this."),
            new("dora", "GET /card", null, 403, "FORBIDDEN_ROLE", "You can look, not change."),
            new("", "GET /card", null, 302, "", ""),
        ];

        var mismatches = await BadInput.MismatchesAsync(app, table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }

    private static (string Name, string Value)[] Fields(bool agreed) =>
    [
        ("name", "Olu Adeyemi"), ("email", ""), ("tags", "Investors, teams, Teams"), ("languages", "English,Yoruba"), ("about", "Numbers first."), ("eventTypes", Call),
        .. agreed ? [("listed", "yes")] : Array.Empty<(string, string)>(),
    ];

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string path) => await (await client.GetAsync(path, Cancel)).DocumentAsync();
}
