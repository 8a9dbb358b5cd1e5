using System.Net;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class AntiforgeryTokensTests
{
    [Fact]
    public async Task Pages_of_one_person_share_a_token_that_still_validates()
    {
        await using var app = await ShellApp.StartAsync();
        var first = await app.TokenAsync(user: 1);
        app.Time.Advance(TimeSpan.FromMinutes(9));

        var later = await app.TokenAsync(user: 1);
        using var response = await app.PostAsync("/preferences/theme", user: 1, ("theme", "dark"), later);

        Assert.Equal(first, later);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Fact]
    public async Task The_token_of_one_person_is_neither_given_to_another_nor_accepted_from_one_behind_the_same_cookie()
    {
        await using var app = await ShellApp.StartAsync();
        var ana = await app.TokenAsync(user: 1);

        var ben = await app.TokenAsync(user: 2);
        var nobody = await app.TokenAsync();
        using var stolen = await app.PostAsync("/preferences/theme", user: 2, ("theme", "dark"), ana);
        using var own = await app.PostAsync("/preferences/theme", user: 2, ("theme", "dark"), ben);

        Assert.Equal(3, new[] { ana.Value, ben.Value, nobody.Value }.Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, stolen.StatusCode);
        Assert.Equal(HttpStatusCode.Found, own.StatusCode);
    }

    [Fact]
    public async Task A_token_is_made_anew_after_ten_minutes()
    {
        await using var app = await ShellApp.StartAsync();
        var first = await app.TokenAsync(user: 1);
        app.Time.Advance(TimeSpan.FromMinutes(10));

        var later = await app.TokenAsync(user: 1);

        Assert.NotEqual(first, later);
    }

    [Fact]
    public async Task A_cookie_that_cannot_be_read_is_replaced_and_the_next_post_goes_through()
    {
        await using var app = await ShellApp.StartAsync();
        await app.TokenAsync(user: 1);
        var cookie = Assert.Single(app.Cookies.Keys);
        app.SetCookie(cookie, "CfDJ8unreadable");

        var made = await app.TokenAsync(user: 1);
        using var response = await app.PostAsync("/preferences/theme", user: 1, ("theme", "dark"), made);

        Assert.NotEqual("CfDJ8unreadable", app.Cookies[cookie]);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Fact]
    public async Task Signed_in_the_body_hands_htmx_the_token_and_signed_out_it_does_not()
    {
        await using var app = await ShellApp.StartAsync();
        var token = await app.TokenAsync(user: 1);

        using var signedIn = await app.PageAsync("/preferences/theme", user: 1);
        using var signedOut = await app.PageAsync("/preferences/theme");

        Assert.Equal($$"""{"{{Htmx.AntiforgeryHeader}}":"{{token.Value}}"}""", signedIn.Body!.GetAttribute("hx-headers:inherited"));
        Assert.False(signedOut.Body!.HasAttribute("hx-headers:inherited"));
        Assert.All(signedOut.QuerySelectorAll("form[method=post]"), form => Assert.NotNull(form.QuerySelector($"input[name={token.Name}]")));
    }
}
