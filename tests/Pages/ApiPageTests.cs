using System.Net;
using AngleSharp.Dom;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Pages;

public sealed class ApiPageTests
{
    [Fact]
    public async Task The_page_lists_every_route_with_its_input_and_its_codes_for_whoever_is_not_signed_in()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var answer = await nobody.GetAsync("/api", TestContext.Current.CancellationToken);
        using var page = await answer.DocumentAsync();
        var sections = page.QuerySelectorAll("[data-testid=api-route]").ToList();
        var routes = app.Services.GetRequiredService<ApiRoutes>().All();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(routes.Count, sections.Count);
        foreach (var (route, section) in routes.Zip(sections))
        {
            Assert.Contains($"{route.Method} {route.Path}", section.TextContent, StringComparison.Ordinal);
            Assert.All(route.Description.Parameters, parameter => Assert.Contains(parameter.Name, Cells(section, "th[scope=row]")));
            Assert.All(route.Failures, code => Assert.Contains(code.ToWireName(), Cells(section, "td:nth-child(2)")));
        }
    }

    [Fact]
    public async Task A_write_is_shown_with_all_that_it_needs()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var page = await (await nobody.GetAsync("/api", TestContext.Current.CancellationToken)).DocumentAsync();
        var cancel = page.QuerySelector("#events-cancel")!;
        var request = cancel.QuerySelector("pre")!.TextContent;

        Assert.Contains("RequestVerificationToken", request, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key", request, StringComparison.Ordinal);
        Assert.Contains("\"uuid\"", request, StringComparison.Ordinal);
        Assert.Contains("http://localhost/api/calendly/events/cancel", request, StringComparison.Ordinal);
        Assert.Equal("body, up to 1,000 characters", Row(cancel, "reason"));
        Assert.Equal("body, required", Row(cancel, "uuid"));
    }

    [Fact]
    public async Task Ranges_and_defaults_are_told_in_words()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var page = await (await nobody.GetAsync("/api", TestContext.Current.CancellationToken)).DocumentAsync();
        var list = page.QuerySelector("#events-scheduled")!;

        Assert.Equal("1 to 100, 20 when left out", Row(list, "count"));
        Assert.Equal("active or canceled", Row(list, "status"));
    }

    [Fact]
    public async Task Tables_have_captions_and_what_scrolls_has_a_name_and_can_be_reached()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var page = await (await nobody.GetAsync("/api", TestContext.Current.CancellationToken)).DocumentAsync();
        var boxes = page.QuerySelectorAll(".box").ToList();

        Assert.NotEmpty(boxes);
        Assert.All(page.QuerySelectorAll("table"), table => Assert.NotNull(table.QuerySelector("caption")));
        Assert.All(page.QuerySelectorAll("table, pre"), wide => Assert.NotNull(wide.Closest(".box")));
        Assert.All(boxes, box => Assert.Equal(("0", "region"), (box.GetAttribute("tabindex"), box.GetAttribute("role"))));
        Assert.Equal(boxes.Count, boxes.Select(box => box.GetAttribute("aria-label")).Distinct().Count());
    }

    private static IEnumerable<string> Cells(IElement section, string selector) => section.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim());

    private static string Row(IElement section, string name) =>
        section.QuerySelectorAll("tr").Single(row => row.QuerySelector("th")!.TextContent == name).QuerySelector("td")!.TextContent;
}
