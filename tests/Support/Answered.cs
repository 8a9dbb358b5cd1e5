using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CalendlySlices.Tests.Support;

/// <summary>What an answer says, for assertions.</summary>
internal static class Answered
{
    public static async Task<string> TextAsync(this HttpResponseMessage answer) =>
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<IHtmlDocument> DocumentAsync(this HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.TextAsync());

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.TextAsync());
        return document.RootElement.Clone();
    }

    /// <summary>A header's only value, or null.</summary>
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static string? ErrorCode(this HttpResponseMessage answer) => answer.Header("X-Error-Code");
}
