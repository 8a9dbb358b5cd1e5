using System.Collections.Concurrent;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>Deliveries over a real socket.</summary>
public sealed class DeliveryWireTests
{
    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        var paths = new ConcurrentQueue<string>();
        await using var app = await StartAsync(context =>
        {
            paths.Enqueue(context.Request.Path);
            context.Response.Redirect("/elsewhere", permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var rig = await DeliveryRig.StartAsync(network: true);
        var path = await rig.SubscribeAsync(url: app.Urls.Single() + "/hook");
        rig.Book();
        await rig.IdleAsync();
        Assert.Equal(["/hook"], paths);
        Assert.Equal("2026-03-02T15:00:00.000000Z", (await rig.ReadAsync(path)).GetProperty("retry_started_at").GetString());
    }

    [Fact]
    public async Task A_name_for_this_machine_is_not_looked_up_and_the_bytes_arrive_as_signed()
    {
        var received = new ConcurrentQueue<(string? Host, string? Signature, byte[] Body)>();
        await using var app = await StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.Enqueue((context.Request.Host.Value, context.Request.Headers["Calendly-Webhook-Signature"], body.ToArray()));
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        });
        await using var rig = await DeliveryRig.StartAsync(network: true);
        var port = new Uri(app.Urls.Single()).Port;
        var path = await rig.SubscribeAsync(url: $"http://localhost:{port}/hook");
        rig.Book();
        rig.Book();
        await rig.IdleAsync();

        Assert.Equal(2, received.Count);
        Assert.All(received, one => Assert.Equal($"localhost:{port}", one.Host));
        Assert.All(received, one => Assert.Equal(
            CalendlySlices.Infrastructure.Calendly.Emulator.DeliverySignature.Of(new("mock-signing-key"), EmulatorFixture.Start, one.Body), one.Signature));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await rig.ReadAsync(path)).GetProperty("retry_started_at").ValueKind);
    }

    [Fact]
    public async Task A_receiver_that_died_gets_what_it_missed_when_it_is_back()
    {
        await using var rig = await DeliveryRig.StartAsync(network: true);
        var count = 0;
        RequestDelegate acknowledge = context =>
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        };
        var app = await StartAsync(acknowledge);
        var url = app.Urls.Single();
        await rig.SubscribeAsync(url: url + "/hook");
        rig.Book();
        await rig.IdleAsync();
        await app.DisposeAsync();
        rig.Book();
        await rig.IdleAsync();
        Assert.Equal(1, count);

        await using var back = await StartAsync(acknowledge, url);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(2, count);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
