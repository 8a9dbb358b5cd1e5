using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Support;

/// <summary>The emulator on a loopback port, for other processes; the test holds it in its hands meanwhile.</summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmulatorServer(WebApplication app, CalendlyEmulator emulator) => (_app, Emulator) = (app, emulator);

    public CalendlyEmulator Emulator { get; }

    public string Address => _app.Urls.First() + EmulatorRoutes.Prefix;

    /// <summary>Runs when a token call has been decided and before its answer leaves.</summary>
    public Func<Task>? BeforeTokenAnswer { get; set; }

    public static async Task<EmulatorServer> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var emulator = new CalendlyEmulator(clock);
        emulator.Options.PaidCallsPerMinute = emulator.Options.TokenCallsPerMinute = 1_000_000;
        builder.Services.AddSingleton(emulator);
        EmulatorDeliveries.AddServices(builder.Services);
        var app = builder.Build();
        var server = new EmulatorServer(app, emulator);
        app.Use(async (context, next) =>
        {
            context.Response.OnStarting(() => context.Request.Path.Value!.EndsWith("/oauth/token", StringComparison.Ordinal) && server.BeforeTokenAnswer is { } before ? before() : Task.CompletedTask);
            await next(context);
        });
        app.MapEmulator();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A grant of this account's, as the callback would have received it.</summary>
    public IssuedTokens Grant(string account) => Grant(Emulator, account);

    public static IssuedTokens Grant(CalendlyEmulator emulator, string account)
    {
        var grant = emulator.Grant(account, [.. RequestedScopes.All]);
        return new IssuedTokens(grant.AccessToken, grant.RefreshToken, grant.Scopes, grant.AccessExpiresAt - grant.IssuedAt, grant.OwnerUri, grant.OrganizationUri);
    }

    /// <summary>The token endpoint of an emulator in this process, through the real client.</summary>
    public static ICalendlyOAuth OAuth(CalendlyEmulator emulator)
    {
        var options = new CalendlyOptions { ClientId = EmulatorOptions.MockClientId, ClientSecret = new Secret(EmulatorOptions.MockClientSecret) };
        return new CalendlyOAuth(
            new HttpClient(new CappedBodyHandler(64 * 1024) { InnerHandler = new EmulatorMessageHandler(emulator) }) { BaseAddress = options.AuthBaseUrl },
            options,
            new WireTime(TimeProvider.System));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
