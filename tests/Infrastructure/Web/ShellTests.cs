using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class ShellTests
{
    [Theory]
    [InlineData(true, "Clock: Mon 2 Mar 2026, 10:00 EST, frozen")]
    [InlineData(false, "Clock: Mon 2 Mar 2026, 10:00 EST")]
    public async Task In_mock_mode_a_band_says_so_with_the_clock_in_the_readers_zone(bool frozen, string clock)
    {
        await using var app = await ShellApp.StartAsync(frozen: frozen);
        app.SetCookie(ReaderZone.Cookie, "America/New_York");

        using var page = await app.PageAsync("/preferences/theme", user: 1);

        var band = page.QuerySelector("[data-testid=mock-band]")!;
        Assert.Equal("Mock data. Nothing here is real and nothing is sent to anyone.", band.Children[0].TextContent);
        Assert.Equal(clock, band.Children[1].TextContent);
        Assert.Equal("Theme [mock]", page.Title);
        Assert.Equal("mock", page.QuerySelector("meta[name=calendly-mode]")!.GetAttribute("content"));
        var now = page.QuerySelector("meta[name=app-now]")!;
        Assert.Equal("2026-03-02T15:00:00.000Z", now.GetAttribute("content"));
        Assert.Equal(frozen ? "true" : "false", now.GetAttribute("data-frozen"));
    }

    [Fact]
    public async Task With_real_calendly_there_is_no_band()
    {
        await using var app = await ShellApp.StartAsync(real: true);

        using var page = await app.PageAsync("/preferences/theme", user: 1);

        Assert.Null(page.QuerySelector("[data-testid=mock-band]"));
        Assert.Equal("Theme", page.Title);
        Assert.Equal("real", page.QuerySelector("meta[name=calendly-mode]")!.GetAttribute("content"));
    }

    [Theory]
    [InlineData(1, "Today,Sessions,Event types,Free times,Schedules")]
    [InlineData(9, "Today,Coaches,My bookings,Free times")]
    [InlineData(null, "")]
    public async Task The_places_follow_the_role(int? user, string places)
    {
        await using var app = await ShellApp.StartAsync();

        using var page = await app.PageAsync("/preferences/theme", user);

        Assert.Equal(places, string.Join(',', page.QuerySelectorAll(".places a").Select(place => place.TextContent)));
        Assert.Equal(places, string.Join(',', page.QuerySelectorAll(".bottom a").Select(place => place.TextContent)));
        Assert.Equal(user is null, page.QuerySelector("#person-menu") is null);
        Assert.Equal(user is null, page.QuerySelector("[data-testid=zone-picker]") is null);
    }

    [Fact]
    public async Task Nothing_in_a_page_needs_an_inline_style_or_handler()
    {
        await using var app = await ShellApp.StartAsync();

        using var page = await app.PageAsync("/preferences/zone", user: 1);

        Assert.DoesNotContain(page.All, element => element.LocalName == "style" || element.HasAttribute("style"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
        Assert.All(page.Scripts, script => Assert.True(string.IsNullOrEmpty(script.TextContent)));
    }

    [Theory]
    [InlineData("America/New_York", "New York, UTC\u22125")]
    [InlineData("Asia/Kolkata", "Kolkata, UTC+5:30")]
    [InlineData("America/Argentina/Buenos_Aires", "Buenos Aires, UTC\u22123")]
    [InlineData("Europe/London", "London, UTC")]
    [InlineData("UTC", "UTC")]
    public void A_zone_is_named_by_its_city_and_distance(string zone, string label) =>
        Assert.Equal(label, Shell.ZoneLabel(DateTimeZoneProviders.Tzdb[zone], Instant.FromUtc(2026, 3, 2, 15, 0)));
}
