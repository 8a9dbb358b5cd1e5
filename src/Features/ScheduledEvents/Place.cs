using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>Where a session takes place, in a word or two.</summary>
/// <param name="Icon">One character, never the only bearer of the meaning.</param>
/// <param name="Text">Untrusted where it is an address or the host's own words; at most as long as Calendly lets it be.</param>
internal sealed record Place(string Icon, string Text)
{
    private const string Video = "▷";
    private const string Phone = "☏";
    private const string Spot = "⌂";

    private static readonly Place Unset = new(Spot, "No place set");

    public static Place Of(EventLocation? location) => location is null ? Unset : location.Type switch
    {
        "zoom" => new(Video, "Zoom"),
        "google_conference" => new(Video, "Google Meet"),
        "gotomeeting" => new(Video, "GoTo Meeting"),
        "microsoft_teams_conference" => new(Video, "Microsoft Teams"),
        "webex_conference" => new(Video, "Webex"),
        "inbound_call" => new(Phone, "They call you"),
        "outbound_call" => new(Phone, "You call them"),
        "physical" or "ask_invitee" or "custom" when !string.IsNullOrWhiteSpace(location.Location) => new(Spot, location.Location),
        "physical" or "ask_invitee" or "custom" => Unset,
        _ => new(Spot, string.IsNullOrWhiteSpace(location.Location) ? "Another place" : location.Location),
    };

    /// <summary>The address to join at. Only https may become a link; everything else stays text.</summary>
    public static string? JoinUrl(EventLocation? location) => HttpsUrl(location?.JoinUrl);

    /// <summary>Null for all that is not an https address.</summary>
    public static string? HttpsUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri.AbsoluteUri : null;
}
