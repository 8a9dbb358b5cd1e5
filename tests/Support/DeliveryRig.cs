using System.Text.Encodings.Web;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Infrastructure.Calendly.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalendlySlices.Tests.Support;

/// <summary>An emulator with its deliveries running, and a receiver in the place of the network.</summary>
internal sealed class DeliveryRig : IAsyncDisposable
{
    public const string Hook = "http://127.0.0.1:9/hook";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ServiceProvider _services;

    private DeliveryRig(ServiceProvider services, EmulatorFixture world, DeliveryReceiver receiver) => (_services, World, Receiver) = (services, world, receiver);

    public EmulatorFixture World { get; }

    public DeliveryReceiver Receiver { get; }

    public EmulatedWebhooks Webhooks => World.Emulator.Webhooks;

    public EmulatorDeliveries Deliveries => _services.GetRequiredService<EmulatorDeliveries>();

    /// <param name="network">True for the real one; then nothing arrives at <see cref="Receiver"/>.</param>
    public static async Task<DeliveryRig> StartAsync(bool network = false)
    {
        var (world, receiver) = (new EmulatorFixture(), new DeliveryReceiver());
        var services = new ServiceCollection().AddSingleton(world.Emulator);
        EmulatorDeliveries.AddServices(services);
        if (!network)
        {
            services.AddHttpClient(EmulatorDeliveries.ClientName).ConfigurePrimaryHttpMessageHandler(() => receiver);
        }

        var rig = new DeliveryRig(services.BuildServiceProvider(), world, receiver);
        foreach (var hosted in rig._services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(TestContext.Current.CancellationToken);
        }

        return rig;
    }

    /// <summary>Ends when nothing is being delivered and nothing is due.</summary>
    public Task IdleAsync() => Webhooks.IdleAsync(TestContext.Current.CancellationToken);

    public async Task AdvanceAsync(TimeSpan by)
    {
        World.Clock.Advance(by);
        await IdleAsync();
    }

    /// <summary>The path of a new subscription of the account's.</summary>
    public async Task<string> SubscribeAsync(string account = "ana", string url = Hook, string scope = "user", string? signingKey = null, params string[] events)
    {
        var answer = await World.Send("POST", "/webhook_subscriptions", Body(account, url, scope, signingKey, events), Token(account));
        Assert.Equal(201, answer.Status);
        return new Uri(EmulatorFixture.Json(answer).GetProperty("resource").GetProperty("uri").GetString()!).AbsolutePath;
    }

    public static string Body(string account, string url = Hook, string scope = "user", string? signingKey = null, params string[] events)
    {
        var owner = WorldAccounts.All.First(one => one.Key == account);
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["url"] = url,
            ["events"] = events.Length == 0 ? ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted", "event_type.updated"] : events,
            ["organization"] = owner.OrganizationUri,
            ["user"] = owner.Uri,
            ["scope"] = scope,
            ["signing_key"] = signingKey,
        }, Relaxed);
    }

    public string Token(string account) => account == "ana" ? World.AnaToken : World.Emulator.Grant(account).AccessToken.Reveal();

    /// <summary>Rita books the next open time of Ana's discovery calls, from Tuesday 16:00 UTC on.</summary>
    public EmulatedInvitee Book()
    {
        var first = new DateTimeOffset(2026, 3, 3, 16, 0, 0, TimeSpan.Zero);
        return World.Emulator.At((desk, now) =>
        {
            var type = desk.World.EventTypes.First(one => one.Owner.Key == "ana" && one.Slug == "discovery-call");
            var request = new BookingRequest("Rita Alvarez", "rita@slices-realty.example", null);
            return Enumerable.Range(0, 1_000).Select(half => desk.Book(type, first.AddMinutes(30 * half), request, now)).First(booked => booked is not null)!;
        });
    }

    /// <summary>The subscription as the API tells of it.</summary>
    public async Task<JsonElement> ReadAsync(string path) => EmulatorFixture.Json(await World.Get(path, World.Emulator.Grant("ana").AccessToken.Reveal())).GetProperty("resource");

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        Receiver.Dispose();
    }
}
