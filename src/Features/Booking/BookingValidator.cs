using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.Booking;

internal sealed class BookingValidator : AbstractValidator<BookingInput>
{
    private const int LongestName = 100;

    public BookingValidator()
    {
        RuleFor(input => input.Coach).Must(IsName).WithErrorCode("id").WithMessage("That is not a coach.");
        RuleFor(input => input.EventType).Must(CalendlyUri.IsWellFormedId).WithErrorCode("id").WithMessage("That is not an event type.");
        RuleFor(input => input.Slot).Must((input, _) => input.At is not null).When(input => !string.IsNullOrEmpty(input.Slot))
            .WithErrorCode("date").WithMessage("That is not a time. Choose one from the list.");
        RuleFor(input => input.Attempt).Must(BookingStore.IsWellFormed).When(input => !string.IsNullOrEmpty(input.Attempt))
            .WithErrorCode("id").WithMessage("This form is not one of ours. Open it anew.");
    }

    private static bool IsName(string name) => name.Length <= LongestName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
