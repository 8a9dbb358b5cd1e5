using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class LocalPathTests
{
    /// <summary>Ways to write an address that leaves the site, or that some proxy or browser may read so.</summary>
    public static TheoryData<string> Bypasses =>
    [
        "https://evil.example", "http:evil.example", "//evil.example", "///evil.example", "////evil.example/%2f..", "/\\evil.example",
        "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/ /evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
        " //evil.example", "/%09/evil.example", "/%0a/evil.example", "/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example",
        "/%5C%5Cevil.example", "/.//evil.example", "/..//evil.example", "/../evil.example", "/./evil.example", "/sessions//evil.example",
        "/@evil.example", "/:80//evil.example", "/;@evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "./sessions",
        "?next=//evil.example", "#//evil.example", "/sessions#//evil.example", "/\u2215evil.example", "/\uff0fevil.example", "/sessions\r\nSet-Cookie: a=b",
        "/sessions?a=\r\nSet-Cookie: a=b", "/sessions\0", "/sessions\n", "",
    ];

    [Theory]
    [MemberData(nameof(Bypasses))]
    public void Whatever_could_lead_away_leads_home(string path) => Assert.Equal("/", LocalPath.OrHome(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/sessions")]
    [InlineData("/sessions/")]
    [InlineData("/sessions/0f1e2d3c-0000-4000-8000-000000000001/cancellation")]
    [InlineData("/sessions?status=canceled&from=2026-03-02&pageToken=a%2Fb%3D%3D")]
    [InlineData("/?still=1")]
    public void An_address_of_ours_is_kept(string path) => Assert.Equal(path, LocalPath.OrHome(path));

    [Fact]
    public void Nothing_and_far_too_much_lead_home()
    {
        Assert.Equal("/", LocalPath.OrHome(null));
        Assert.Equal("/", LocalPath.OrHome("/" + new string('a', 2000)));
    }
}
