using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>Where a session takes place, as whoever booked it should hear it.</summary>
internal static class BookingPlace
{
    /// <summary>Untrusted where it is an address or somebody's own words; null where no place is set.</summary>
    public static string? Words(EventLocation? location) => location switch
    {
        null => null,
        { Type: "inbound_call" } => $"You call {location.Location}",
        { Type: "outbound_call" } => string.IsNullOrWhiteSpace(location.Location) ? "The coach calls you" : $"The coach calls you at {location.Location}",
        _ => Provider(location.Type) ?? (string.IsNullOrWhiteSpace(location.Location) ? null : location.Location),
    };

    /// <summary>Null for all that is not an https address.</summary>
    public static string? JoinUrl(EventLocation? location) =>
        Uri.TryCreate(location?.JoinUrl, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri.AbsoluteUri : null;

    /// <summary>The name of a video provider, by either of Calendly's two spellings; null for other kinds of place.</summary>
    public static string? Provider(string kind) => kind switch
    {
        "zoom" or "zoom_conference" => "Zoom",
        "google_conference" => "Google Meet",
        "gotomeeting" or "gotomeeting_conference" => "GoTo Meeting",
        "microsoft_teams_conference" => "Microsoft Teams",
        "webex_conference" => "Webex",
        _ => null,
    };
}
