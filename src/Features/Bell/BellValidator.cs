using System.Globalization;
using FluentValidation;

namespace CalendlySlices.Features.Bell;

internal sealed class BellValidator : AbstractValidator<ReadCommand>
{
    public BellValidator() =>
        RuleFor(command => command.UpTo)
            .Must(text => DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _))
            .WithErrorCode("instant").WithMessage("That is not a time.");
}
