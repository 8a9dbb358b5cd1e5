using System.Text.Json;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>The API of webhook subscriptions.</summary>
public sealed class SubscriptionsTests
{
    private const string Url = "https://hooks.example/calendly";

    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task A_subscription_is_made_with_every_documented_field_and_without_its_key()
    {
        var answer = await Subscribe(signingKey: "own\\\"&key-of-ana");

        Assert.Equal(201, answer.Status);
        var made = Json(answer).GetProperty("resource");
        Assert.Equal(
            ["uri", "callback_url", "created_at", "updated_at", "retry_started_at", "state", "events", "scope", "organization", "user", "group", "creator"],
            made.EnumerateObject().Select(field => field.Name));
        var id = EmulatedIds.Subscription(1);
        Assert.Equal(
            $$"""
            {"uri":"https://api.calendly.com/webhook_subscriptions/{{id}}","callback_url":"{{Url}}","created_at":"2026-03-02T15:00:00.000000Z",
            "updated_at":"2026-03-02T15:00:00.000000Z","retry_started_at":null,"state":"active","events":["invitee.created"],"scope":"user",
            "organization":"{{WorldAccounts.Ana.OrganizationUri}}","user":"{{AnaUser}}","group":null,"creator":"{{AnaUser}}"}
            """.ReplaceLineEndings(string.Empty),
            made.GetRawText());
        Assert.Equal(made.GetRawText(), Json(await _world.Get($"/webhook_subscriptions/{id}")).GetProperty("resource").GetRawText());
        Assert.DoesNotContain(_world.Emulator.Journal, call => call.Body.Contains("key-of-ana", StringComparison.Ordinal));
        Assert.Contains(_world.Emulator.Journal, call => call.Body.Contains("\"signing_key\":\"***\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_address_is_taken_once_for_the_same_scope_of_the_same_owner()
    {
        Assert.Equal(201, (await Subscribe()).Status);
        var again = await Subscribe();
        Assert.Equal((409, "Already Exists", "Hook with this url already exists"), (again.Status, Text(again, "title"), Text(again, "message")));
        Assert.Equal(201, (await Subscribe("priya")).Status);
        Assert.Equal(201, (await Subscribe("priya", scope: "organization")).Status);
        Assert.Equal(409, (await Subscribe("priya", scope: "organization")).Status);
        Assert.Equal(201, (await Subscribe(url: Url + "/other")).Status);
    }

    [Theory]
    [InlineData("""{"url": null}""", "url", "is required")]
    [InlineData("""{"url": "hooks.example"}""", "url", "must be an https address")]
    [InlineData("""{"url": "http://hooks.example/"}""", "url", "must be an https address")]
    [InlineData("""{"url": "http://localhost.example/"}""", "url", "must be an https address")]
    [InlineData("""{"url": "http://10.0.0.1/"}""", "url", "must be an https address")]
    [InlineData("""{"url": "https://a:b@hooks.example/"}""", "url", "must be an https address")]
    [InlineData("""{"url": "ftp://localhost/"}""", "url", "must be an https address")]
    [InlineData("""{"events": null}""", "events", "is required")]
    [InlineData("""{"events": []}""", "events", "can't be blank")]
    [InlineData("""{"events": "invitee.created"}""", "events", "must be a list")]
    [InlineData("""{"events": ["invitee.created", "invitee.moved"]}""", "events[1]", "is not an event of this scope")]
    [InlineData("""{"events": ["routing_form_submission.created"]}""", "events[0]", "is not an event of this scope")]
    [InlineData("""{"events": ["meeting_recap.created"], "scope": "organization"}""", "events[0]", "is not an event of this scope")]
    [InlineData("""{"organization": null}""", "organization", "is required")]
    [InlineData("""{"organization": "ORG"}""", "organization", "must be a URI like https://api.calendly.com/organizations/<id>")]
    [InlineData("""{"user": null}""", "user", "is required")]
    [InlineData("""{"scope": null}""", "scope", "is required")]
    [InlineData("""{"scope": "team"}""", "scope", "must be one of: organization, user, group")]
    [InlineData("""{"scope": "group"}""", "group", "is required")]
    [InlineData("""{"signing_key": ""}""", "signing_key", "can't be blank")]
    public async Task What_does_not_fit_is_named(string change, string parameter, string problem)
    {
        var answer = await _world.Send("POST", "/webhook_subscriptions", Changed(DeliveryRig.Body("ana", Url), change));
        Assert.Equal((400, parameter, problem), (answer.Status, Parameter(answer), Problem(answer)));
    }

    [Theory]
    [InlineData("http://localhost:5080/webhooks/calendly")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]:5080/hook?secret=1")]
    public async Task Without_encryption_only_this_machine_is_told(string url) => Assert.Equal(201, (await Subscribe(url: url)).Status);

    [Theory]
    [InlineData("""{"organization": "https://api.calendly.com/organizations/ORGANAHOME4T8WZB"}""", "You do not have permission to access this resource.")]
    [InlineData("""{"user": "https://api.calendly.com/users/USRMEITANAKA6LQ3"}""", "You do not have permission")]
    [InlineData("""{"scope": "organization"}""", "You do not have permission")]
    [InlineData("""{"scope": "group", "group": "https://api.calendly.com/groups/GRP"}""", "You do not have permission")]
    public async Task Nobody_subscribes_for_others(string change, string message)
    {
        var answer = await _world.Send("POST", "/webhook_subscriptions", Changed(DeliveryRig.Body("ana", Url), change));
        Assert.Equal((403, "Permission Denied", message), (answer.Status, Text(answer, "title"), Text(answer, "message")));
    }

    [Fact]
    public async Task What_needs_a_paid_plan_is_refused_on_the_free_one()
    {
        var token = _world.Emulator.Grant("ana-home", ["default"]).AccessToken.Reveal();
        var answer = await _world.Send("POST", "/webhook_subscriptions", DeliveryRig.Body("ana-home", Url, "organization", null, "routing_form_submission.created"), token);
        Assert.Equal((403, "Please upgrade to a paid Calendly account."), (answer.Status, Text(answer, "message")));
        Assert.Equal(201, (await _world.Send("POST", "/webhook_subscriptions", DeliveryRig.Body("ana-home", Url), token)).Status);
    }

    [Theory]
    [InlineData("webhooks:read scheduled_events:read event_types:read", "webhooks:write")]
    [InlineData("webhooks:write event_types:read", "scheduled_events:read")]
    [InlineData("webhooks:write scheduled_events:write", "event_types:read")]
    [InlineData("webhooks:write", "scheduled_events:read event_types:read")]
    public async Task It_takes_the_scope_of_webhooks_and_that_of_each_event(string granted, string required)
    {
        var token = _world.Emulator.Grant("ana", granted.Split(' ')).AccessToken.Reveal();
        var answer = await _world.Send("POST", "/webhook_subscriptions", DeliveryRig.Body("ana", Url), token);
        Assert.Equal((403, "Insufficient scope"), (answer.Status, Text(answer, "title")));
        Assert.Equal(required.Split(' '), Json(answer).GetProperty("required_scopes").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task Writing_includes_reading_and_reading_does_not_include_deleting()
    {
        await Subscribe();
        var path = $"/webhook_subscriptions/{EmulatedIds.Subscription(1)}";
        var reader = _world.Emulator.Grant("ana", ["webhooks:read"]).AccessToken.Reveal();
        var writer = _world.Emulator.Grant("ana", ["webhooks:write"]).AccessToken.Reveal();
        Assert.Equal(200, (await _world.Get(path, reader)).Status);
        Assert.Equal(200, (await _world.Get(path, writer)).Status);
        Assert.Equal(403, (await _world.Send("DELETE", path, null, reader)).Status);
        Assert.Equal(403, (await _world.Get(List("ana"), _world.Emulator.Grant("ana", ["users:read"]).AccessToken.Reveal())).Status);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_its_address_free()
    {
        await Subscribe();
        var path = $"/webhook_subscriptions/{EmulatedIds.Subscription(1)}";
        Assert.Equal(403, (await _world.Send("DELETE", path, null, Token("mei"))).Status);
        Assert.Equal(403, (await _world.Get(path, Token("mei"))).Status);
        Assert.Equal(200, (await _world.Get(path, Token("priya"))).Status);
        var deleted = await _world.Send("DELETE", path, null);
        Assert.Equal((204, 0), (deleted.Status, deleted.Body.Length));
        Assert.Equal((404, 404), ((await _world.Get(path)).Status, (await _world.Send("DELETE", path, null)).Status));
        Assert.Empty(Rows(await _world.Get(List("ana"))));
        Assert.Equal(201, (await Subscribe()).Status);
    }

    [Fact]
    public async Task Lists_are_of_one_owner_and_page_both_ways()
    {
        var made = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            made.Add(Text(await Subscribe(url: $"{Url}/{number}"), "resource", "uri"));
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await Subscribe("priya");
        await Subscribe("priya", scope: "organization");

        Assert.Equal(made, Uris(await _world.Get(List("ana"))));
        Assert.Equal(Enumerable.Reverse(made), Uris(await _world.Get(List("ana") + "&sort=created_at:desc")));
        Assert.Equal(made, Uris(await _world.Get(List("ana"), Token("priya"))));
        var first = await _world.Get(List("ana") + "&count=2");
        var second = await _world.Get(PageAddress(first, "next_page")!);
        Assert.Equal(made[..2], Uris(first));
        Assert.Equal(made[2..4], Uris(second));
        Assert.Equal(Uris(first), Uris(await _world.Get(PageAddress(second, "previous_page")!)));
        Assert.Single(Rows(await _world.Get(List("priya"), Token("priya"))));
        Assert.Equal("organization", Rows(await _world.Get(List("priya", "organization"), Token("priya"))).Single().GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("?scope=user", 400, "organization")]
    [InlineData("?organization={org}", 400, "scope")]
    [InlineData("?organization={org}&scope=user", 400, "user")]
    [InlineData("?organization={org}&scope=group", 400, "group")]
    [InlineData("?organization={org}&scope=all", 400, "scope")]
    [InlineData("?organization={org}&scope=user&user={ana}&sort=state:asc", 400, "sort")]
    [InlineData("?organization={org}&scope=user&user={ana}&page_token=x", 400, "page_token")]
    [InlineData("?organization={org}&scope=organization", 403, null)]
    [InlineData("?organization={org}&scope=user&user=https%3A%2F%2Fapi.calendly.com%2Fusers%2FUSRMEITANAKA6LQ3", 403, null)]
    [InlineData("?organization=https%3A%2F%2Fapi.calendly.com%2Forganizations%2FORGANAHOME4T8WZB&scope=user&user={ana}", 403, null)]
    public async Task A_list_needs_to_know_whose(string query, int status, string? parameter)
    {
        var answer = await _world.Get("/webhook_subscriptions" + query
            .Replace("{org}", Uri.EscapeDataString(WorldAccounts.Ana.OrganizationUri), StringComparison.Ordinal)
            .Replace("{ana}", Uri.EscapeDataString(AnaUser), StringComparison.Ordinal));
        Assert.Equal(status, answer.Status);
        if (parameter is not null)
        {
            Assert.Equal(parameter, Parameter(answer));
        }
    }

    [Fact]
    public async Task A_no_show_is_marked_once_and_can_be_taken_back()
    {
        var invitee = $"https://api.calendly.com/scheduled_events/{EmulatedIds.Session("ana", "past-01")}/invitees/{EmulatedIds.Invitee("ana", "past-01", 0)}";

        var marked = await Mark(invitee);
        Assert.Equal(201, marked.Status);
        var noShow = Json(marked).GetProperty("resource");
        var uri = noShow.GetProperty("uri").GetString()!;
        Assert.Equal(["uri", "invitee", "created_at"], noShow.EnumerateObject().Select(field => field.Name));
        Assert.Equal((invitee, "2026-03-02T15:00:00.000000Z"), (noShow.GetProperty("invitee").GetString(), noShow.GetProperty("created_at").GetString()));
        Assert.Equal(noShow.GetRawText(), Json(await _world.Get(uri)).GetProperty("resource").GetRawText());
        Assert.Equal(uri, Json(await _world.Get(invitee)).GetProperty("resource").GetProperty("no_show").GetProperty("uri").GetString());
        Assert.Equal((400, "invitee"), ((await Mark(invitee)).Status, Parameter(await Mark(invitee))));

        var path = new Uri(uri).AbsolutePath;
        Assert.Equal((403, 403), ((await _world.Send("DELETE", path, null, Token("mei"))).Status, (await _world.Get(path, Token("mei"))).Status));
        var deleted = await _world.Send("DELETE", path, null);
        Assert.Equal((204, 0), (deleted.Status, deleted.Body.Length));
        Assert.Equal((404, 404), ((await _world.Send("DELETE", path, null)).Status, (await _world.Get(path)).Status));
        Assert.Equal(JsonValueKind.Null, Json(await _world.Get(invitee)).GetProperty("resource").GetProperty("no_show").ValueKind);
        Assert.Equal(201, (await Mark(invitee)).Status);
    }

    [Fact]
    public async Task Nobody_is_a_no_show_before_the_time_or_after_canceling_or_by_a_stranger()
    {
        Assert.Equal(400, (await Mark(Invitee("ana", "tomorrow-nine"))).Status);
        Assert.Equal(400, (await Mark(Invitee("ana", "canceled-by-host"))).Status);
        Assert.Equal(201, (await Mark(Invitee("ana", "in-progress"))).Status);
        Assert.Equal(403, (await Mark(Invitee("mei", "past-1"))).Status);
        Assert.Equal(404, (await Mark("https://api.calendly.com/scheduled_events/x/invitees/y")).Status);
        Assert.Equal(404, (await Mark("https://api.calendly.com/scheduled_events/x/invitees/" + EmulatedIds.Invitee("ana", "past-01", 0))).Status);
        Assert.Equal((400, "invitee"), ((await _world.Send("POST", "/invitee_no_shows", "{}")).Status, Parameter(await _world.Send("POST", "/invitee_no_shows", "{}"))));
        Assert.Equal(400, (await _world.Send("POST", "/invitee_no_shows", null)).Status);
        var reader = _world.Emulator.Grant("ana", ["scheduled_events:read"]).AccessToken.Reveal();
        Assert.Equal(403, (await _world.Send("POST", "/invitee_no_shows", "{}", reader)).Status);
    }

    private static string Invitee(string account, string key) =>
        $"https://api.calendly.com/scheduled_events/{EmulatedIds.Session(account, key)}/invitees/{EmulatedIds.Invitee(account, key, 0)}";

    private static string Changed(string body, string change)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            json.Remove(name);
            if (value is not null)
            {
                json[name] = value.DeepClone();
            }
        }

        return json.ToJsonString();
    }

    private static string List(string account, string scope = "user")
    {
        var owner = WorldAccounts.All.First(one => one.Key == account);
        return $"/webhook_subscriptions?organization={Uri.EscapeDataString(owner.OrganizationUri)}&scope={scope}" + (scope == "user" ? $"&user={Uri.EscapeDataString(owner.Uri)}" : string.Empty);
    }

    private static List<string> Uris(EmulatorAnswer answer) => [.. Rows(answer).Select(row => row.GetProperty("uri").GetString()!)];

    private static string Text(EmulatorAnswer answer, string name, string inner) => Json(answer).GetProperty(name).GetProperty(inner).GetString()!;

    private static string Text(EmulatorAnswer answer, string name) => EmulatorFixture.Text(answer, name);

    private string Token(string account) => account == "ana" ? _world.AnaToken : _world.Emulator.Grant(account).AccessToken.Reveal();

    private Task<EmulatorAnswer> Mark(string invitee) => _world.Send("POST", "/invitee_no_shows", $$"""{"invitee":"{{invitee}}"}""");

    private Task<EmulatorAnswer> Subscribe(string account = "ana", string url = Url, string scope = "user", string? signingKey = null) =>
        _world.Send("POST", "/webhook_subscriptions", DeliveryRig.Body(account, url, scope, signingKey, "invitee.created"), Token(account));
}
