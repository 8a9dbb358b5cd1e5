using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>The hooks with which testers make webhooks come, and come otherwise than usual. All subscriptions of these tests
/// are to a path of their own.</summary>
public sealed class WebhookHooksTests
{
    private const string Path = "/hook-of-tests";
    private const string Url = "http://127.0.0.1:9" + Path;
    private const string Created = "invitee.created";
    private const string Canceled = "invitee.canceled";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_at_calendly_has_been_delivered_when_the_hook_answers()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        await SubscribeAsync(app, "ana");

        var booked = await PostAsync(tester, "/test/calendly/sessions", Booking());
        Assert.Equal([Created], Events(receiver));
        var moved = await PostAsync(tester, "/test/calendly/move", new { invitee = Text(booked, "invitee"), start = "2026-03-03T20:30:00Z" });
        Assert.Equal([Created, Canceled, Created], Events(receiver));
        await PostAsync(tester, "/test/calendly/cancel", new { invitee = Text(moved, "invitee"), reason = "Ill" });
        Assert.Equal([Created, Canceled, Created, Canceled], Events(receiver));
        var past = EmulatedIds.Session("ana", "past-01");
        await PostAsync(tester, "/test/calendly/no-show", new { @event = past });
        await PostAsync(tester, "/test/calendly/no-show", new { @event = past, undo = true });
        Assert.Equal(["invitee_no_show.created", "invitee_no_show.deleted"], Events(receiver).Skip(4));
        using var twice = await tester.PostAsJsonAsync("/test/calendly/no-show", new { @event = past, undo = true }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);

        receiver.Forget();
        var byPage = await PostAsync(tester, "/test/calendly/sessions", Booking(webhook: false));
        using var page = await tester.PostAsync($"/mock-widget/cancellations/{Text(byPage, "invitee").Split('/')[^1]}", new FormUrlEncodedContent([]), Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await app.Emulator.Webhooks.IdleAsync(Cancel);
        Assert.Equal([Canceled], Events(receiver));

        receiver.Forget();
        var silent = await PostAsync(tester, "/test/calendly/sessions", Booking(webhook: false));
        var movedSilently = await PostAsync(tester, "/test/calendly/move", new { invitee = Text(silent, "invitee"), start = "2026-03-03T20:30:00Z", webhook = false });
        await PostAsync(tester, "/test/calendly/cancel", new { invitee = Text(movedSilently, "invitee"), webhook = false });
        await PostAsync(tester, "/test/calendly/no-show", new { @event = past, webhook = false });
        Assert.Empty(Events(receiver));
    }

    [Fact]
    public async Task Deliveries_come_reversed_twice_or_late_when_asked_for()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        await SubscribeAsync(app, "ana");

        // Each takes its time: the second of two is still under way when the first is done.
        receiver.Answer = async (_, cancellation) =>
        {
            await Task.Delay(100, cancellation);
            return HttpStatusCode.NoContent;
        };
        await OrderAsync(tester, new { order = "reversed" });
        var booked = await PostAsync(tester, "/test/calendly/sessions", Booking());
        Assert.Empty(Events(receiver));
        await PostAsync(tester, "/test/calendly/cancel", new { invitee = Text(booked, "invitee") });
        Assert.Equal([Canceled, Created], Events(receiver));
        Assert.Equal(2, (await StandingAsync(tester)).GetProperty("sent").GetInt32());
        booked = await PostAsync(tester, "/test/calendly/sessions", Booking());
        Assert.Equal([Canceled, Created, Created], Events(receiver));

        receiver.Forget();
        await OrderAsync(tester, new { copies = 3 });
        await PostAsync(tester, "/test/calendly/cancel", new { invitee = Text(booked, "invitee") });
        Assert.Equal([Canceled, Canceled, Canceled], Events(receiver));
        Assert.Single(receiver.At(Path).Select(delivery => Convert.ToHexString(delivery.Body)).Distinct());

        receiver.Forget();
        await OrderAsync(tester, new { delaySeconds = 30 });
        booked = await PostAsync(tester, "/test/calendly/sessions", Booking());
        Assert.Empty(Events(receiver));
        await PostAsync(tester, "/test/clock", new { advance = "PT29S" });
        Assert.Empty(Events(receiver));
        Assert.Equal(1, (await StandingAsync(tester)).GetProperty("waiting").GetInt32());
        await PostAsync(tester, "/test/clock", new { advance = "PT1S" });
        Assert.Equal([Created], Events(receiver));
        Assert.Contains($"t={app.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)},", receiver.At(Path)[0].Signature!, StringComparison.Ordinal);

        receiver.Forget();
        await OrderAsync(tester, new { order = "reversed", next = 5 });
        await PostAsync(tester, "/test/calendly/cancel", new { invitee = Text(booked, "invitee") });
        Assert.Empty(Events(receiver));
        await OrderAsync(tester, new { });
        await app.Emulator.Webhooks.IdleAsync(Cancel);
        Assert.Equal([Canceled], Events(receiver));
    }

    [Fact]
    public async Task Something_that_exists_is_sent_again_many_times_long_ago_or_forged()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        var path = await SubscribeAsync(app, "ana");
        var now = app.Clock.GetUtcNow();
        var session = EmulatedIds.Session("ana", "tomorrow-nine");

        var sent = await PostAsync(tester, "/test/webhooks/send", new { @event = Created, of = session, times = 3 });
        Assert.Equal([204, 204, 204], Statuses(sent, path));
        Assert.Single(receiver.At(Path).Select(delivery => (delivery.Signature, Convert.ToHexString(delivery.Body))).Distinct());
        Assert.Equal(DeliverySignature.Of(new Secret(EmulatorOptions.MockSigningKey), now, receiver.At(Path)[0].Body), receiver.At(Path)[0].Signature);
        Assert.Equal(EmulatedIds.Invitee("ana", "tomorrow-nine", 0), receiver.At(Path)[0].Uri.Split('/')[^1]);

        receiver.Forget();
        receiver.AnswerWith(HttpStatusCode.Unauthorized);
        Assert.Equal([401], Statuses(await PostAsync(tester, "/test/webhooks/send", new { @event = Created, of = session, ageSeconds = 181 }), path));
        Assert.Equal([401], Statuses(await PostAsync(tester, "/test/webhooks/send", new { @event = Created, of = session, signature = "bad" }), path));
        Assert.Equal([401], Statuses(await PostAsync(tester, "/test/webhooks/send", new { @event = Created, of = session, signature = "missing" }), path));
        Assert.Equal(DeliverySignature.Of(new Secret(EmulatorOptions.MockSigningKey), now.AddSeconds(-181), receiver.At(Path)[0].Body), receiver.At(Path)[0].Signature);
        Assert.Matches("^t=[0-9]+,v1=[0-9a-f]{64}$", receiver.At(Path)[1].Signature);
        Assert.NotEqual(DeliverySignature.Of(new Secret(EmulatorOptions.MockSigningKey), now, receiver.At(Path)[1].Body), receiver.At(Path)[1].Signature);
        Assert.Null(receiver.At(Path)[2].Signature);
        await PostAsync(tester, "/test/clock", new { advance = "PT1H" });
        Assert.Equal(3, receiver.At(Path).Count);

        receiver.Forget();
        var (old, moved) = (EmulatedIds.Invitee("ana", "moved-from", 0), EmulatedIds.Invitee("ana", "moved-to", 0));
        foreach (var of in new[] { old, moved })
        {
            await PostAsync(tester, "/test/webhooks/send", new { order = "reversed", of });
        }

        await PostAsync(tester, "/test/webhooks/send", new { order = "inOrder", of = old });
        await PostAsync(tester, "/test/webhooks/send", new { @event = "event_type.updated", of = EmulatedIds.EventType("ana", "deep-dive") });
        Assert.Equal([Created, Canceled, Created, Canceled, Canceled, Created, "event_type.updated"], Events(receiver));
        Assert.Equal([moved, old, moved, old, old, moved], receiver.At(Path).Take(6).Select(delivery => delivery.Uri.Split('/')[^1]));
    }

    [Fact]
    public async Task A_subscription_can_be_disabled_revived_or_gone()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        var path = await SubscribeAsync(app, "mei");
        var session = EmulatedIds.Session("mei", "past-1");

        await PostAsync(tester, "/test/webhooks/subscription", new { account = "mei", state = "disabled" });
        await PostAsync(tester, "/test/calendly/no-show", new { @event = session });
        Assert.Equal("disabled", (await StandingAsync(tester)).GetProperty("state").GetString());
        using var refused = await tester.PostAsJsonAsync("/test/webhooks/send", new { @event = Created, of = session }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Empty(Events(receiver));

        await PostAsync(tester, "/test/webhooks/subscription", new { account = "mei", state = "active" });
        await PostAsync(tester, "/test/calendly/no-show", new { @event = session, undo = true });
        Assert.Equal(["invitee_no_show.deleted"], Events(receiver));

        receiver.AnswerWith(HttpStatusCode.InternalServerError);
        await PostAsync(tester, "/test/calendly/no-show", new { @event = session });
        var standing = await StandingAsync(tester);
        Assert.Equal((1, 1, 1, 0), (
            standing.GetProperty("sent").GetInt32(), standing.GetProperty("failing").GetInt32(), standing.GetProperty("failedTries").GetInt32(), standing.GetProperty("waiting").GetInt32()));
        Assert.Equal((Url, "mei", "user"), (Text(standing, "callbackUrl"), Text(standing, "account"), Text(standing, "scope")));
        Assert.DoesNotContain("key-of-test", await tester.GetStringAsync("/test/webhooks", Cancel), StringComparison.Ordinal);

        await PostAsync(tester, "/test/webhooks/subscription", new { account = "mei", state = "gone" });
        var token = app.Emulator.Grant("mei").AccessToken.Reveal();
        Assert.Equal(404, (await app.Emulator.HandleAsync(new EmulatorCall("GET", path) { Authorization = $"Bearer {token}" }, Cancel)).Status);
        using var nothing = await tester.PostAsJsonAsync("/test/webhooks/subscription", new { account = "mei", state = "gone" }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, nothing.StatusCode);
    }

    [Fact]
    public async Task A_reset_forgets_subscriptions_and_what_waits_for_them()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        await SubscribeAsync(app, "ana");
        receiver.AnswerWith(HttpStatusCode.InternalServerError);
        await OrderAsync(tester, new { delaySeconds = 5, next = 1000 });
        await PostAsync(tester, "/test/calendly/sessions", Booking());

        using var reset = await tester.PostAsync("/test/reset", null, Cancel);
        receiver.Forget();
        await PostAsync(tester, "/test/clock", new { advance = "PT1H" });

        Assert.Empty(Events(receiver));
        Assert.DoesNotContain(Path, await tester.GetStringAsync("/test/webhooks", Cancel), StringComparison.Ordinal);
        await SubscribeAsync(app, "ana");
        await PostAsync(tester, "/test/calendly/sessions", Booking());
        Assert.Equal([Created], Events(receiver));
    }

    [Fact]
    public async Task What_a_hook_does_not_know_is_named()
    {
        using var receiver = new DeliveryReceiver();
        await using var app = App(receiver);
        using var tester = await app.ClientAsync();
        foreach (var (path, body) in new (string, object)[]
        {
            ("send", new { @event = "invitee.moved", of = "x" }),
            ("send", new { @event = Created }),
            ("send", new { order = "random", of = "x" }),
            ("send", new { @event = Created, of = "x", times = 0 }),
            ("send", new { @event = Created, of = "x", signature = "good" }),
            ("send", new { @event = Created, of = "x", ageSeconds = 1e9 }),
            ("order", new { order = "sideways" }),
            ("order", new { next = 0 }),
            ("order", new { copies = 11 }),
            ("order", new { delaySeconds = -1 }),
            ("subscription", new { account = "zoe", state = "gone" }),
            ("subscription", new { account = "ana", state = "asleep" }),
        })
        {
            using var refused = await tester.PostAsJsonAsync($"/test/webhooks/{path}", body, Cancel);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{path} {JsonSerializer.Serialize(body)} was answered {(int)refused.StatusCode}.");
            Assert.Contains("is one of", await refused.TextAsync(), StringComparison.Ordinal);
        }

        using var nobody = await tester.PostAsJsonAsync("/test/webhooks/send", new { @event = Created, of = "x" }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, nobody.StatusCode);
    }

    private static DashboardApp App(DeliveryReceiver receiver) =>
        new(services => services.AddHttpClient(EmulatorDeliveries.ClientName).ConfigurePrimaryHttpMessageHandler(() => receiver));

    private static async Task<string> SubscribeAsync(DashboardApp app, string account)
    {
        var answer = await app.Emulator.HandleAsync(
            new EmulatorCall("POST", "/webhook_subscriptions")
            {
                Authorization = $"Bearer {app.Emulator.Grant(account).AccessToken.Reveal()}",
                ContentType = "application/json",
                Body = System.Text.Encoding.UTF8.GetBytes(DeliveryRig.Body(account, Url)),
            },
            Cancel);
        Assert.Equal(201, answer.Status);
        return new Uri(EmulatorFixture.Json(answer).GetProperty("resource").GetProperty("uri").GetString()!).AbsolutePath;
    }

    private static object Booking(bool? webhook = null) =>
        new { account = "ana", eventType = "discovery-call", start = "2026-03-03T16:00:00Z", name = "Luca Bianchi", email = "luca@realty.example", webhook };

    private static IEnumerable<string> Events(DeliveryReceiver receiver) => receiver.At(Path).Select(delivery => delivery.Event);

    private static IEnumerable<int> Statuses(JsonElement sent, string path) =>
        sent.GetProperty("deliveries").EnumerateArray().Where(one => Text(one, "subscription").EndsWith(path, StringComparison.Ordinal)).Select(one => one.GetProperty("status").GetInt32());

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<JsonElement> StandingAsync(HttpClient tester) =>
        (await tester.GetFromJsonAsync<JsonElement>("/test/webhooks", Cancel)).GetProperty("subscriptions").EnumerateArray().Single(one => Text(one, "callbackUrl") == Url);

    private static async Task OrderAsync(HttpClient tester, object body)
    {
        using var answer = await tester.PostAsJsonAsync("/test/webhooks/order", body, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<JsonElement> PostAsync(HttpClient tester, string path, object body)
    {
        using var answer = await tester.PostAsJsonAsync(path, body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} was answered {(int)answer.StatusCode}: {await answer.TextAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }
}
