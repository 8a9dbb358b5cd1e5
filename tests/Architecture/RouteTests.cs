using System.Net;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Architecture;

/// <summary>What holds for every route of the running application, those that do not exist yet included.</summary>
public sealed class RouteTests
{
    /// <summary>Take a write without the antiforgery token, and why that is right.</summary>
    private static readonly (string Prefix, string Reason)[] WithoutToken =
    [
        ("/test", "Hooks for testers' scripts, which have no page to take a token from; mapped in mock mode only."),
        ("/mock/calendly", "Stands for Calendly's own hosts, which know nothing of our tokens; mapped in mock mode only."),
        ("/mock-widget", "Stands for the pages on which people book at Calendly, framed by ours; mapped in mock mode only."),
        ("/webhooks/calendly", "Calendly calls it, and signs what it sends; the signature is checked instead."),
        ("/error", "Runs behind a request that has been refused already, whatever its method, and changes nothing."),
    ];

    private static readonly string[] InMockModeOnly = ["/test", "/mock"];

    /// <summary>Open to whoever is not signed in.</summary>
    private static readonly string[] Anonymous =
    [
        "/api",
        "/delegates/accept",
        "/error",
        "/health/live",
        "/health/ready",
        "/live",
        "/live/since",
        "/openapi/v1.json",
        "/preferences/theme",
        "/preferences/zone",
        "/sign-in",
        "/sign-in/calendly",
        "/sign-in/password",
        "/sign-out",
        "/webhooks/calendly",
    ];

    /// <summary>Writes that are about the person's own sign-in and reading.</summary>
    private static readonly string[] WritesOfADelegate =
    [
        "/delegates/accept",
        "/preferences/theme",
        "/preferences/zone",
        "/sign-in",
        "/sign-in/calendly",
        "/sign-in/password",
        "/sign-out",
        "/sign-out/everywhere",

        // Whoever is signed in, it is Calendly that calls it.
        "/webhooks/calendly",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_that_is_not_a_read_refuses_without_the_antiforgery_token()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var adam = await app.ClientAsync("adam");
        using var priya = await app.ClientAsync("priya");
        var foreign = await DashboardApp.AntiforgeryTokenAsync(priya);

        var unguarded = new List<string>();
        var tried = 0;
        foreach (var (method, path) in Routes(app).Where(route => !WithoutToken.Any(open => route.Template.StartsWith(open.Prefix, StringComparison.Ordinal))).SelectMany(Writes))
        {
            var client = path.StartsWith("/admin", StringComparison.Ordinal) ? adam : ana;
            foreach (var token in new[] { null, "CfDJ8", foreign })
            {
                tried++;
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new FormUrlEncodedContent([]) };
                if (token is not null)
                {
                    request.Headers.Add(Htmx.AntiforgeryHeader, token);
                }

                using var answer = await client.SendAsync(request, Cancel);
                if (answer.StatusCode != HttpStatusCode.BadRequest || !answer.Headers.Contains("X-Error-Code"))
                {
                    unguarded.Add($"{method} {path} with token {token ?? "(none)"}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(unguarded);
        Assert.True(tried >= 24, $"Only {tried} requests were made: the routes were not found.");
    }

    [Fact]
    public async Task One_route_of_a_slice_is_exempt_from_the_antiforgery_token_and_no_other()
    {
        await using var app = new DashboardApp();

        var exempt = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<FeatureModuleExtensions.NoAntiforgery>() is not null);

        Assert.Equal(["POST /webhooks/calendly"], exempt.Select(route => $"{string.Join(',', route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)} {route.RoutePattern.RawText}"));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_reaches_only_what_is_on_the_list()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        var open = new List<string>();
        var routes = Routes(app).Where(route => !InMockModeOnly.Any(prefix => route.Template.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        foreach (var route in routes.Where(route => !route.IsOpen || !Anonymous.Contains(route.Template)))
        {
            foreach (var method in route.Methods)
            {
                using var answer = await nobody.SendAsync(new HttpRequestMessage(new HttpMethod(method), Concrete(route.Template)), Cancel);
                var refused = route.Template.StartsWith("/api", StringComparison.Ordinal)
                    ? answer.StatusCode == HttpStatusCode.Unauthorized
                    : answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal);
                if (!refused)
                {
                    open.Add($"{method} {route.Template}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(open);
        Assert.Equal(Anonymous, routes.Where(route => route.IsOpen).Select(route => route.Template).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_says_who_may_call_it()
    {
        await using var app = new DashboardApp();

        var silent = Routes(app).Where(route => route.Access is null && !route.IsAnonymous).Select(route => route.Template);

        Assert.Empty(silent);
        Assert.DoesNotContain(Routes(app), route => route.IsAnonymous && route.Access is not (null or Access.Anyone));
    }

    [Fact]
    public async Task A_delegate_is_refused_every_write_but_those_on_the_list()
    {
        await using var app = new DashboardApp();
        using var dora = await app.ClientAsync("dora");
        app.Emulator.ClearJournal();

        var allowed = new List<string>();
        var refused = 0;
        foreach (var (method, path) in Routes(app).Where(route => route.Access is not null && !WritesOfADelegate.Contains(route.Template)).SelectMany(Writes))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("any", "thing")]) };
            request.Headers.Add(Htmx.AntiforgeryHeader, await DashboardApp.AntiforgeryTokenAsync(dora));
            using var answer = await dora.SendAsync(request, Cancel);
            refused++;
            if (answer.StatusCode != HttpStatusCode.Forbidden || answer.ErrorCode() != "FORBIDDEN_ROLE"
                || !(await answer.TextAsync()).Contains(path.StartsWith("/admin", StringComparison.Ordinal) ? "Only whoever looks after this application" : "You can look, not change. Ask Ana Ruiz to do this.", StringComparison.Ordinal))
            {
                allowed.Add($"{method} {path}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(allowed);
        Assert.True(refused >= 12, $"Only {refused} requests were made: the routes were not found.");
        Assert.Empty(app.Emulator.Journal);
    }

    [Fact]
    public async Task Real_mode_maps_neither_hooks_nor_emulator()
    {
        await using var app = DashboardApp.Real();

        Assert.DoesNotContain(Routes(app), route => InMockModeOnly.Any(prefix => route.Template.StartsWith(prefix, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Method, string Path)> Writes(Route route) =>
        route.Methods.Where(method => method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE")).Select(method => (method, Concrete(route.Template)));

    private static string Concrete(string template) => template.Replace("{id}", "3f0f5b3e-1111-4222-8333-944455556666", StringComparison.Ordinal);

    // A route without methods takes them all.
    private static IEnumerable<Route> Routes(DashboardApp app) =>
        from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        select new Route(
            "/" + endpoint.RoutePattern.RawText!.Trim('/'),
            endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"],
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || endpoint.Metadata.GetMetadata<IAuthorizeData>() is null,
            endpoint.Metadata.GetMetadata<RouteAccess>()?.Access);

    /// <param name="IsOpen">In effect, whatever it says.</param>
    private sealed record Route(string Template, IReadOnlyList<string> Methods, bool IsAnonymous, bool IsOpen, Access? Access);
}
