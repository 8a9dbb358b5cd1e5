using CalendlySlices.Infrastructure.Bookings;
using FluentValidation;

namespace CalendlySlices.Features.MyBookings;

internal sealed class MyBookingsValidator : AbstractValidator<BookingIdQuery>
{
    public MyBookingsValidator() =>
        RuleFor(query => query.Id).Must(BookingStore.IsWellFormed).WithErrorCode("id").WithMessage("That is not a booking.");
}
