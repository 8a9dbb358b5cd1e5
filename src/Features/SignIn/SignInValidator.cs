using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using FluentValidation;

namespace CalendlySlices.Features.SignIn;

internal sealed class SignInValidator : AbstractValidator<SignInCommand>
{
    public SignInValidator(CalendlyMode mode)
    {
        // Personas have no password: with real Calendly there must be no way in through them.
        RuleFor(command => command.As)
            .Must(key => mode.IsMock && Personas.Find(key) is not null)
            .WithMessage("Choose one of the people below.");
    }
}
