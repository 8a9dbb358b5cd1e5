using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>What is delivered, to whom, and how often.</summary>
public sealed class WebhookDeliveriesTests
{
    private const string Created = "invitee.created";
    private const string Canceled = "invitee.canceled";

    [Fact]
    public async Task Every_way_something_changes_is_told_in_order()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync();
        var world = rig.World;

        var byApi = await world.Send("POST", "/invitees", $$"""
            {"event_type":"https://api.calendly.com/event_types/{{EmulatedIds.EventType("ana", "discovery-call")}}","start_time":"2026-03-03T20:30:00Z",
             "invitee":{"name":"Luca Bianchi","email":"luca@realty.example","timezone":"Europe/London"},"location":{"kind":"google_conference"},
             "questions_and_answers":[{"question":"What brings you here?","answer":"A flat","position":0}]}
            """);
        Assert.Equal(201, byApi.Status);
        var one = rig.Book();
        world.Emulator.At((desk, now) => desk.Cancel(one.Id, "Ill", now));
        var two = rig.Book();
        var moved = world.Emulator.At((desk, now) =>
            Enumerable.Range(0, 48).Select(half => desk.Move(two.Id, Start.AddDays(2).AddMinutes(30 * half), null, EmulatedTracking.None, now)).First(invitee => invitee is not null))!;
        await world.Cancel("tomorrow-nine", """{"reason":"Storm"}""");
        await world.Cancel("group");
        var late = $"https://api.calendly.com/scheduled_events/{EmulatedIds.Session("ana", "past-01")}/invitees/{EmulatedIds.Invitee("ana", "past-01", 0)}";
        await world.Send("POST", "/invitee_no_shows", $$"""{"invitee":"{{late}}"}""");
        await world.Send("DELETE", $"/invitee_no_shows/{EmulatedIds.NoShow(EmulatedIds.Invitee("ana", "past-01", 0))}", null);
        await world.Send("PATCH", $"/event_types/{EmulatedIds.EventType("ana", "discovery-call")}", """{"name":"Hello"}""");
        await rig.IdleAsync();

        var received = rig.Receiver.Received;
        Assert.Equal(
            [Created, Created, Canceled, Created, Canceled, Created, Canceled, .. Enumerable.Repeat(Canceled, 8), "invitee_no_show.created", "invitee_no_show.deleted", "event_type.updated"],
            received.Select(delivery => delivery.Event));
        Assert.Equal([one.Uri, one.Uri, two.Uri, two.Uri, moved.Uri], received.Skip(1).Take(5).Select(delivery => delivery.Uri));
        Assert.Equal(8, received.Skip(7).Take(8).Select(delivery => delivery.Uri).Distinct().Count());
        Assert.Equal([late, late], received.Skip(15).Take(2).Select(delivery => delivery.Uri));
        Assert.All(received, delivery => Assert.Equal(AnaUser, delivery.Envelope.GetProperty("created_by").GetString()));
        // On a clock that stands still too: bodies tell events apart.
        Assert.Equal(received.Count, received.Select(delivery => delivery.Envelope.GetProperty("created_at").GetString()).Distinct().Count());

        var (left, came) = (received[4].Payload, received[5].Payload);
        Assert.Equal((true, moved.Uri, "canceled"), (left.GetProperty("rescheduled").GetBoolean(), left.GetProperty("new_invitee").GetString(), left.GetProperty("status").GetString()));
        Assert.Equal((false, two.Uri, "active"), (came.GetProperty("rescheduled").GetBoolean(), came.GetProperty("old_invitee").GetString(), came.GetProperty("status").GetString()));
        Assert.Equal("invitee", received[2].Payload.GetProperty("cancellation").GetProperty("canceler_type").GetString());
        Assert.Equal(("host", "Storm"), (
            received[6].Payload.GetProperty("cancellation").GetProperty("canceler_type").GetString(), received[6].Payload.GetProperty("cancellation").GetProperty("reason").GetString()));
        Assert.Equal("canceled", received[6].Payload.GetProperty("scheduled_event").GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Object, received[15].Payload.GetProperty("no_show").ValueKind);
        Assert.Equal(JsonValueKind.Null, received[16].Payload.GetProperty("no_show").ValueKind);
        Assert.Equal("Hello", received[17].Payload.GetProperty("name").GetString());
        Assert.False(received[17].Payload.TryGetProperty("description_html", out _));
        Assert.Equal(28, received[17].Payload.EnumerateObject().Count());
    }

    [Fact]
    public async Task A_payload_is_the_invitee_of_the_api_with_its_event_inside()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync();
        var booked = rig.Book();
        await rig.IdleAsync();

        var delivery = Assert.Single(rig.Receiver.Received);
        Assert.Equal(["event", "created_at", "created_by", "payload"], delivery.Envelope.EnumerateObject().Select(field => field.Name));
        Assert.Equal("2026-03-02T15:00:00.000000Z", delivery.Envelope.GetProperty("created_at").GetString());
        var invitee = Json(await rig.World.Get(booked.Uri)).GetProperty("resource");
        Assert.Equal(
            invitee.EnumerateObject().Select(field => (field.Name, field.Value.GetRawText())),
            delivery.Payload.EnumerateObject().Where(field => field.Name != "scheduled_event").Select(field => (field.Name, field.Value.GetRawText())));
        var session = Json(await rig.World.Get(booked.EventUri)).GetProperty("resource");
        var inside = delivery.Payload.GetProperty("scheduled_event");
        Assert.Equal(
            session.EnumerateObject().Where(field => field.Name is not ("calendar_event" or "event_memberships")).Select(field => (field.Name, field.Value.GetRawText())),
            inside.EnumerateObject().Where(field => field.Name != "event_memberships").Select(field => (field.Name, field.Value.GetRawText())));
        Assert.Equal(
            $$"""[{"user":"{{AnaUser}}","user_email":"ana@slices-coaching.example","user_name":"Ana Ruiz"}]""", inside.GetProperty("event_memberships").GetRawText());
    }

    [Theory]
    [InlineData("""{"event":"invitee.created","created_at":"2026-11-21T22:26:40.000000Z","created_by":"https://api.calendly.com/users/USRK4T7WQ2M9XB6L","payload":{}}""", "4a1199d797cde890e4e968d8e6d6eb613b45109474370126885b794c0f1d60dc")]
    [InlineData("""{"name":"Zoë"}""", "abe4f8ccc2504acda127e5551df894b9145387c3f752107da914a9a89b460826")]
    public void Signatures_are_those_of_the_documented_algorithm(string body, string signature) => Assert.Equal(
        $"t=1795300000,v1={signature}",
        DeliverySignature.Of(new Secret("wsk_example_0001"), DateTimeOffset.FromUnixTimeSeconds(1_795_300_000), Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task Each_try_is_signed_anew_with_the_key_of_the_subscription_or_else_of_the_application()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync();
        await rig.SubscribeAsync(url: DeliveryRig.Hook + "/own", signingKey: "key-of-ana");
        rig.Receiver.AnswerWith(HttpStatusCode.BadGateway);
        rig.Book();
        await rig.IdleAsync();
        rig.World.Emulator.Options.SigningKey = "another-key";
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        var (app, own) = (rig.Receiver.At("/hook"), rig.Receiver.At("/hook/own"));
        Assert.Equal((2, 2), (app.Count, own.Count));
        Assert.Equal(app[0].Body, app[1].Body);
        Assert.Equal(Signed(EmulatorOptions.MockSigningKey, Start, app[0].Body), app[0].Signature);
        Assert.Equal(Signed("another-key", Start.AddSeconds(1), app[1].Body), app[1].Signature);
        Assert.Equal(Signed("key-of-ana", Start, own[0].Body), own[0].Signature);
        Assert.Equal(Signed("key-of-ana", Start.AddSeconds(1), own[1].Body), own[1].Signature);
    }

    [Fact]
    public async Task Hosts_hear_of_what_they_hold_and_organizations_of_what_any_member_holds()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync("priya", DeliveryRig.Hook + "/organization", "organization");
        foreach (var account in new[] { "ana", "priya", "tom", "ana-home" })
        {
            await rig.SubscribeAsync(account, $"{DeliveryRig.Hook}/{account}");
        }

        var ofAna = rig.Book();
        var panel = rig.World.Emulator.At((desk, now) =>
        {
            var type = desk.World.EventTypes.First(one => one.Slug == "panel");
            return Enumerable.Range(0, 14 * 48).Select(half => desk.Book(type, Start.AddMinutes(30 * half), new BookingRequest("Rita Alvarez", "rita@slices-realty.example", null), now)).First(booked => booked is not null)!;
        });
        var atHome = rig.World.Emulator.At((desk, now) => desk.Cancel(EmulatedIds.Invitee("ana-home", "tomorrow", 0), null, now));
        await rig.IdleAsync();

        Assert.True(atHome);
        Assert.Equal([ofAna.Uri, panel.Uri], rig.Receiver.At("/hook/organization").Select(delivery => delivery.Uri));
        Assert.Equal([ofAna.Uri], rig.Receiver.At("/hook/ana").Select(delivery => delivery.Uri));
        Assert.Equal([panel.Uri], rig.Receiver.At("/hook/priya").Select(delivery => delivery.Uri));
        Assert.Equal([panel.Uri], rig.Receiver.At("/hook/tom").Select(delivery => delivery.Uri));
        Assert.Equal([Canceled], rig.Receiver.At("/hook/ana-home").Select(delivery => delivery.Event));
        Assert.Equal(WorldAccounts.Priya.Uri, rig.Receiver.At("/hook/organization")[0].Envelope.GetProperty("created_by").GetString());
    }

    [Fact]
    public async Task Only_what_was_subscribed_to_is_told()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync(events: [Canceled]);
        var booked = rig.Book();
        rig.World.Emulator.At((desk, now) => desk.Cancel(booked.Id, null, now));
        await rig.IdleAsync();
        Assert.Equal([Canceled], rig.Receiver.Received.Select(delivery => delivery.Event));
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_ever_later_while_others_go_on()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var path = await rig.SubscribeAsync();
        var failing = rig.Book();
        await rig.IdleAsync();
        rig.Receiver.Forget();
        rig.Receiver.Answer = (delivery, _) => Task.FromResult(delivery.Event == Canceled ? HttpStatusCode.Redirect : HttpStatusCode.OK);

        rig.World.Emulator.At((desk, now) => desk.Cancel(failing.Id, null, now));
        await rig.IdleAsync();
        var tries = new List<int>();
        for (var second = 0; second <= 64; second++)
        {
            if (rig.Receiver.Received.Count > tries.Count)
            {
                tries.Add(second);
            }

            await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63], tries);
        var state = await rig.ReadAsync(path);
        Assert.Equal(("2026-03-02T15:00:00.000000Z", "active"), (state.GetProperty("retry_started_at").GetString(), state.GetProperty("state").GetString()));
        var meanwhile = rig.Book();
        await rig.IdleAsync();
        Assert.Equal(meanwhile.Uri, rig.Receiver.Received[^1].Uri);
        Assert.NotEqual(JsonValueKind.Null, (await rig.ReadAsync(path)).GetProperty("retry_started_at").ValueKind);

        rig.Receiver.AnswerWith(HttpStatusCode.Accepted);
        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((Canceled, failing.Uri), (rig.Receiver.Received[^1].Event, rig.Receiver.Received[^1].Uri));
        Assert.Equal(JsonValueKind.Null, (await rig.ReadAsync(path)).GetProperty("retry_started_at").ValueKind);
        rig.Receiver.Forget();
        await rig.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(rig.Receiver.Received);
    }

    [Fact]
    public async Task After_a_day_of_failures_a_subscription_is_disabled_and_nothing_of_it_comes_later()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var path = await rig.SubscribeAsync();
        rig.Receiver.Answer = (_, _) => throw new HttpRequestException("Nobody there.");
        var booked = rig.Book();
        await rig.IdleAsync();
        await rig.AdvanceAsync(TimeSpan.FromHours(12));
        await rig.AdvanceAsync(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.Equal("active", (await rig.ReadAsync(path)).GetProperty("state").GetString());

        rig.World.Emulator.At((desk, now) => desk.Cancel(booked.Id, null, now));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("disabled", (await rig.ReadAsync(path)).GetProperty("state").GetString());
        rig.Receiver.AnswerWith(HttpStatusCode.OK);
        rig.Receiver.Forget();
        rig.Book();
        await rig.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(rig.Receiver.Received);

        var token = rig.World.Emulator.Grant("ana").AccessToken.Reveal();
        Assert.Equal(409, (await rig.World.Send("POST", "/webhook_subscriptions", DeliveryRig.Body("ana", events: Created), token)).Status);
        Assert.Equal(204, (await rig.World.Send("DELETE", path, null, token)).Status);
        Assert.Equal(201, (await rig.World.Send("POST", "/webhook_subscriptions", DeliveryRig.Body("ana", events: Created), token)).Status);
        await rig.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(rig.Receiver.Received);
    }

    [Fact]
    public async Task A_ticking_clock_brings_the_next_try_too()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync();
        var second = new TaskCompletionSource();
        rig.Receiver.Answer = (_, _) =>
        {
            if (rig.Receiver.Received.Count == 2)
            {
                second.SetResult();
            }

            return Task.FromResult(HttpStatusCode.ServiceUnavailable);
        };
        rig.World.Clock.Tick();
        rig.Book();
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_receiver_that_hangs_holds_up_neither_the_others_nor_the_emulator()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync(url: DeliveryRig.Hook + "/slow");
        await rig.SubscribeAsync();
        var (hung, released, arrived) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        rig.Receiver.Answer = async (delivery, _) =>
        {
            if (delivery.Address.AbsolutePath.EndsWith("/slow", StringComparison.Ordinal))
            {
                hung.TrySetResult();
                await released.Task;
            }
            else if (rig.Receiver.At("/hook").Count == 2)
            {
                arrived.TrySetResult();
            }

            return HttpStatusCode.OK;
        };

        var first = rig.Book();
        await hung.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var second = rig.Book();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(200, (await rig.World.Get("/users/me")).Status);
        Assert.Single(rig.Receiver.At("/hook/slow"));

        released.SetResult();
        await rig.IdleAsync();
        Assert.Equal([first.Uri, second.Uri], rig.Receiver.At("/hook/slow").Select(delivery => delivery.Uri));
    }

    [Fact]
    public async Task Nothing_is_delivered_off_this_machine_and_the_attempt_is_noted()
    {
        await using var rig = await DeliveryRig.StartAsync();
        foreach (var url in new[] { "https://hooks.example/in?key=1", "https://localhost.example/", "https://127.0.0.1.example/", "https://10.0.0.1/" })
        {
            await rig.SubscribeAsync(url: url);
        }

        await rig.SubscribeAsync();
        rig.Book();
        await rig.IdleAsync();

        Assert.Equal("127.0.0.1", Assert.Single(rig.Receiver.Received).Address.Host);
        Assert.Equal(
            ["https://10.0.0.1/", "https://127.0.0.1.example/", "https://hooks.example/in", "https://localhost.example/"],
            rig.World.Emulator.Journal.Where(call => call.Path.StartsWith("https", StringComparison.Ordinal)).Select(call => call.Path).Order(StringComparer.Ordinal));
        Assert.Equal(4, rig.Webhooks.Subscriptions.Count(subscription => subscription.RetryStartedAt is not null));
    }

    [Fact]
    public async Task What_is_deleted_or_reset_is_not_delivered_any_more()
    {
        await using var rig = await DeliveryRig.StartAsync();
        var path = await rig.SubscribeAsync();
        await rig.SubscribeAsync(url: DeliveryRig.Hook + "/hung");
        var hung = new TaskCompletionSource();
        var isCanceled = false;
        rig.Receiver.Answer = async (delivery, cancellationToken) =>
        {
            if (delivery.Address.AbsolutePath == "/hook")
            {
                return HttpStatusCode.InternalServerError;
            }

            hung.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                isCanceled = cancellationToken.IsCancellationRequested;
            }

            return HttpStatusCode.OK;
        };
        rig.Book();
        rig.Book();
        await hung.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await rig.World.Send("DELETE", path, null);
        rig.World.Emulator.Reset();
        await rig.IdleAsync();
        Assert.True(isCanceled);
        rig.Receiver.Forget();
        rig.Receiver.AnswerWith(HttpStatusCode.OK);

        await rig.AdvanceAsync(TimeSpan.FromDays(2));
        rig.Book();
        await rig.IdleAsync();

        Assert.Empty(rig.Receiver.Received);
        Assert.Empty(rig.Webhooks.Subscriptions);
    }

    [Fact]
    public async Task Two_thousand_events_arrive_once_each_and_in_order()
    {
        await using var rig = await DeliveryRig.StartAsync();
        await rig.SubscribeAsync();
        var invitee = EmulatedIds.Invitee("ana", "past-01", 0);
        for (var number = 0; number < 2_000; number++)
        {
            var (done, _) = rig.World.Emulator.At((desk, now) => desk.World.InviteeById(invitee) is { } found && desk.MarkNoShow(found.Session, found.Invitee, number % 2 == 0, now), tells: true);
            Assert.True(done);
        }

        await rig.IdleAsync();

        var times = rig.Receiver.Received.Select(delivery => (delivery.Envelope.GetProperty("created_at").GetString()!, delivery.Payload.GetProperty("updated_at").GetString()!)).ToList();
        Assert.Equal(2_000, times.Distinct().Count());
        Assert.Equal(times.OrderBy(time => time.Item1, StringComparer.Ordinal).ThenBy(time => time.Item2, StringComparer.Ordinal), times);
        Assert.Equal(2_000, times.Select(time => time.Item2).Distinct().Count());
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        var line = new DeliveryLine();
        for (var number = 0; number < DeliveryLine.Capacity; number++)
        {
            Assert.True(line.TryAdd(new EmulatedDelivery(Created, default), Start, []));
        }

        var refused = new EmulatedDelivery(Created, default);
        Assert.False(line.TryAdd(refused, Start, []));
        Assert.NotNull(line.Next(Start));
        Assert.True(line.TryAdd(refused, Start, []));
        Assert.Equal(DeliveryLine.Capacity, line.Clear());
        Assert.True(refused.FirstTry.IsCompleted);
    }

    private static string Signed(string key, DateTimeOffset at, byte[] body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. Encoding.UTF8.GetBytes(seconds + "."), .. body]))}";
    }
}
