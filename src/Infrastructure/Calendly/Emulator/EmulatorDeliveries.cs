using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// Delivers, as Calendly would, what happens in the emulator: signed, in order for each subscription, and to all of them at
/// once. Goes to this machine alone; any other host is refused before anything is opened, and noted in the journal.
/// </summary>
internal sealed class EmulatorDeliveries(CalendlyEmulator emulator, IHttpClientFactory clients) : IHostedService, IDisposable
{
    /// <summary>The client that carries the deliveries.</summary>
    public const string ClientName = "calendly-deliveries";

    // Source of both: https://developer.calendly.com/api-docs/overview/webhooks/webhook-timeouts
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(15);

    private static readonly MediaTypeHeaderValue Json = new(EmulatorAnswer.Json);

    private readonly CancellationTokenSource _stopping = new();
    private HttpClient? _http;

    public static void AddServices(IServiceCollection services)
    {
        services.AddHttpClient(ClientName, http => http.Timeout = ReadTimeout)
            .ConfigurePrimaryHttpMessageHandler(Network)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddSingleton<EmulatorDeliveries>();
        services.AddHostedService(provider => provider.GetRequiredService<EmulatorDeliveries>());
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        emulator.Webhooks.SendWith(subscription => ThreadPool.UnsafeQueueUserWorkItem(_ => _ = SendAsync(subscription), null));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    /// <summary>One try, signed now unless told otherwise.</summary>
    /// <returns>The status of the answer, 0 without one.</returns>
    public async Task<int> TryAsync(EmulatedSubscription subscription, EmulatedDelivery delivery, DeliverySeal seal, CancellationToken cancellationToken)
    {
        var address = subscription.Request.Address;
        if (!address.IsLoopback)
        {
            emulator.NoteRefusedHost("POST", address.GetLeftPart(UriPartial.Path));
            return 0;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(delivery.Body) };
        request.Content.Headers.ContentType = Json;
        if (seal.Of(subscription.Request.SigningKey ?? new Secret(emulator.Options.SigningKey), emulator.Clock.GetUtcNow(), delivery.Body.Span) is { } signature)
        {
            request.Headers.TryAddWithoutValidation(DeliverySignature.Header, signature);
        }

        try
        {
            _http ??= clients.CreateClient(ClientName);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever kept the answer away, a server that a test holds in its hands and that threw too: none has come.
            return 0;
        }
    }

    // Canceled and not disposed: a host can be told to stop once more when its services are gone already.
    public void Dispose()
    {
        _stopping.Cancel();
        _http?.Dispose();
    }

    private async Task SendAsync(EmulatedSubscription subscription)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            while (emulator.Webhooks.Next(subscription) is { } delivery)
            {
                var status = 0;
                try
                {
                    var trying = TryAsync(subscription, delivery, DeliverySeal.Good, ended.Token);
                    if (await Task.WhenAny(trying, subscription.Life) != trying)
                    {
                        await ended.CancelAsync();
                    }

                    status = await trying;
                }
                finally
                {
                    emulator.Webhooks.Settle(subscription, delivery, status);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops, or the world has ended: nothing is owed to anybody any more.
            emulator.Webhooks.Stop(subscription);
        }
    }

    private static SocketsHttpHandler Network() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    };

    // The name is not looked up: what it leads to is known, whatever a resolver says.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var addresses = IPAddress.TryParse(context.DnsEndPoint.Host, out var number) ? [number] : new[] { IPAddress.Loopback, IPAddress.IPv6Loopback };
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
