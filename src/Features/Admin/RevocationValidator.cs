using FluentValidation;

namespace CalendlySlices.Features.Admin;

internal sealed class RevocationValidator : AbstractValidator<RevocationCommand>
{
    /// <summary>To be typed, so that nobody ends every connection by a slip.</summary>
    public const string Word = "REVOKE";

    public RevocationValidator() => RuleFor(command => command.Word).Equal(Word).WithMessage($"Type {Word} in capitals.");
}
