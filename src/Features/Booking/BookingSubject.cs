using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <summary>What a coach shows and somebody wants to book.</summary>
/// <param name="Type">As Calendly has it; null when it cannot be booked now, and <paramref name="Hindrance"/> says why.</param>
internal sealed record BookingSubject(ListedCoach Coach, ListedEventType Listed, EventType? Type, Failure? Hindrance)
{
    public string Url => BookingAddress.Of(Coach.Slug, Listed.Id);

    public string FormUrl => $"{Url}/form";

    public string CheckUrl => $"{Url}/check";

    public string Name => string.IsNullOrWhiteSpace(Type?.Name) ? Listed.Name : Type.Name;

    public string First => CoachInWords.First(Coach.Name);

    public string Title => $"Book {Name} with {First}";

    public TimeSpan Duration => TimeSpan.FromMinutes((double)(Type?.Duration ?? Listed.DurationMinutes));

    public string Uri => CalendlyUri.For("event_types", Listed.Id);

    /// <summary>What else this coach shows.</summary>
    public IEnumerable<ListedEventType> Others => Coach.EventTypes.Where(other => other.Id != Listed.Id);

    public string At(DateTimeOffset start) => BookingAddress.Of(Coach.Slug, Listed.Id, start);

    public string FormAt(DateTimeOffset start) => $"{FormUrl}?slot={ZonedTime.Iso(start)}";
}
