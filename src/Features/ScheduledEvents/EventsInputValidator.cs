using CalendlySlices.Infrastructure.Web;
using FluentValidation;

namespace CalendlySlices.Features.ScheduledEvents;

internal sealed class EventsInputValidator : AbstractValidator<EventsInput>
{
    private const string NotATime = "That is not a time. Write it like 2026-03-10T09:00:00Z, or 2026-03-10 for a day in your zone.";

    public EventsInputValidator()
    {
        RuleFor(input => input.Count).IsCount("sessions");
        RuleFor(input => input.Status).Must(status => status is null or "" or "active" or "canceled").WithErrorCode("oneOf").WithMessage("Choose active or canceled.");
        RuleFor(input => input.PageToken).IsPageToken();
        RuleFor(input => input.MinStartTime).Must((input, text) => string.IsNullOrEmpty(text) || input.Min is not null).WithErrorCode("date").WithMessage(NotATime);
        RuleFor(input => input.MaxStartTime).Must((input, text) => string.IsNullOrEmpty(text) || input.Max is not null).WithErrorCode("date").WithMessage(NotATime);
        RuleFor(input => input.MinStartTime).Must((input, _) => InOrder(input)).WithErrorCode("range").WithMessage("This is after maxStartTime.");
        RuleFor(input => input.MaxStartTime).Must((input, _) => InOrder(input)).WithErrorCode("range").WithMessage("This is before minStartTime.");
    }

    private static bool InOrder(EventsInput input) => input.Min is not { } min || input.Max is not { } max || min <= max;
}
