using System.Text;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>One of the places that an event type lets people choose from, and what becomes of it in a booked session. Source:
/// https://developer.calendly.com/openapi/calendly-api.json</summary>
/// <param name="Kind">For example <c>physical</c>. Two kinds have another name once they are booked.</param>
/// <param name="Location">What the host has written, or null.</param>
internal sealed record PlaceOnOffer(string Kind, string? Location, string? PhoneNumber, string? More)
{
    /// <summary>A booking has to say where, in words or as a number.</summary>
    public bool NeedsText => Kind is "physical" or "outbound_call" or "ask_invitee" or "custom";

    /// <summary>It is for the invitee to say where; otherwise a booking repeats what the host has written.</summary>
    public bool IsUpToInvitee => Kind is "outbound_call" or "ask_invitee" || (NeedsText && Location is null);

    public string Words => Kind switch
    {
        "physical" => $"In person: {Location}",
        "ask_invitee" => "A place of your choice",
        "custom" => Location ?? "Somewhere else",
        "outbound_call" => "We call you",
        "inbound_call" => $"You call {PhoneNumber}",
        "google_conference" => "Google Meet",
        "microsoft_teams_conference" => "Microsoft Teams",
        "gotomeeting_conference" => "GoTo Meeting",
        "webex_conference" => "Webex",
        "zoom_conference" => "Zoom",
        _ => Kind,
    };

    public static IReadOnlyList<PlaceOnOffer> Of(EmulatedEventType type) => [.. type.Locations.Select(Parse)];

    /// <summary>Calendly's JSON of the place of a booked session. Video is set up at once; its link is made of the session's id.</summary>
    public string Booked(string? text, string sessionId) => Encoding.UTF8.GetString(EmulatorJson.Write(json =>
    {
        var type = Kind switch
        {
            "zoom_conference" => "zoom",
            "gotomeeting_conference" => "gotomeeting",
            _ => Kind,
        };
        json.WriteString("type", type);
        if (!type.EndsWith("_conference", StringComparison.Ordinal) && type is not ("zoom" or "gotomeeting"))
        {
            json.WriteString("location", Kind == "inbound_call" ? PhoneNumber : IsUpToInvitee ? text : Location);
            if (More is not null)
            {
                json.WriteString("additional_info", More);
            }

            return;
        }

        json.WriteString("status", "pushed");
        json.WriteString("join_url", $"https://calendly.com/events/{sessionId}/{type}");
        if (Kind != "google_conference")
        {
            json.WriteNull("data");
        }
    }));

    private static PlaceOnOffer Parse(string place)
    {
        using var document = JsonDocument.Parse(place);
        return new(Text("kind") ?? string.Empty, Text("location"), Text("phone_number"), Text("additional_info"));

        string? Text(string name) =>
            document.RootElement.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
    }
}
