using CalendlySlices.Tests.Support;
using Microsoft.Playwright;

namespace CalendlySlices.Tests.Browser;

/// <summary>Makes the picture of the README; run by <c>tests/screenshot.sh</c>, and not with the rest.</summary>
[Collection(typeof(OneAtATime))]
public sealed class Screenshots(Browsers browsers)
{
    [Fact(Explicit = true)]
    public async Task The_sessions_page_with_the_cancel_form_open()
    {
        var path = Environment.GetEnvironmentVariable("SCREENSHOT") ?? throw new InvalidOperationException("SCREENSHOT names the file to write.");
        await using var visit = await Visit.StartAsync(browsers, new DashboardApp { Settings = { ["PUBLIC_BASE_URL"] = "http://127.0.0.1:9" } }, new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = 1280, Height = 800 },
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await visit.GoAsync("ana", "/sessions");
        await visit.TestId("day-timeline").WaitForAsync();
        await visit.Page.Locator("[data-testid=live-word][data-hearing=told]").WaitForAsync();
        var form = await visit.OpenCancelAsync(visit.Row("later-today"));
        await form.GetByRole(AriaRole.Button, new() { Name = "Closing moved" }).ClickAsync();
        await visit.Page.EvaluateAsync("scrollTo(0, 0)");

        await visit.Page.ScreenshotAsync(new() { Path = path, Caret = ScreenshotCaret.Hide });
    }
}
