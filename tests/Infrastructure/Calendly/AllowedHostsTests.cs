using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

public sealed class AllowedHostsTests
{
    private static readonly CalendlyOptions Options = new()
    {
        ApiBaseUrl = new Uri("http://localhost:5080/mock/calendly"),
        ClientId = "client-id",
        ClientSecret = new Secret("client-marker"),
    };

    [Theory]
    [InlineData("http://localhost:5080/mock/calendly/users/me")]
    [InlineData("https://auth.calendly.com/oauth/token")]
    [InlineData("https://AUTH.calendly.com:443/oauth/token")]
    public async Task The_configured_hosts_are_reached(string address)
    {
        var wire = new ScriptedHandler().On("GET " + new Uri(address).AbsolutePath, Answers.Json("{}"));

        await GetAsync(address, wire);

        Assert.Single(wire.Sent);
    }

    [Theory]
    [InlineData("https://api.calendly.com/users/me")]
    [InlineData("http://auth.calendly.com/oauth/token")]
    [InlineData("https://auth.calendly.com:8443/oauth/token")]
    [InlineData("https://auth.calendly.com@evil.example/oauth/token")]
    [InlineData("https://auth.calendly.com.evil.example/oauth/token")]
    [InlineData("http://localhost:5081/mock/calendly/users/me")]
    [InlineData("http://127.0.0.1:5080/mock/calendly/users/me")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public async Task No_other_host_is_reached_however_alike_it_looks(string address)
    {
        var wire = new ScriptedHandler();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => GetAsync(address, wire));

        Assert.Contains("not allowed", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(wire.Sent);
    }

    [Theory]
    [InlineData("https://api.calendly.com/users/me", "mock_at_anything", false)]
    [InlineData("https://api.calendly.com/users/me", "anything", true)]
    [InlineData("http://127.0.0.1:5080/users/me", "mock_at_anything", true)]
    public async Task A_token_of_the_emulator_s_never_leaves_the_machine(string address, string token, bool leaves)
    {
        var wire = new ScriptedHandler().On("GET /users/me", Answers.Json("{}"));
        using var client = new HttpMessageInvoker(new MadeUpTokensHandler { InnerHandler = wire });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new("Bearer", token);

        var thrown = await Record.ExceptionAsync(() => client.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(leaves, thrown is null);
        Assert.Equal(leaves ? 1 : 0, wire.Sent.Count);
    }

    [Fact]
    public void Options_do_not_print_the_secret() => Assert.DoesNotContain("marker", Options.ToString(), StringComparison.Ordinal);

    private static async Task GetAsync(string address, ScriptedHandler wire)
    {
        using var client = new HttpMessageInvoker(new AllowedHostsHandler(Options) { InnerHandler = wire });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
