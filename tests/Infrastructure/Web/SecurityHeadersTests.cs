using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed partial class SecurityHeadersTests
{
    [Fact]
    public async Task A_page_gets_every_header_and_a_policy_without_any_inline_code()
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync("/preferences/theme", user: 1);

        var policy = Policy(response);
        Assert.Equal("default-src 'none'", policy[0]);
        Assert.Matches("^script-src 'nonce-[A-Za-z0-9_-]{22}'$", policy[1]);
        Assert.Equal(
            [
                "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "manifest-src 'self'", "form-action 'self'",
                "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "require-trusted-types-for 'script'", "trusted-types htmx",
            ],
            policy[2..]);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(response, "X-Frame-Options"));
        Assert.Equal("strict-origin-when-cross-origin", Header(response, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", Header(response, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.Equal("mock", Header(response, "X-Calendly-Mode"));
        Assert.NotEmpty(Header(response, "X-Request-Id"));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task No_two_answers_share_a_nonce()
    {
        await using var app = await ShellApp.StartAsync();

        var nonces = new HashSet<string>();
        for (var visit = 0; visit < 20; visit++)
        {
            using var response = await app.GetAsync("/preferences/theme");
            nonces.Add(Nonce(response));
        }

        Assert.Equal(20, nonces.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scripts_and_every_element_with_an_htmx_attribute_carry_the_nonce_of_the_header(bool htmx)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync("/preferences/zone", user: 1, htmx: htmx);
        using var page = await ShellApp.DocumentAsync(response);

        var nonce = Nonce(response);
        Assert.All(page.Scripts, script => Assert.Equal(nonce, script.GetAttribute("nonce")));
        var driven = page.All.Where(element => element.Attributes.Any(attribute => attribute.Name.StartsWith("hx-", StringComparison.Ordinal))).ToList();
        Assert.All(driven, element => Assert.Equal(nonce, element.GetAttribute("hx-nonce")));
        Assert.Equal(htmx, driven.Count == 0);
        Assert.Equal(htmx ? 0 : 3, page.Scripts.Length);
    }

    [Fact]
    public async Task A_form_may_end_at_the_authorization_host_and_nowhere_else()
    {
        await using var app = await ShellApp.StartAsync(real: true, formActionHosts: "https://auth.calendly.com");

        using var response = await app.GetAsync("/preferences/theme");

        Assert.Contains("form-action 'self' https://auth.calendly.com", Policy(response));
        Assert.Equal("real", Header(response, "X-Calendly-Mode"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_are_upgraded_only_where_there_is_tls_to_upgrade_to(bool tls)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync("/preferences/theme", tls: tls);

        Assert.Equal(tls, Policy(response).Contains("upgrade-insecure-requests"));
    }

    [Fact]
    public async Task A_static_asset_keeps_its_own_caching_and_still_gets_the_other_headers()
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync("/asset.css");

        Assert.Null(response.Headers.CacheControl);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("/boom")]
    [InlineData("/nowhere")]
    public async Task An_error_page_gets_the_same_headers(string path)
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync(path);
        using var page = await ShellApp.DocumentAsync(response);

        Assert.NotEmpty(Nonce(response));
        Assert.Equal("DENY", Header(response, "X-Frame-Options"));
        Assert.All(page.Scripts, script => Assert.Equal(Nonce(response), script.GetAttribute("nonce")));
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static string[] Policy(HttpResponseMessage response) => Header(response, "Content-Security-Policy").Split("; ");

    private static string Nonce(HttpResponseMessage response) => NonceSource().Match(Header(response, "Content-Security-Policy")).Groups[1].Value;

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex NonceSource();
}
