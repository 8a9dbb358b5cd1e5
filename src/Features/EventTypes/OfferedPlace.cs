using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.EventTypes;

/// <param name="Icon">One character, never the only bearer of the meaning.</param>
/// <param name="Text">Untrusted where it is an address or the host's own words.</param>
internal sealed record OfferedPlace(string Icon, string Text, string? Detail)
{
    private const string Video = "▷";
    private const string Phone = "☏";
    private const string Spot = "⌂";

    private static readonly OfferedPlace None = new(Spot, "No place set", null);

    /// <summary>In a few words: "Zoom", or "Zoom +1" where the invitee has a choice; the title names them all.</summary>
    public static (OfferedPlace First, string Words, string Title) InShort(IReadOnlyList<LocationConfiguration>? locations)
    {
        var places = AllOf(locations);
        return places.Count == 0 ? (None, None.Text, None.Text)
            : (places[0], places.Count == 1 ? places[0].Text : $"{places[0].Text} +{places.Count - 1}", string.Join(", ", places.Select(place => place.Text)));
    }

    public static IReadOnlyList<OfferedPlace> AllOf(IReadOnlyList<LocationConfiguration>? locations) => [.. (locations ?? []).Select(Of)];

    private static OfferedPlace Of(LocationConfiguration place) => place.Kind switch
    {
        "zoom_conference" => new(Video, "Zoom", null),
        "google_conference" => new(Video, "Google Meet", null),
        "gotomeeting_conference" => new(Video, "GoTo Meeting", null),
        "microsoft_teams_conference" => new(Video, "Microsoft Teams", null),
        "webex_conference" => new(Video, "Webex", null),
        "inbound_call" => new(Phone, "They call you", Lines(place.PhoneNumber, place.AdditionalInfo)),
        "outbound_call" => new(Phone, "You call them", null),
        "ask_invitee" => new(Spot, "The invitee says where", Lines(place.Location)),
        "physical" => new(Spot, Or(place.Location, "In person"), Lines(place.AdditionalInfo)),
        _ => new(Spot, Or(place.Location, "Another place"), Lines(place.AdditionalInfo)),
    };

    private static string Or(string? text, string normal) => string.IsNullOrWhiteSpace(text) ? normal : text;

    private static string? Lines(params ReadOnlySpan<string?> lines)
    {
        var said = string.Join(". ", lines.ToArray().Where(line => !string.IsNullOrWhiteSpace(line)));
        return said.Length == 0 ? null : said;
    }
}
