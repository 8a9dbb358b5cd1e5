using System.Globalization;
using System.Text.Encodings.Web;
using AngleSharp;
using AngleSharp.Dom;
using CalendlySlices.Features.Bell;
using CalendlySlices.Features.Preferences;
using CalendlySlices.Features.Status;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Pages;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Tests.Infrastructure.Web;

/// <summary>
/// The shell alone: the real views, headers, antiforgery and preferences, without Calendly, and with an empty bell. Who is
/// signed in is said by a request header. Cookies are kept between requests.
/// </summary>
internal sealed class ShellApp : IAsyncDisposable
{
    private readonly TokenStoreRig _rig;
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly Dictionary<string, string> _cookies = [];

    private ShellApp(TokenStoreRig rig, WebApplication app)
    {
        _rig = rig;
        _app = app;
        Time = rig.Clock;
        _client = app.GetTestClient();
    }

    public FakeClock Time { get; }

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public void SetCookie(string name, string value) => _cookies[name] = value;

    public static async Task<ShellApp> StartAsync(bool real = false, bool frozen = false, params string[] formActionHosts)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "CalendlySlices", EnvironmentName = "Production" });
        var rig = new TokenStoreRig();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddRazorPages(pages => pages.RootDirectory = "/src/Pages");
        builder.Services.AddAntiforgery(options => options.HeaderName = Htmx.AntiforgeryHeader);
        builder.Services.AddSingleton<TimeProvider>(rig.Clock);
        builder.Services.AddSingleton(new CalendlyMode(real));
        builder.Services.AddSingleton(new MockBandClock(() => frozen));
        builder.Services.AddShell(new SecurityHeaderOptions { FormActionHosts = formActionHosts });
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderSignIn>("header", null);
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<IConnections>(new StubConnections());
        builder.Services.AddSingleton<CalendlyWeather>();
        builder.Services.AddSingleton<ILiveUpdates>(new StubLiveUpdates());
        builder.Services.AddSingleton(rig.Database);
        builder.Services.AddSingleton(rig.Envelope);
        builder.Services.AddSingleton<Changes>();
        builder.Services.AddSingleton<Notices>();
        builder.AddFeature<BellEndpoint>();
        builder.AddFeature<PreferencesEndpoint>();
        builder.AddFeature<StatusEndpoint>();

        var app = builder.Build();
        app.UseExceptionHandler(ErrorPage.Path);
        app.UseStatusCodePagesWithReExecute(ErrorPage.Path);
        app.UseSecurityHeaders();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapErrorPage();
        app.MapFeatures();
        app.MapGet("/boom", string () => throw new InvalidOperationException("the secret of the cellar"));
        app.MapPost("/api/boom", string () => throw new InvalidOperationException("the secret of the cellar"));
        app.MapGet("/asset.css", () => Results.Text("a{}", "text/css"))
            .WithMetadata(new StaticAssetDescriptor { Route = "asset.css", AssetPath = "asset.css" });
        await app.StartAsync();
        return new ShellApp(rig, app);
    }

    public Task<HttpResponseMessage> GetAsync(string path, long? user = null, bool htmx = false, bool tls = false) =>
        SendAsync(HttpMethod.Get, path, user, htmx, null, tls);

    public Task<HttpResponseMessage> PostAsync(string path, long? user, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, user, false, fields, false);

    public async Task<IDocument> PageAsync(string path, long? user = null)
    {
        using var response = await GetAsync(path, user);
        return await DocumentAsync(response);
    }

    public static async Task<IDocument> DocumentAsync(HttpResponseMessage response)
    {
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await BrowsingContext.New().OpenAsync(request => request.Content(html), TestContext.Current.CancellationToken);
    }

    /// <summary>The hidden field of the first form on a page.</summary>
    public async Task<(string Name, string Value)> TokenAsync(long? user = null)
    {
        // The first visit brings the cookie; tokens are kept only for a cookie that came back.
        using var first = await PageAsync("/preferences/theme", user);
        using var page = await PageAsync("/preferences/theme", user);
        var field = page.QuerySelector("input[name=__RequestVerificationToken]")!;
        return (field.GetAttribute("name")!, field.GetAttribute("value")!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _rig.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, long? user, bool htmx, (string Name, string Value)[]? fields, bool tls)
    {
        using var request = new HttpRequestMessage(method, new Uri((tls ? "https" : "http") + "://localhost" + path));
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        if (user is { } id)
        {
            request.Headers.Add(HeaderSignIn.Header, id.ToString(CultureInfo.InvariantCulture));
        }

        if (htmx)
        {
            request.Headers.Add("HX-Request", "true");
        }

        if (fields is not null)
        {
            request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        }

        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = set.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return response;
    }

    private sealed class HeaderSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        public const string Header = "X-Test-User";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            long.TryParse(Request.Headers[Header], CultureInfo.InvariantCulture, out var id)
                ? AuthenticateResult.Success(new AuthenticationTicket(new CurrentUser(id, "Ana Ruiz", id == 9 ? Role.Realtor : Role.Coach).ToPrincipal(Scheme.Name), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}
