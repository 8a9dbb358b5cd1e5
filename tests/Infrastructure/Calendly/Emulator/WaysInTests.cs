using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>The same emulator through a message handler and through a socket.</summary>
public sealed class WaysInTests
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task An_http_client_reaches_both_hosts_and_the_answers_fit_the_models()
    {
        using var client = Client();
        var page = await client.GetFromJsonAsync<CalendlyPage<ScheduledEvent>>($"https://api.calendly.com{Sessions("&count=100")}", SnakeCase, TestContext.Current.CancellationToken);
        Assert.Equal(41, page!.Collection.Count);
        foreach (var session in page.Collection)
        {
            var invitees = await client.GetFromJsonAsync<CalendlyPage<Invitee>>($"{session.Uri}/invitees", SnakeCase, TestContext.Current.CancellationToken);
            Assert.Equal(session.InviteesCounter.Total, invitees!.Collection.Count);
        }

        var types = await client.GetFromJsonAsync<CalendlyPage<EventType>>($"https://api.calendly.com/event_types?user={Uri.EscapeDataString(AnaUser)}", SnakeCase, TestContext.Current.CancellationToken);
        Assert.Equal(6, types!.Collection.Count);
        var me = await client.GetFromJsonAsync<CalendlyResource<CalendlyUser>>("https://api.calendly.com/users/me", SnakeCase, TestContext.Current.CancellationToken);
        Assert.Equal("Ana Ruiz", me!.Resource.Name);

        using var form = new FormUrlEncodedContent([new("client_id", "mock-client"), new("client_secret", "mock-secret"), new("token", "x")]);
        using var introspection = await client.PostAsync("https://auth.calendly.com/oauth/introspect", form, TestContext.Current.CancellationToken);
        Assert.Equal("""{"active":false}""", await introspection.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("https://api.calendly.com/oauth/token")]
    [InlineData("https://auth.calendly.com/users/me")]
    public async Task What_belongs_to_the_other_host_is_not_there(string address)
    {
        using var client = Client();
        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://calendly.com/users/me", "https://calendly.com")]
    [InlineData("http://api.calendly.com/users/me", "http://api.calendly.com")]
    [InlineData("https://api.calendly.com:8443/users/me", "https://api.calendly.com:8443")]
    [InlineData("http://127.0.0.1:9/users/me", "http://127.0.0.1:9")]
    public async Task No_other_address_is_reached_and_the_attempt_is_noted(string address, string host)
    {
        using var client = Client();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(address, TestContext.Current.CancellationToken));
        Assert.Contains(host, refusal.Message, StringComparison.Ordinal);
        var entry = Assert.Single(_world.Emulator.Journal);
        Assert.Equal(("GET", $"{host}/users/me", 0), (entry.Method, entry.Path, entry.Status));
    }

    [Fact]
    public async Task Over_http_a_browser_goes_from_consent_to_a_list()
    {
        await using var app = await StartAsync();
        using var http = Browser(app);
        var fields = Consent();
        fields["scope"] = "users:read scheduled_events:write event_types:read";
        fields["client_id"] = "<b>app</b>";
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));

        using var answer = await http.GetAsync($"mock/calendly/oauth/authorize?{query}&login_hint=mei", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("form-action 'self' http://localhost:5080", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var document = await BrowsingContext.New().OpenAsync(async response => response.Content(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Contains("[mock]", document.Title!, StringComparison.Ordinal);
        Assert.Contains("<b>app</b>", document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var form = (IHtmlFormElement)document.QuerySelector("form")!;
        var inputs = form.QuerySelectorAll("input").Cast<IHtmlInputElement>().ToList();
        Assert.Equal(3, inputs.Count(input => input.Name == "granted" && input.IsChecked));
        Assert.Equal("mei", Assert.Single(inputs, input => input.Name == "account" && input.IsChecked).Value);
        Assert.All(inputs.Where(input => input.Type is "radio" or "checkbox"), input => Assert.NotNull(input.Closest("label")));

        // One permission unticked, as a person would.
        var filled = inputs.Where(input => input.Type == "hidden" || (input.IsChecked && input.Value != "event_types:read"))
            .Select(input => new KeyValuePair<string, string>(input.Name!, input.Value)).Append(new("decision", "allow"));
        using var content = new FormUrlEncodedContent(filled);
        using var allowed = await http.PostAsync($"mock/calendly/oauth/{form.GetAttribute("action")}", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, allowed.StatusCode);
        var code = allowed.Headers.Location!.Query.Split("code=")[1].Split('&')[0];

        _world.Emulator.Options.ClientId = "<b>app</b>";
        _world.Emulator.Options.ClientSecret = "s";
        using var exchange = new HttpRequestMessage(HttpMethod.Post, "mock/calendly/oauth/token") { Content = new FormUrlEncodedContent(Exchange(code)) };
        exchange.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("<b>app</b>:s"u8));
        using var tokens = await http.SendAsync(exchange, TestContext.Current.CancellationToken);
        var json = await tokens.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("users:read scheduled_events:write", json.GetProperty("scope").GetString());
        Assert.Equal(WorldAccounts.Mei.Uri, json.GetProperty("owner").GetString());

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", json.GetProperty("access_token").GetString());
        using var list = await http.GetAsync($"mock/calendly/scheduled_events?user={Uri.EscapeDataString(WorldAccounts.Mei.Uri)}&count=2", TestContext.Current.CancellationToken);
        Assert.Equal(("application/json", "500"), (list.Content.Headers.ContentType!.MediaType, list.Headers.GetValues("X-RateLimit-Limit").Single()));
        var paging = (await list.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("pagination");
        Assert.StartsWith("https://api.calendly.com/scheduled_events?", paging.GetProperty("next_page").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_a_wrong_request_gets_a_page_in_words()
    {
        await using var app = await StartAsync();
        using var http = Browser(app);
        using var answer = await http.GetAsync("mock/calendly/oauth/authorize?client_id=x", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("[mock]", html, StringComparison.Ordinal);
        Assert.Contains("redirect_uri", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_a_dropped_answer_is_a_lost_connection()
    {
        await using var app = await StartAsync();
        using var http = Browser(app);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _world.AnaToken);
        _world.Emulator.Faults.Add(new Fault("/scheduled_events", FaultKind.Drop));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync($"mock/calendly{Session("group")}/cancellation", null, TestContext.Current.CancellationToken));
        using var again = await http.PostAsync($"mock/calendly{Session("group")}/cancellation", null, TestContext.Current.CancellationToken);
        Assert.Contains("Event is already canceled", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var huge = new ByteArrayContent(new byte[300 * 1024]);
        using var refused = await http.PostAsync("mock/calendly/oauth/token", huge, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
    }

    private HttpClient Client()
    {
        var client = new HttpClient(new EmulatorMessageHandler(_world.Emulator));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _world.AnaToken);
        return client;
    }

    private static HttpClient Browser(WebApplication app) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };

    private async Task<WebApplication> StartAsync()
    {
        // The application's own name, so that its compiled views are found.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(CalendlyEmulator).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Services.AddRazorPages();
        builder.Services.AddSingleton(_world.Emulator);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapEmulator();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
