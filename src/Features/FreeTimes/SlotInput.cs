using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using FluentValidation;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Start">A UTC instant, as the slots carry it.</param>
internal sealed record SlotInput(string? EventType, string? Start, ReaderZone Zone)
{
    public DateTimeOffset? At => Start is { } text && InstantPattern.General.Parse(text) is { Success: true, Value: var instant }
        && instant.InUtc().Year is > 2000 and < 2200
            ? instant.ToDateTimeOffset()
            : null;
}

internal sealed class SlotValidator : AbstractValidator<SlotInput>
{
    public SlotValidator()
    {
        RuleFor(input => input.EventType).Must(CalendlyUri.IsWellFormedId).WithErrorCode("id").WithMessage("That is not an event type.");
        RuleFor(input => input.Start).Must((input, _) => input.At is not null).WithErrorCode("date").WithMessage("That is not a time. Choose one from the list.");
    }
}
