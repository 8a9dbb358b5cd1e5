using System.Globalization;
using System.Text;
using CalendlySlices.Infrastructure.Bookings;

namespace CalendlySlices.Features.MyBookings;

/// <summary>A booking for somebody's own calendar. Times are in UTC, so that no zone has to be described. Source: RFC 5545.</summary>
internal static class CalendarFile
{
    // Octets in a line, without its end.
    private const int LongestLine = 75;

    /// <param name="booking">Booked, or canceled since.</param>
    /// <param name="origin">Where people reach this application.</param>
    public static string Of(BookingAttempt booking, DateTimeOffset now, string origin)
    {
        var page = $"{origin}/bookings/{booking.Nonce}";
        string?[] description = [booking.Place, booking.JoinUrl is { } join ? $"Join: {join}" : null, $"Move or cancel: {page}"];
        var file = new StringBuilder();
        foreach (var line in (string?[])
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Slices//Bookings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            $"UID:{booking.Nonce}@slices",
            $"DTSTAMP:{Utc(now)}",
            $"DTSTART:{Utc(booking.StartsAt!.Value)}",
            $"DTEND:{Utc(booking.End!.Value)}",
            // A calendar that has the former time already takes the new one for a change of it.
            $"SEQUENCE:{(booking.MovedFrom is null ? 0 : 1) + (booking.IsBooked ? 0 : 1)}",
            $"STATUS:{(booking.IsBooked ? "CONFIRMED" : "CANCELLED")}",
            $"SUMMARY:{Escaped($"{booking.EventTypeName} with {booking.CoachName}")}",
            (booking.JoinUrl ?? booking.Place) is { } place ? $"LOCATION:{Escaped(place)}" : null,
            $"DESCRIPTION:{Escaped(string.Join('\n', description.OfType<string>()))}",
            $"URL:{page}",
            "END:VEVENT",
            "END:VCALENDAR",
        ])
        {
            if (line is not null)
            {
                Append(file, line);
            }
        }

        return file.ToString();
    }

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            _ = letter switch
            {
                '\\' or ';' or ',' => escaped.Append('\\').Append(letter),
                '\n' => escaped.Append("\\n"),
                _ when char.IsControl(letter) => escaped,
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    // A longer line goes on in the next one after a space, and never in the middle of a character.
    private static void Append(StringBuilder file, string line)
    {
        var octets = 0;
        foreach (var letter in line.EnumerateRunes())
        {
            if (octets + letter.Utf8SequenceLength > LongestLine)
            {
                file.Append("\r\n ");
                octets = 1;
            }

            file.Append(letter.ToString());
            octets += letter.Utf8SequenceLength;
        }

        file.Append("\r\n");
    }
}
