using AngleSharp.Html.Parser;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Web;

/// <summary>An element that speaks to htmx without the answer's nonce is dead in the browser, and nothing else says so.</summary>
public sealed class NonceTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/sessions")]
    [InlineData("/sessions?tab=canceled&range=week")]
    [InlineData("/connection")]
    public async Task Every_element_that_speaks_to_htmx_carries_the_nonce_of_its_answer(string path)
    {
        await using var app = new DashboardApp();
        using var client = await app.ClientAsync("ana");

        using var page = await client.GetAsync(path, TestContext.Current.CancellationToken);
        using var fragment = await DashboardApp.GetFragmentAsync(client, path);

        Assert.NotEqual(0, await CountAsync(page) + await CountAsync(fragment));
    }

    private static async Task<int> CountAsync(HttpResponseMessage answer)
    {
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var speaking = new HtmlParser().ParseDocument(html).All
            .Where(element => element.Attributes.Any(attribute => attribute.Name.StartsWith("hx-", StringComparison.Ordinal)))
            .ToList();
        Assert.All(speaking, element =>
        {
            var nonce = element.GetAttribute("hx-nonce");
            Assert.False(string.IsNullOrEmpty(nonce), $"<{element.LocalName} id=\"{element.Id}\"> has no nonce.");
            Assert.Contains($"'nonce-{nonce}'", policy, StringComparison.Ordinal);
        });
        return speaking.Count;
    }
}
