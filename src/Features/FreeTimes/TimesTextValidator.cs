using CalendlySlices.Infrastructure.Identity;
using FluentValidation;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class TimesTextValidator : AbstractValidator<TimesTextInput>
{
    public TimesTextValidator() => RuleFor(input => input.ReceiverZone)
        .Must(zone => string.IsNullOrEmpty(zone) || ReaderZone.Find(zone) is not null)
        .WithErrorCode("zone").WithMessage("That is not a time zone. Write it like Europe/London.");
}
