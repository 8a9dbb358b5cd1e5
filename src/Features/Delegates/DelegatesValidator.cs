using System.Globalization;
using FluentValidation;

namespace CalendlySlices.Features.Delegates;

internal sealed class DelegatesValidator : AbstractValidator<RemovalCommand>
{
    public DelegatesValidator() => RuleFor(command => command.DelegateId)
        .Must(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .WithMessage("That is not a delegate.");
}
