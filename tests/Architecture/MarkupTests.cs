using System.Text.RegularExpressions;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Architecture;

/// <summary>Markup that fails in silence: an address that no route takes, a swap that htmx does not know.</summary>
public sealed partial class MarkupTests
{
    // Source: https://four.htmx.org/attributes/hx-swap
    private static readonly string[] Swaps =
    [
        "innerHTML", "outerHTML", "textContent", "innerMorph", "outerMorph", "outerSync", "delete", "none",
        "beforebegin", "afterbegin", "beforeend", "afterend", "before", "prepend", "append", "after",
    ];

    private static readonly IReadOnlyList<SourceFile> Views = Source.Files("src", ".cshtml");

    [Fact]
    public async Task Every_address_in_a_view_is_one_that_a_route_takes()
    {
        await using var app = new DashboardApp();
        var routes = Routes(app);

        var addresses =
            (from view in Views
             from Match tag in Tag().Matches(view.Text)
             from Match attribute in Address().Matches(tag.Value)
             let method = Method(tag.Value, attribute.Groups["name"].Value)
             select (view.Path, Method: method, Address: attribute.Groups["value"].Value)).ToList();

        Assert.True(addresses.Count > 40, $"Only {addresses.Count} addresses were found: the pattern has gone blind.");
        Assert.Empty(addresses.Where(found => !IsTaken(routes, found.Method, found.Address)).Select(found => $"{found.Path}: {found.Method} {found.Address}"));
    }

    [Fact]
    public async Task Every_address_made_in_code_is_one_that_a_route_takes()
    {
        await using var app = new DashboardApp();
        var routes = Routes(app);

        var addresses =
            (from file in Source.Files("src/Features", ".cs", ".cshtml")
             from line in file.Text.Split('\n')
             where !line.Contains(".Map", StringComparison.Ordinal) && !line.Contains("StartsWithSegments", StringComparison.Ordinal)
             from Match literal in PathLiteral().Matches(Tag().Replace(line, string.Empty))
             let address = literal.Groups["value"].Value
             // Views by path, and paths at Calendly, which are the names under which answers are kept.
             where !address.EndsWith(".cshtml", StringComparison.Ordinal) && !address.StartsWith("/src/", StringComparison.Ordinal)
                 && !address.Split('/')[1].Contains('_', StringComparison.Ordinal)
             select (file.Path, Address: address)).ToList();

        Assert.True(addresses.Count > 15, $"Only {addresses.Count} addresses were found: the pattern has gone blind.");
        Assert.Empty(addresses.Where(found => !IsTaken(routes, "GET", found.Address)).Select(found => $"{found.Path}: {found.Address}"));
    }

    [Fact]
    public void Every_swap_is_one_that_htmx_knows()
    {
        var swaps =
            (from file in Source.Files("src", ".cshtml", ".cs")
             from Match swap in Swap().Matches(file.Text)
             select (file.Path, Style: swap.Groups["style"].Value)).ToList();

        Assert.True(swaps.Count > 20, $"Only {swaps.Count} swaps were found: the pattern has gone blind.");
        Assert.Empty(swaps.Where(swap => !Swaps.Contains(swap.Style)).Select(swap => $"{swap.Path}: {swap.Style}"));
    }

    [Fact]
    public void Only_attributes_of_htmx_itself_are_written()
    {
        string[] known =
        [
            "hx-get", "hx-post", "hx-target", "hx-swap", "hx-trigger", "hx-select", "hx-sync", "hx-push-url", "hx-disable", "hx-headers", "hx-nonce",
            "hx-partial", "hx-status", "hx-indicator", "hx-preload", "hx-sse",
        ];
        var unknown =
            from view in Views
            from Match attribute in HtmxAttribute().Matches(view.Text)
            where !known.Contains(attribute.Groups["name"].Value)
            select $"{view.Path}: {attribute.Value}";

        Assert.Empty(unknown);
    }

    [Fact]
    public void No_view_carries_a_style_a_handler_or_raw_markup()
    {
        var forbidden = new Regex(@"(?<=\s)style\s*=|(?<=\s)on[a-z]+\s*=\s*[""'@]|<style\b|<script(?![^>]*\bsrc=)|Html\.Raw|javascript:", RegexOptions.IgnoreCase);

        Assert.Empty(Views.SelectMany(view => view.Where(forbidden)));
        Assert.Empty(Source.Files("src", ".cs").SelectMany(file => file.Where(new Regex(@"\bnew HtmlString\b|\bHtml\.Raw\b|AppendHtml\(\$"))));
    }

    [Fact]
    public void What_is_written_past_the_tag_helpers_brings_its_own_nonce() => Assert.Empty(
        // Without it the page's policy makes htmx ignore the element, and nothing says so.
        from view in Views
        from Match tag in Tag().Matches(view.Text)
        where tag.Value.StartsWith("<!", StringComparison.Ordinal) && tag.Value.Contains(" hx-", StringComparison.Ordinal) && !tag.Value.Contains("hx-nonce=", StringComparison.Ordinal)
        select $"{view.Path}: {tag.Value}");

    [Fact]
    public void A_link_that_opens_a_new_tab_tells_it_nothing() => Assert.Empty(
        from view in Views
        from Match tag in Tag().Matches(view.Text)
        where tag.Value.Contains("target=\"_blank\"", StringComparison.Ordinal) && !tag.Value.Contains("rel=\"noreferrer\"", StringComparison.Ordinal)
        select $"{view.Path}: {tag.Value}");

    [Fact]
    public void Every_asset_in_a_view_exists() => Assert.Empty(
        from view in Views
        from Match asset in Asset().Matches(view.Text)
        where !File.Exists(Path.Combine(Source.Root, "wwwroot", asset.Groups["path"].Value))
        select $"{view.Path}: {asset.Value}");

    [Fact]
    public void Every_handle_that_a_test_holds_is_in_a_view()
    {
        var handles = Views.SelectMany(view => TestId().Matches(view.Text))
            .Select(match => match.Groups["id"].Value)
            .Concat(Source.Files("wwwroot/js", ".js").SelectMany(script => ScriptTestId().Matches(script.Text)).Select(match => match.Groups["id"].Value))
            .Select(id => new Regex($@"\A{Regex.Replace(id, @"@\(?[\w.]+\)?", "[\\w-]+")}\z"))
            .ToList();

        var missing =
            from file in Source.Files("tests", ".cs")
            where !file.Path.StartsWith("tests/Architecture/", StringComparison.Ordinal)
            from Match use in TestIdInTests().Matches(file.Text)
            let id = use.Groups["id"].Value
            where !handles.Any(handle => handle.IsMatch(id))
            select $"{file.Path}: {id}";

        Assert.Empty(missing);
    }

    private static List<RouteEndpoint> Routes(DashboardApp app) =>
        [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(route =>
            !route.RoutePattern.RawText!.StartsWith("/test", StringComparison.Ordinal) && !route.RoutePattern.RawText.StartsWith("/mock", StringComparison.Ordinal))];

    private static string Method(string tag, string attribute) => attribute switch
    {
        "hx-post" => "POST",
        "action" when tag.Contains("method=\"post\"", StringComparison.Ordinal) => "POST",
        _ => "GET",
    };

    private static bool IsTaken(List<RouteEndpoint> routes, string method, string address)
    {
        // What follows a segment without a slash is a query string.
        var segments = Expression().Replace(QueryAtEnd().Replace(address, string.Empty), "x").Split('?', '#')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return routes.Any(route =>
            route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) is true
            && route.RoutePattern.PathSegments.Count == segments.Length
            && route.RoutePattern.PathSegments.Zip(segments).All(pair =>
                pair.First.Parts is not [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal] || literal.Content == pair.Second));
    }

    // A start tag, whatever C# its attributes hold.
    [GeneratedRegex(@"<!?[a-z][\w-]*(?:\s+[\w:.-]+(?:=(?:""[^""]*""|'[^']*'))?)*\s*/?>")]
    private static partial Regex Tag();

    // Those made by C# as a whole are looked at where they are made.
    [GeneratedRegex(@"(?<=\s)(?<name>hx-get|hx-post|hx-put|hx-patch|hx-delete|href|action)=""(?<value>/[^""]*)""")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w@])\$?""(?<value>/(?:[a-z][^""\s]*)?)""")]
    private static partial Regex PathLiteral();

    [GeneratedRegex(@"@\([^)]*\)|@[\w.]+(?:\([^)]*\))?|\{[^}]*\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"(?<=\w)\{\w+\}\z")]
    private static partial Regex QueryAtEnd();

    [GeneratedRegex(@"hx-swap(?::inherited)?=""(?<style>[^""\s@]+)|\bswap:(?<style>\w+)(?=[\s""])(?<!swap:inherited)|HX-Reswap""\] = ""(?<style>\w+)|Retarget\(""[^""]*"", ""(?<style>\w+)")]
    private static partial Regex Swap();

    [GeneratedRegex(@"(?<=[\s<])(?<name>hx-[a-z-]+)(?::[\w-]+)*(?=[=\s>])")]
    private static partial Regex HtmxAttribute();

    [GeneratedRegex(@"Assets\[""(?<path>[^""]+)""\]")]
    private static partial Regex Asset();

    [GeneratedRegex(@"data-testid=""(?<id>[^""]+)""")]
    private static partial Regex TestId();

    [GeneratedRegex(@"dataset\.testid = '(?<id>[^']+)'")]
    private static partial Regex ScriptTestId();

    [GeneratedRegex(@"\bTestId\(""(?<id>[^""]+)""|data-testid=(?:\\""|'|"")?(?<id>[\w-]+)")]
    private static partial Regex TestIdInTests();
}
