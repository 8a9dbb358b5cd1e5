using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>One process speaks Calendly's API over HTTP; another uses it as it would use the real one.</summary>
[Collection(typeof(OneAtATime))]
public sealed class TwoProcessesTests(Browsers browsers)
{
    [Fact]
    public async Task The_whole_journey_works_against_a_calendly_in_another_process_and_outlives_its_access_token()
    {
        await using var calendly = await AppProcess.StartAsync(new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false" });
        var emulator = new Uri(calendly.Address, "/mock/calendly").ToString();
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string>
        {
            ["USE_REAL_CALENDLY"] = "true",
            ["CALENDLY_CLIENT_ID"] = EmulatorOptions.MockClientId,
            ["CALENDLY_CLIENT_SECRET"] = EmulatorOptions.MockClientSecret,
            ["CALENDLY_WEBHOOK_SIGNING_KEY"] = "not-used-in-this-test",
            ["CALENDLY_API_BASE_URL"] = emulator,
            ["CALENDLY_AUTH_BASE_URL"] = emulator,
        });
        await using var context = await (await browsers.ChromiumAsync()).NewContextAsync(new() { BaseURL = app.Address.ToString(), TimezoneId = "America/New_York" });
        context.SetDefaultTimeout(Browsers.Patience);
        var page = await context.NewPageAsync();
        using var hooks = new HttpClient { BaseAddress = calendly.Address };
        try
        {
            await JourneyAsync(page, app, hooks);
        }
        catch (Exception trouble) when (trouble is PlaywrightException or Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{trouble.Message}\n\nThe application:\n{app.Output}\n\nIts Calendly:\n{calendly.Output}", trouble);
        }
    }

    private static async Task JourneyAsync(IPage page, AppProcess app, HttpClient hooks)
    {
        await page.GotoAsync("/sessions");
        await Expect(page).ToHaveURLAsync(new Uri(app.Address, "/sign-in?place=sessions").ToString());
        await Expect(page.GetByTestId("mock-band")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue with Calendly" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Ana Ruiz" }).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(app.Address, "/sessions").ToString());
        var row = page.Locator($"#session-{EmulatedIds.Session("ana", "guests")}");
        await Expect(row).ToContainTextAsync("Grace O'Neill");
        await row.GetByTestId("cancel-open").ClickAsync();
        await page.GetByTestId("cancel-reason").FillAsync("Through another process");
        await page.GetByTestId("cancel-confirm").ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(row).ToContainTextAsync("Canceled by you");
        var cancellation = Assert.Single(await JournalAsync(hooks), entry => entry.Path.EndsWith("/cancellation", StringComparison.Ordinal));
        Assert.Contains("Through another process", cancellation.Body, StringComparison.Ordinal);

        // Two hours later there, by its clock alone: the application meets a token that is refused before its time.
        using var moved = await hooks.PostAsJsonAsync("/test/clock", new { advance = "PT2H1M" }, TestContext.Current.CancellationToken);
        moved.EnsureSuccessStatusCode();
        await page.GotoAsync("/sessions?tab=canceled");

        await Expect(row).ToContainTextAsync("Canceled by you");
        await Expect(page.GetByTestId("connection-chip")).ToHaveAttributeAsync("data-state", "ok");
        Assert.Contains(await JournalAsync(hooks), entry => entry.Status == 401);

        // Told by the application itself: the other process has coaches of its own, whose tokens end then too.
        Assert.Matches("GET /.* for user 1: 200 in [0-9]+ ms, attempts: 2", await app.SaidAsync("attempts: 2"));
        Assert.Single(Regex.Matches(app.Output, "Refresh of connection [0-9]+ "));

        // What somebody books there is the same session for whoever asks over HTTP.
        var times = await hooks.GetStringAsync("/mock-widget/ana/discovery-call", TestContext.Current.CancellationToken);
        var start = DateTimeOffset.Parse(Regex.Match(times, "/mock-widget/ana/discovery-call/([0-9TZ:-]+)").Groups[1].Value, null);
        using var booked = await hooks.PostAsJsonAsync(
            "/test/calendly/sessions",
            new { account = "ana", eventType = "discovery-call", start, name = "Luca Ferri", email = "luca@ferri.example" },
            TestContext.Current.CancellationToken);
        booked.EnsureSuccessStatusCode();
        await page.GotoAsync($"/sessions?from={start.AddDays(-1):yyyy-MM-dd}&to={start.AddDays(1):yyyy-MM-dd}");
        await Expect(page.Locator($"[data-testid=session-row][data-start='{start:yyyy-MM-ddTHH:mm:ssZ}']")).ToContainTextAsync("Luca Ferri");
    }

    private static async Task<IReadOnlyList<Call>> JournalAsync(HttpClient hooks) =>
        (await hooks.GetFromJsonAsync<IReadOnlyList<Call>>("/test/journal", JsonSerializerOptions.Web, TestContext.Current.CancellationToken))!;

    private sealed record Call(string Method, string Path, string Body, int Status);
}
