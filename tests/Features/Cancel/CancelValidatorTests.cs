using CalendlySlices.Features.Cancel;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Tests.Features.Cancel;

public class CancelValidatorTests
{
    private readonly CancelValidator _validator = new();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void A_malformed_id_is_named(string? id)
    {
        var problem = _validator.Problem(new CancelCommand(id, null));

        Assert.Equal(FailureCode.ValidationFailed, problem?.Code);
        Assert.Equal("uuid", Assert.Single(problem!.Fields).Field);
    }

    [Fact]
    public void A_reason_of_exactly_the_limit_passes_and_one_more_does_not()
    {
        var most = new string('x', CancelValidator.MaxReasonLength);

        Assert.Null(_validator.Problem(new CancelCommand("1", most)));
        Assert.Equal(
            "The reason has 1,001 characters; 1,000 is the most.",
            _validator.Problem(new CancelCommand("1", most + "x")).MessageFor("reason"));
    }

    [Fact]
    public void Spaces_around_and_control_characters_do_not_count()
    {
        var reason = "  " + new string('x', CancelValidator.MaxReasonLength) + "\u0000\u001b  ";

        Assert.Null(_validator.Problem(new CancelCommand("1", reason)));
    }

    [Theory]
    [InlineData("   ", null)]
    [InlineData("\u0000", null)]
    [InlineData("one\r\ntwo\tthree", "one\ntwo\tthree")]
    [InlineData("<b>bold</b>", "<b>bold</b>")]
    [InlineData("\u202Eabc", "\u202Eabc")]
    public void The_reason_is_sent_clean(string typed, string? sent) => Assert.Equal(sent, new CancelCommand("1", typed).CleanReason);
}
