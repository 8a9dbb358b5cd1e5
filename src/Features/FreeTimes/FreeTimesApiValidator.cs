using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class FreeTimesApiValidator : AbstractValidator<FreeTimesApiInput>
{
    private const string NotATime = "That is not a time. Write it like 2026-03-10T09:00:00Z, or 2026-03-10 for the start of a day in your zone.";

    public FreeTimesApiValidator(TimeProvider clock)
    {
        RuleFor(input => input.EventUri).NotEmpty().WithErrorCode("required").WithMessage("Say which event type: eventUri.");
        RuleFor(input => input.EventUri)
            .Must((input, uri) => string.IsNullOrEmpty(uri) || input.EventTypeId is not null)
            .WithErrorCode("uri").WithMessage("Send the event type's whole URI, such as https://api.calendly.com/event_types/….");
        RuleFor(input => input.StartTime).Must((input, text) => string.IsNullOrEmpty(text) || input.Start is not null).WithErrorCode("date").WithMessage(NotATime);
        RuleFor(input => input.EndTime).Must((input, text) => string.IsNullOrEmpty(text) || input.End is not null).WithErrorCode("date").WithMessage(NotATime);
        When(input => input.End is not null && (input.Start is not null || string.IsNullOrEmpty(input.StartTime)), () =>
        {
            RuleFor(input => input.EndTime).Must((input, _) => input.End > From(input, clock)).WithErrorCode("range").WithMessage("This has to be after startTime, and ahead.");
            RuleFor(input => input.EndTime)
                .Must((input, _) => input.End - From(input, clock) <= CalendlyLimits.AvailableTimesRange)
                .WithErrorCode("range").WithMessage("Ask for at most 31 days at once.");
        });
    }

    /// <summary>A start in the past, or none, means now.</summary>
    public static DateTimeOffset From(FreeTimesApiInput input, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return input.Start is { } start && start > now ? start : now;
    }
}
