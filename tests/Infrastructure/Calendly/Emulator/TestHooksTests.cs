using System.Net;
using System.Net.Http.Json;
using System.Text;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>The hooks of mock mode, and what keeps mock and real apart.</summary>
public sealed class TestHooksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sessions?tab=past", "/sessions?tab=past")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/%5cevil.example", "/")]
    [InlineData("/%2f/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/sessions\r\nX-Evil: 1", "/")]
    [InlineData("", "/")]
    public async Task Go_signs_in_and_leads_nowhere_but_to_our_own_pages(string to, string led)
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var answer = await browser.GetAsync($"/test/go?as=ana&to={Uri.EscapeDataString(to)}", Cancel);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(led, answer.Headers.Location!.ToString());
        Assert.Contains("\"state\":\"connected\"", await browser.GetStringAsync("/api/calendly/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_unknown_is_signed_in()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        using var go = await browser.GetAsync("/test/go?as=zoe", Cancel);
        using var post = await browser.PostAsJsonAsync("/test/sign-in", new { @as = "zoe" }, Cancel);
        using var broken = await DashboardApp.PostJsonAsync(browser, "/test/sign-in", "{");

        Assert.All([go, post, broken], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Contains("ana, priya, tom, mei, olu, rita, luca, dora, adam", await go.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_is_read_set_and_moved()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();

        Assert.Equal("""{"now":"2026-03-02T15:00:00+00:00","mode":"frozen"}""", await browser.GetStringAsync("/test/clock", Cancel));
        using var moved = await browser.PostAsJsonAsync("/test/clock", new { advance = "PT1H30M" }, Cancel);
        Assert.Contains("2026-03-02T16:30:00", await moved.TextAsync(), StringComparison.Ordinal);
        using var set = await browser.PostAsJsonAsync("/test/clock", new { set = "2026-05-01T08:00:00Z" }, Cancel);
        Assert.Contains("2026-05-01T08:00:00", await set.TextAsync(), StringComparison.Ordinal);
        foreach (var advance in new[] { "soon", "P1M", "-PT1H", "" })
        {
            using var refused = await browser.PostAsJsonAsync("/test/clock", new { advance }, Cancel);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"“{advance}” was answered {(int)refused.StatusCode}.");
        }

        Assert.Equal(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero), app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Reset_brings_everything_back_to_the_beginning()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        var id = EmulatedIds.Session("ana", "tomorrow-nine");
        var before = await ana.GetStringAsync("/api/calendly/events/scheduled?count=100", Cancel);
        using var canceled = await DashboardApp.PostJsonAsync(ana, "/api/calendly/events/cancel", $"{{\"uuid\":\"{id}\"}}");
        app.Emulator.Faults.Add(new Fault("/", FaultKind.Status) { Status = 500, Times = 50 });

        using var reset = await ana.PostAsync("/test/reset", null, Cancel);

        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        Assert.Equal("[]", await ana.GetStringAsync("/test/journal", Cancel));
        Assert.Equal(before, await ana.GetStringAsync("/api/calendly/events/scheduled?count=100", Cancel));
        Assert.Contains("\"Path\":\"/scheduled_events\"", await ana.GetStringAsync("/test/journal", Cancel), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_fault_can_be_asked_for_and_taken_back()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        using var refused = await ana.PostAsJsonAsync("/test/faults", new { kind = "earthquake" }, Cancel);
        using var asked = await ana.PostAsJsonAsync("/test/faults", new { kind = "status", status = 503, endpoint = "/scheduled_events", times = 10 }, Cancel);
        using var failed = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);
        using var cleared = await ana.DeleteAsync("/test/faults", Cancel);
        using var well = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.NoContent, HttpStatusCode.ServiceUnavailable, HttpStatusCode.NoContent, HttpStatusCode.OK],
            new[] { refused, asked, failed, cleared, well }.Select(answer => answer.StatusCode));
    }

    [Fact]
    public async Task The_calendar_of_a_coach_can_be_filled()
    {
        await using var app = new DashboardApp();
        using var browser = await app.ClientAsync();
        var token = app.Emulator.Grant("ana", ["availability:read"]).AccessToken.Reveal();
        var busy = new EmulatorCall("GET", $"/user_busy_times?user={Uri.EscapeDataString(WorldAccounts.Ana.Uri)}&start_time=2026-03-08T00:00:00Z&end_time=2026-03-09T00:00:00Z") { Authorization = $"Bearer {token}" };

        using var filled = await browser.PostAsJsonAsync("/test/calendly/busy", new { account = "ana", start = "2026-03-08T10:00:00Z", end = "2026-03-08T11:00:00-02:00" }, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, filled.StatusCode);
        Assert.Equal("""{"collection":[{"type":"external","start_time":"2026-03-08T10:00:00Z","end_time":"2026-03-08T13:00:00Z"}]}""", Encoding.UTF8.GetString((await app.Emulator.HandleAsync(busy, Cancel)).Body.Span));
        foreach (var wrong in new object[] { new { account = "zoe", start = "2026-03-08T10:00:00Z", end = "2026-03-08T11:00:00Z" }, new { account = "ana", start = "2026-03-08T10:00:00Z", end = "2026-03-08T10:00:00Z" }, new { account = "ana" } })
        {
            using var refused = await browser.PostAsJsonAsync("/test/calendly/busy", wrong, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "/test/go?as=ana&to=/sessions")]
    [InlineData("POST", "/test/calendly/busy")]
    [InlineData("POST", "/test/sign-in")]
    [InlineData("POST", "/test/reset")]
    [InlineData("GET", "/test/clock")]
    [InlineData("POST", "/test/clock")]
    [InlineData("GET", "/test/journal")]
    [InlineData("POST", "/test/faults")]
    [InlineData("GET", "/mock/calendly/oauth/authorize")]
    [InlineData("GET", "/mock/calendly/users/me")]
    [InlineData("POST", "/test/calendly/sessions")]
    [InlineData("POST", "/test/calendly/no-show")]
    [InlineData("GET", "/test/webhooks")]
    [InlineData("POST", "/test/webhooks/send")]
    [InlineData("POST", "/test/webhooks/order")]
    [InlineData("POST", "/test/webhooks/subscription")]
    [InlineData("POST", "/test/widget")]
    [InlineData("GET", "/mock-widget/ana")]
    [InlineData("POST", "/mock-widget/ana/discovery-call/2026-03-03T16:00:00Z")]
    public async Task With_real_calendly_none_of_it_is_there(string method, string path)
    {
        await using var app = DashboardApp.Real();
        using var browser = await app.ClientAsync();

        using var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("real", answer.Header("X-Calendly-Mode"));
    }

    [Fact]
    public async Task The_mode_is_on_every_answer_and_in_every_title()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        foreach (var path in new[] { "/", "/sessions", "/connection", "/status", "/sign-in", "/nowhere", "/sessions/not.an.id" })
        {
            using var answer = await ana.GetAsync(path, Cancel);
            using var page = await answer.DocumentAsync();
            Assert.Equal("mock", answer.Header("X-Calendly-Mode"));
            Assert.EndsWith("[mock]", page.Title, StringComparison.Ordinal);
            Assert.Contains("Nothing here is real and nothing is sent to anyone.", page.QuerySelector("[data-testid=mock-band]")!.TextContent, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/api/calendly/status", "/api/nowhere", "/css/site.css", "/test/journal" })
        {
            using var answer = await ana.GetAsync(path, Cancel);
            Assert.Equal("mock", answer.Header("X-Calendly-Mode"));
        }
    }

    [Fact]
    public async Task With_real_calendly_nothing_says_mock()
    {
        await using var app = DashboardApp.Real();
        using var browser = await app.ClientAsync();

        using var answer = await browser.GetAsync("/sign-in", Cancel);
        using var page = await answer.DocumentAsync();

        Assert.Equal("real", answer.Header("X-Calendly-Mode"));
        Assert.Equal("Sign in", page.Title);
        Assert.Null(page.QuerySelector("[data-testid=mock-band]"));
    }

    [Fact]
    public async Task In_mock_mode_nothing_outside_can_be_called()
    {
        await using var app = new DashboardApp();
        using var scope = app.Services.CreateScope();
        using var handler = new EmulatorMessageHandler(app.Emulator);
        using var invoker = new HttpMessageInvoker(handler);
        using var typed = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ICalendlyApi));
        foreach (var address in new[] { "https://example.com/", "https://calendly.com/ana", "http://api.calendly.com/users/me", "https://api.calendly.com.example/users/me" })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), Cancel));
            await Assert.ThrowsAsync<InvalidOperationException>(() => typed.GetAsync(address, Cancel));
        }

        Assert.Contains(app.Emulator.Journal, call => call is { Path: "https://example.com/", Status: 0 });
    }
}
