using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Tests.Infrastructure.Web;

public class PageTokensTests
{
    private readonly PageTokens _tokens = new(new EphemeralDataProtectionProvider(), TimeProvider.System);

    [Fact]
    public void A_token_comes_back_only_to_its_list_its_user_and_its_filters()
    {
        var token = _tokens.Wrap("sessions", 1, "/sessions?tab=past", "pgt_2");

        Assert.True(_tokens.Unwrap("sessions", 1, "/sessions?tab=past", token).Succeeded(out var payload, out _));
        Assert.Equal("pgt_2", payload);
        AssertInvalid(_tokens.Unwrap("events/scheduled", 1, "/sessions?tab=past", token));
        AssertInvalid(_tokens.Unwrap("sessions", 2, "/sessions?tab=past", token));
        AssertInvalid(_tokens.Unwrap("sessions", 1, "/sessions", token));
    }

    [Theory]
    [InlineData("pgt_2")]
    [InlineData("")]
    [InlineData("!!!")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_not_a_token_of_ours_is_refused(string token) => AssertInvalid(_tokens.Unwrap("sessions", 1, "/sessions", token));

    [Fact]
    public void Calendlys_own_token_does_not_show() => Assert.DoesNotContain("pgt_2", _tokens.Wrap("sessions", 1, "/sessions", "pgt_2"), StringComparison.Ordinal);

    private static void AssertInvalid(Result<string> result)
    {
        Assert.False(result.Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.PageTokenInvalid, failure.Code);
    }
}
