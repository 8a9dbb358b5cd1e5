using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.MyBookings;

internal static class MyBookingsWords
{
    public static readonly PanelWords Page = new(
        "This booking",
        "Connect Calendly first.",
        "The coach's connection does not allow this.",
        "You have no such booking. It may be another account's.",
        "That is not a booking",
        "/bookings",
        "My bookings");

    /// <summary>For whoever does not book.</summary>
    public static IResult Refuse(HttpContext http, Failure refusal)
    {
        var coach = CurrentUser.Of(http.User)?.Coach;
        var failure = coach is not null ? refusal : refusal with { Message = "Realtors and coaches book sessions. Your account looks after other things." };
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(
                new Trouble("forbidden", coach is null ? "For realtors and coaches" : "View only", failure.Message, null, null, null, Page with { BackUrl = "/", BackWords = "Today" }),
                string.Empty),
            failure.Code.ToStatusCode());
    }

    /// <summary><c>Discovery call with Ana Ruiz, Tue 10 Mar, 09:00–09:30 EST (UTC−5)</c></summary>
    public static string Told(BookingAttempt booking, DateTimeZone zone) =>
        $"{booking.EventTypeName} with {booking.CoachName}, {ZonedTime.Full(booking.StartsAt!.Value.In(zone), booking.End!.Value.In(zone))}";
}
