using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.MyBookings;

internal static class MyBookingsWords
{
    public static readonly PanelWords Page = new PanelWords(
        "This booking",
        "Connect Calendly first.",
        "The coach's connection does not allow this.",
        "You have no such booking. It may be another account's.",
        "That is not a booking",
        "/bookings",
        "My bookings").ForBookers();

    /// <summary><c>Discovery call with Ana Ruiz, Tue 10 Mar, 09:00–09:30 EST (UTC−5)</c></summary>
    public static string Told(BookingAttempt booking, DateTimeZone zone) =>
        $"{booking.EventTypeName} with {booking.CoachName}, {ZonedTime.Full(booking.StartsAt!.Value.In(zone), booking.End!.Value.In(zone))}";
}
