using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.MyBookings;

/// <summary>One booking, with every text made.</summary>
/// <param name="Start">An instant in UTC, as text; null while it is not known.</param>
/// <param name="Day">By the reader's clock.</param>
/// <param name="Time">By the reader's clock.</param>
/// <param name="When">Both, with the zone.</param>
/// <param name="ForCoach">The coach's clock, where it differs.</param>
/// <param name="Word">The state in words, with <paramref name="WordClass"/> for its shape.</param>
/// <param name="Note">What has happened to it.</param>
/// <param name="Trouble">Why Calendly could not be asked just now; the rest is as it was known before.</param>
/// <param name="IsAhead">Booked and not over.</param>
/// <param name="CancelUrl">The invitee's own page; null once there is nothing to cancel.</param>
/// <param name="MoveUrl">The same for moving it.</param>
internal sealed record BookingRow(
    BookingAttempt Booking,
    string? Start,
    string Day,
    string Time,
    string When,
    string? ForCoach,
    string Word,
    string WordClass,
    string? Note,
    Failure? Trouble,
    bool IsAhead,
    string? CancelUrl,
    string? MoveUrl)
{
    public string Id => Booking.Nonce;

    public string Url => $"/bookings/{Id}";

    public string CalendarUrl => $"/bookings/{Id}/calendar.ics";

    public bool IsWaiting => Booking.State is BookingState.Sending or BookingState.Unconfirmed;

    public string Status => Booking.State switch
    {
        BookingState.Booked => "booked",
        BookingState.Canceled => "canceled",
        _ => "unconfirmed",
    };

    /// <summary>Calendly has been asked just now; otherwise it is from our own record.</summary>
    public bool IsAsked { get; init; }

    /// <summary>True for a row that is to ask Calendly for itself.</summary>
    public bool ShouldAsk => !IsAsked && (IsAhead || IsWaiting);

    /// <summary>What is said of it when it changes in front of somebody.</summary>
    public string Said => $"{Booking.EventTypeName} with {Booking.CoachName}, {Day}: {Word}";

    public static BookingRow Of(BookingAttempt booking, DateTimeZone zone, DateTimeOffset now, CalendlyPages pages, Failure? trouble = null)
    {
        var ahead = booking.IsBooked && booking.End > now;
        var changeable = booking.IsBooked && booking.StartsAt > now;
        var (word, wordClass) = booking.State switch
        {
            BookingState.Canceled => (booking.CanceledBy is { Length: > 0 } by ? $"Canceled by {by}" : "Canceled", "state off"),
            not BookingState.Booked => ("Not confirmed yet", "state warn"),
            _ when !ahead => ("Done", "state"),
            _ when booking.StartsAt <= now => ("In progress", "state on"),
            _ => ("Booked", "state on"),
        };
        var start = booking.StartsAt?.In(zone);
        var end = booking.End?.In(zone);
        return new BookingRow(
            booking,
            booking.StartsAt is { } at ? ZonedTime.Iso(at) : null,
            start is { } from ? ZonedTime.Day(from.Date) : "Time not known",
            start is { } begin && end is { } until ? ZonedTime.Range(begin, until) : string.Empty,
            start is { } first && end is { } last ? ZonedTime.Full(first, last) : "At a time that is not known yet",
            booking.StartsAt is { } shared ? CoachInWords.Clock(shared, zone, booking.CoachZone, booking.CoachName) : null,
            word,
            wordClass,
            Happened(booking, zone),
            trouble,
            ahead,
            changeable ? pages.Address(booking.CancelUrl) : null,
            changeable ? pages.Address(booking.RescheduleUrl) : null);
    }

    private static string? Happened(BookingAttempt booking, DateTimeZone zone) => booking switch
    {
        { State: BookingState.Canceled, CancelReason: { Length: > 0 } reason } => $"“{reason}”",
        { MovedFrom: { } former } => $"Moved from {ZonedTime.Moment(former.In(zone))}",
        _ => null,
    };
}
