using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>Where a listed coach is booked.</summary>
internal static class BookingAddress
{
    /// <param name="slug">The coach's.</param>
    /// <param name="eventTypeId">One that the coach lists.</param>
    public static string Of(string slug, string eventTypeId) => $"/book/{slug}/{eventTypeId}";

    /// <summary>The same, with the time chosen already.</summary>
    public static string Of(string slug, string eventTypeId, DateTimeOffset start) => $"{Of(slug, eventTypeId)}?slot={ZonedTime.Iso(start)}";
}
