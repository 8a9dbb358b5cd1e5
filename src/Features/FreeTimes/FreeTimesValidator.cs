using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using FluentValidation;
using NodaTime;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class FreeTimesValidator : AbstractValidator<FreeTimesInput>
{
    public FreeTimesValidator(TimeProvider clock)
    {
        RuleFor(input => input.EventType)
            .Must(id => string.IsNullOrEmpty(id) || CalendlyUri.IsWellFormedId(id)).WithErrorCode("id").WithMessage("That is not an event type.");
        RuleFor(input => input.Date)
            .Must((input, text) => string.IsNullOrEmpty(text) || input.Day is not null).WithErrorCode("date").WithMessage("That is not a day. Write it like 2026-03-10.");
        RuleFor(input => input.Date)
            .Must((input, _) => input.Day is not { } day || Period.DaysBetween(clock.GetUtcNow().In(input.Zone.Zone).Date, day) <= FreeTimesInput.FurthestDays)
            .WithErrorCode("range").WithMessage("Choose a day within a year from today.");
        RuleFor(input => input.View)
            .Must((input, _) => input.KnownView is not null).WithErrorCode("oneOf").WithMessage("Choose week, two-weeks, month, day or list.");
        RuleFor(input => input.Hours).Must(hours => hours is null or "" or "all").WithErrorCode("oneOf").WithMessage("Choose all, or leave it out.");
        RuleFor(input => input.Weeks).Must(weeks => weeks is null or "" or "4" or "8").WithErrorCode("oneOf").WithMessage("Choose 4 or 8 weeks.");
    }
}
