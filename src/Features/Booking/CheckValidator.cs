using CalendlySlices.Infrastructure.Bookings;
using FluentValidation;

namespace CalendlySlices.Features.Booking;

/// <summary>What the frame says is not among it: hints that lead nowhere are passed over.</summary>
internal sealed class CheckValidator : AbstractValidator<CheckCommand>
{
    public CheckValidator() =>
        RuleFor(command => command.Attempt).Must(BookingStore.IsWellFormed).WithErrorCode("id").WithMessage("This form is not one of ours. Open it anew.");
}
