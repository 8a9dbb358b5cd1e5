using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class SlotValidator : AbstractValidator<SlotInput>
{
    public SlotValidator()
    {
        RuleFor(input => input.EventType).Must(CalendlyUri.IsWellFormedId).WithErrorCode("id").WithMessage("That is not an event type.");
        RuleFor(input => input.Start).Must((input, _) => input.At is not null).WithErrorCode("date").WithMessage("That is not a time. Choose one from the list.");
    }
}
