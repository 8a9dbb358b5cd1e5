using CalendlySlices.Infrastructure.Web;
using FluentValidation;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

internal sealed class CompareValidator : AbstractValidator<CompareInput>
{
    private const int FurthestDays = 366;

    public CompareValidator(TimeProvider clock)
    {
        RuleFor(input => input.Coach).Must(CoachesValidator.AreSlugs).WithErrorCode("id").WithMessage("That is not a coach.");
        RuleFor(input => input.Week)
            .Must((input, text) => string.IsNullOrEmpty(text) || input.Day is not null).WithErrorCode("date").WithMessage("That is not a day. Write it like 2026-03-10.");
        RuleFor(input => input.Week)
            .Must((input, _) => input.Day is not { } day || Period.DaysBetween(clock.GetUtcNow().In(input.Zone.Zone).Date, day) <= FurthestDays)
            .WithErrorCode("range").WithMessage("Choose a day within a year from today.");
        RuleFor(input => input.View).Must(view => view is null or "" or "week" or "list").WithErrorCode("oneOf").WithMessage("Choose week or list.");
        RuleFor(input => input.Hours).Must(hours => hours is null or "" or "all").WithErrorCode("oneOf").WithMessage("Choose all, or leave it out.");
    }
}
