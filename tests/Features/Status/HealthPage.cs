using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Status;

/// <summary>The health page as its reader sees it.</summary>
internal sealed record HealthPage(IHtmlDocument Document)
{
    public static readonly string[] Rows = ["account", "token", "scopes", "calls", "live-updates", "list", "clock", "errors"];

    public string Summary => Text(Document.QuerySelector("[data-testid=status-summary]"));

    public static async Task<HealthPage> OpenAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/status", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HealthPage(await answer.DocumentAsync());
    }

    /// <summary>Presses the button, without scripts, and follows to the page.</summary>
    public static async Task<HealthPage> CheckAsync(HttpClient client)
    {
        using var answer = await DashboardApp.PostFormAsync(client, "/status/check");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/status", answer.Headers.Location?.ToString());
        return await OpenAsync(client);
    }

    /// <summary>Presses the button as htmx does.</summary>
    public static async Task<HttpResponseMessage> PressAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/status/check");
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public IElement Row(string key) => Document.QuerySelector($"[data-testid=status-row][data-row={key}]")!;

    public string? Verdict(string key) => Row(key).GetAttribute("data-verdict");

    public string Value(string key) => Text(Row(key).QuerySelector("b"));

    /// <summary>All that the row says, in one line.</summary>
    public string Says(string key) => Text(Row(key));

    public static string Text(IElement? element) =>
        string.Join(' ', element!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
