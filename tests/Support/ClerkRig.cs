using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure.Identity.Providers;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Support;

/// <summary>The application with real Calendly and Clerk, whose host is a <see cref="ProviderHost"/>, and a clock that the
/// test moves.</summary>
internal sealed class ClerkRig : IAsyncDisposable
{
    public const string Party = "http://localhost";

    private ClerkRig(ProviderHost clerk, TokenForge key, FakeClock clock, DashboardApp app) => (Clerk, Key, Clock, App) = (clerk, key, clock, app);

    public ProviderHost Clerk { get; }

    public TokenForge Key { get; }

    public FakeClock Clock { get; }

    public DashboardApp App { get; }

    public static async Task<ClerkRig> StartAsync(Action<IServiceCollection>? replace = null, string keyKind = "pk_test_")
    {
        var key = TokenForge.Rsa("ins_1");
        var clerk = await ProviderHost.StartAsync(key);
        var clock = new FakeClock();
        var app = DashboardApp.Real(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            replace?.Invoke(services);
        });
        app.Settings["AUTH_PROVIDER"] = "clerk";
        app.Settings["CLERK_ISSUER"] = clerk.Address;
        app.Settings["CLERK_AUTHORIZED_PARTIES"] = $"https://slices.example, {Party}";
        app.Settings["CLERK_PUBLISHABLE_KEY"] = keyKind + Convert.ToBase64String(Encoding.ASCII.GetBytes(new Uri(clerk.Address).Authority + "$"));
        return new ClerkRig(clerk, key, clock, app);
    }

    /// <summary>The claims of a coach's token that has just been made and lives for a minute.</summary>
    public JsonObject Claims(string role = "coach")
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Clerk.Address,
            ["sub"] = "user_2abcDEF",
            ["sid"] = "sess_1",
            ["azp"] = Party,
            ["sts"] = "active",
            ["iat"] = now,
            ["nbf"] = now - 10,
            ["exp"] = now + 60,
            ["name"] = "Cora Lane",
            ["metadata"] = new JsonObject { ["role"] = role },
        };
    }

    /// <summary>What checks tokens, without the rest of the application.</summary>
    public ServiceProvider Tokens() => Tokens(
        new ClerkSignIn(new Uri(Clerk.Address), ["https://slices.example", Party], App.Settings["CLERK_PUBLISHABLE_KEY"]), Clock);

    public static ServiceProvider Tokens(TokenProvider provider, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSignInWire();
        services.AddSingleton(provider);
        services.AddSingleton(clock);
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<SessionTokens>();
        return services.BuildServiceProvider();
    }

    /// <summary>A browser that holds this session's token.</summary>
    public (HttpClient Client, CookieContainer Cookies) Browser(string? session = null)
    {
        var cookies = new CookieContainer { MaxCookieSize = 2 * SessionTokens.MaxBytes };
        if (session is not null)
        {
            cookies.Add(new Cookie("__session", session, "/", "localhost"));
        }

        return (App.CreateDefaultClient(new CookieContainerHandler(cookies)), cookies);
    }

    /// <summary>Opens an address as a browser opens a page.</summary>
    public static Task<HttpResponseMessage> OpenAsync(HttpClient client, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Dest", "document");
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Clerk.DisposeAsync();
    }
}
