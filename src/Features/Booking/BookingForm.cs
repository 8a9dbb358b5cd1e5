using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <summary>What was typed, with what the event type asks for.</summary>
internal sealed record BookingForm(TypedBooking Typed, EventType Type);

/// <summary>Our own form, for when Calendly's does not load.</summary>
/// <param name="Problem">What is wrong with what was typed; null when the form is opened.</param>
internal sealed record BookingFormPage(BookingSubject Subject, BookingAttempt Attempt, PickedTime Time, TypedBooking Typed, Failure? Problem)
{
    public IReadOnlyList<PlaceChoice> Places { get; } = PlaceChoice.Of(Subject.Type!);

    public IEnumerable<CustomQuestion> Questions => TypedBooking.Questions(Subject.Type!);

    public string FrameUrl => $"{Subject.Url}?slot={Time.Value}";

    public string? MessageFor(string field) => Problem.MessageFor(field);

    /// <summary>What is wrong and belongs to no field.</summary>
    public string? Summary => Problem switch
    {
        null => null,
        { Fields.Count: 0 } => Problem.Message,
        _ when Problem.Fields.FirstOrDefault(problem => problem.Field.Length == 0) is { } unplaced => unplaced.Message,
        _ => "Not booked yet. Something needs another look.",
    };
}
