using FluentValidation;

namespace CalendlySlices.Features.Connect;

internal sealed class ConnectValidator : AbstractValidator<SwitchCommand>
{
    public ConnectValidator()
    {
        RuleFor(command => command.Account)
            .Must(account => account is SwitchCommand.Earlier or SwitchCommand.Fresh)
            .WithMessage("Choose one of the two accounts.");
    }
}
