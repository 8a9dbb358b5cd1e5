using System.Data.Common;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class ErrorPageTests
{
    [Theory]
    [InlineData("/nowhere", 404, "Nothing lives here")]
    [InlineData("/boom", 500, "This went wrong on our side")]
    [InlineData("/error", 404, "Nothing lives here")]
    public async Task A_browser_gets_a_whole_page_with_the_reference_and_no_internals(string path, int status, string title)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync(path, user: 1);
        using var page = await ShellApp.DocumentAsync(response);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(title, page.QuerySelector("main h1")!.TextContent);
        Assert.Equal(title + " [mock]", page.Title);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), page.QuerySelector("[data-testid=request-id]")!.TextContent);
        Assert.NotNull(page.QuerySelector("header .brand"));
        Assert.DoesNotContain("cellar", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere", "NOT_FOUND")]
    [InlineData("/boom", "INTERNAL_ERROR")]
    public async Task Htmx_gets_a_panel_that_the_page_will_agree_to_show(string path, string code)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync(path, user: 1, htmx: true);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, Assert.Single(response.Headers.GetValues("X-Error-Code")));
        Assert.StartsWith("<section", html.TrimStart(), StringComparison.Ordinal);
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/nowhere", 404, "NOT_FOUND")]
    [InlineData("GET", "/api/boom", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("POST", "/api/boom", 500, "INTERNAL_ERROR")]
    public async Task A_json_route_gets_the_envelope(string method, string path, int status, string code)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = method == "GET" ? await app.GetAsync(path) : await app.PostAsync(path, user: null);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("data").ValueKind);
        Assert.Equal(code, json.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("cellar", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_on_a_page_says_so()
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.PostAsync("/asset.css", user: 1);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("METHOD_NOT_ALLOWED", Assert.Single(response.Headers.GetValues("X-Error-Code")));
    }

    [Fact]
    public async Task Somebody_signed_in_learns_that_the_database_is_away_although_it_knows_who_that_is()
    {
        await using var app = new DashboardApp { OnPostgreSql = false };
        using var ana = await app.ClientAsync("ana");
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("ALTER TABLE session_ticket RENAME TO away");

        using var page = await ana.GetAsync("/sessions", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5", "DATABASE_UNAVAILABLE"), (page.StatusCode, page.Header("Retry-After"), page.ErrorCode()));
        var html = await page.TextAsync();
        Assert.Contains("Nothing is lost.", html, StringComparison.Ordinal);
        using var style = await ana.GetAsync(Regex.Match(html, "<link rel=\"stylesheet\" href=\"([^\"]+)\">").Groups[1].Value, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        using var json = await ana.GetAsync("/api/calendly/events/scheduled", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5", "DATABASE_UNAVAILABLE"), (json.StatusCode, json.Header("Retry-After"), json.ErrorCode()));
    }
}
