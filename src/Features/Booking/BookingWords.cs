using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Booking;

internal static class BookingWords
{
    public static readonly PanelWords Page = new PanelWords(
        "This booking",
        "Connect Calendly first.",
        "The coach's connection does not allow this.",
        "No coach offers this here. It may have been taken off the list.",
        "That is not something to book",
        "/coaches",
        "Coaches").ForBookers();

    /// <summary><c>Tue 10 Mar, 09:00–09:30 EST (UTC−5)</c></summary>
    public static string When(BookingAttempt attempt, DateTimeZone reader) =>
        attempt.StartsAt is { } start ? ZonedTime.Full(start.In(reader), attempt.End!.Value.In(reader)) : "At a time of your choice";
}
