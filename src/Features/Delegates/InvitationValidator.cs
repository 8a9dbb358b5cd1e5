using CalendlySlices.Infrastructure.Identity;
using FluentValidation;

namespace CalendlySlices.Features.Delegates;

internal sealed class InvitationValidator : AbstractValidator<AcceptCommand>
{
    public InvitationValidator() =>
        RuleFor(command => command.Token).Must(Delegations.IsWellFormed).WithMessage("That is not an invitation.");
}
