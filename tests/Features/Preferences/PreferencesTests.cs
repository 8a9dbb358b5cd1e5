using System.Net;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Infrastructure.Web;

namespace CalendlySlices.Tests.Features.Preferences;

public sealed class PreferencesTests
{
    [Fact]
    public async Task A_zone_is_kept_for_a_year_and_the_next_page_shows_it()
    {
        await using var app = await ShellApp.StartAsync();
        var token = await app.TokenAsync(user: 1);

        using var response = await app.PostAsync("/preferences/zone", user: 1, ("zone", "Europe/Berlin"), ("returnTo", "/sessions?status=past"), token);
        using var page = await app.PageAsync("/preferences/zone", user: 1);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/sessions?status=past", response.Headers.Location!.OriginalString);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("max-age=31536000", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("Berlin, UTC+1", page.QuerySelector("#zone-menu summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Europe/Berlin", page.QuerySelector("option[selected]")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("")]
    [InlineData("<script>")]
    public async Task An_unknown_zone_changes_nothing_and_is_explained_at_its_field(string zone)
    {
        await using var app = await ShellApp.StartAsync();
        app.SetCookie(ReaderZone.Cookie, "Europe/Berlin");
        var token = await app.TokenAsync(user: 1);

        using var response = await app.PostAsync("/preferences/zone", user: 1, ("zone", zone), ("returnTo", "/sessions"), token);
        using var page = await ShellApp.DocumentAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("VALIDATION_FAILED", Assert.Single(response.Headers.GetValues("X-Error-Code")));
        Assert.Equal("Europe/Berlin", app.Cookies[ReaderZone.Cookie]);
        var field = page.QuerySelector("#zone-choice")!;
        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.Equal("Choose a time zone from the list.", page.GetElementById(field.GetAttribute("aria-describedby")!)!.TextContent);
        Assert.Equal("/sessions", page.QuerySelector("#zone-form input[name=returnTo]")!.GetAttribute("value"));
        Assert.NotNull(page.QuerySelector("header .brand"));
    }

    [Fact]
    public async Task Every_zone_on_offer_is_one_that_can_be_kept()
    {
        await using var app = await ShellApp.StartAsync();

        using var response = await app.GetAsync("/preferences/zone", user: 1, htmx: true);
        using var fragment = await ShellApp.DocumentAsync(response);

        var zones = fragment.QuerySelectorAll("option").Select(option => option.GetAttribute("value")).ToList();
        Assert.True(zones.Count > 300);
        Assert.Equal(zones.Count, zones.Distinct().Count());
        Assert.All(zones, zone => Assert.NotNull(ReaderZone.Find(zone)));
        Assert.Null(fragment.QuerySelector("header"));
    }

    [Theory]
    [InlineData("dark", "dark")]
    [InlineData("light", "light")]
    [InlineData("system", "system")]
    public async Task A_theme_is_there_from_the_first_paint_signed_in_or_not(string theme, string shown)
    {
        await using var app = await ShellApp.StartAsync();
        var token = await app.TokenAsync();

        using var response = await app.PostAsync("/preferences/theme", user: null, ("theme", theme), token);
        using var page = await app.PageAsync("/preferences/theme");

        Assert.Equal("/", response.Headers.Location!.OriginalString);
        Assert.Equal(shown, page.DocumentElement.GetAttribute("data-theme"));
        Assert.Equal(shown, page.QuerySelector("#theme-form [aria-pressed=true]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_unknown_theme_is_explained_and_an_unknown_cookie_ignored()
    {
        await using var app = await ShellApp.StartAsync();
        app.SetCookie(Theme.Cookie, "mauve");
        var token = await app.TokenAsync();

        using var response = await app.PostAsync("/preferences/theme", user: null, ("theme", "mauve"), token);
        using var page = await ShellApp.DocumentAsync(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Choose system, light or dark.", page.QuerySelector("#theme-problem")!.TextContent);
        Assert.Equal("system", page.DocumentElement.GetAttribute("data-theme"));
    }

    [Fact]
    public async Task A_return_address_that_could_lead_away_leads_home()
    {
        await using var app = await ShellApp.StartAsync();
        var token = await app.TokenAsync();

        // A form with a NUL in it is refused before any of ours sees it.
        foreach (var returnTo in LocalPathTests.Bypasses.Select(row => row.Data).Where(path => !path.Contains('\0')))
        {
            using var response = await app.PostAsync("/preferences/theme", user: null, ("theme", "dark"), ("returnTo", returnTo), token);

            Assert.Equal((returnTo, "/"), (returnTo, response.Headers.Location?.OriginalString));
        }
    }

    [Theory]
    [InlineData("/preferences/zone")]
    [InlineData("/preferences/theme")]
    public async Task Without_the_antiforgery_token_nothing_is_kept(string path)
    {
        await using var app = await ShellApp.StartAsync();
        await app.TokenAsync();

        using var response = await app.PostAsync(path, user: null, ("zone", "Europe/Berlin"), ("theme", "dark"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(ReaderZone.Cookie, app.Cookies.Keys);
        Assert.DoesNotContain(Theme.Cookie, app.Cookies.Keys);
    }
}
