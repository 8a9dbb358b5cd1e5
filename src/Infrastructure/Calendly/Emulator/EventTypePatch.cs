using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What a PATCH may change of an event type, and within which limits. Source:
/// https://developer.calendly.com/api-docs/calendly-api/event-types/update-event-type</summary>
internal static partial class EventTypePatch
{
    private const int LongestMinutes = 720;
    private const int MostOptions = 4;

    private static readonly int[] Buffers = [0, 5, 10, 15, 30, 45, 60, 90, 120, 150, 180];

    private static readonly string[] PlaceKinds =
    [
        "physical", "ask_invitee", "custom", "inbound_call", "outbound_call",
        "google_conference", "zoom_conference", "gotomeeting_conference", "microsoft_teams_conference", "webex_conference",
    ];

    private static readonly string[] PlaceFields = ["location", "additional_info", "phone_number"];

    /// <summary>The changed type; worth something only if the body then has no problems.</summary>
    public static EmulatedEventType Apply(EmulatedEventType type, ApiBody body) => type with
    {
        Name = body.Text("name") ?? type.Name,
        Active = body.Flag("active") ?? type.Active,
        Description = Description(body, type.Description),
        Minutes = body.Whole("duration", 1, LongestMinutes) ?? type.Minutes,
        MinuteOptions = Options(body, type.MinuteOptions),
        Locations = Locations(body) ?? type.Locations,
        Color = Color(body) ?? type.Color,
        Locale = body.OneOf("locale", "de", "en", "es", "fr", "it", "nl", "pt", "uk") ?? type.Locale,
        StartTimeIncrement = body.Whole("start_time_increment", 5, LongestMinutes) ?? type.StartTimeIncrement,
        BeforeBuffer = Buffer(body, "before_buffer") ?? type.BeforeBuffer,
        AfterBuffer = Buffer(body, "after_buffer") ?? type.AfterBuffer,
    };

    /// <summary>May be emptied, unlike the other texts.</summary>
    private static string? Description(ApiBody body, string? before)
    {
        if (body.Value("description") is not { } value)
        {
            return body.IsNull("description") ? null : before;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            body.Refuse("description", "must be a text");
            return null;
        }

        return value.GetString() is { Length: > 0 } text ? text : null;
    }

    private static IReadOnlyList<int>? Options(ApiBody body, IReadOnlyList<int>? before)
    {
        if (body.IsNull("duration_options"))
        {
            return null;
        }

        if (body.Items("duration_options") is not { } items)
        {
            return before;
        }

        var options = new List<int>();
        foreach (var item in items)
        {
            if (!ApiBody.IsWhole(item, 1, LongestMinutes, out var minutes) || options.Contains(minutes) || options.Count == MostOptions)
            {
                body.Refuse("duration_options", string.Create(CultureInfo.InvariantCulture, $"must be up to {MostOptions} different whole numbers from 1 to {LongestMinutes}"));
                return before;
            }

            options.Add(minutes);
        }

        return options.Count == 0 ? null : options;
    }

    private static List<string>? Locations(ApiBody body)
    {
        if (body.Items("locations") is not { } items)
        {
            return null;
        }

        var places = new List<string>();
        for (var index = 0; index < items.Count; index++)
        {
            if (body.Inside(string.Create(CultureInfo.InvariantCulture, $"locations[{index}]"), items[index]) is { } place)
            {
                places.Add(Place(place));
            }
        }

        return places;
    }

    /// <summary>Calendly's JSON of one place, with the documented fields alone.</summary>
    private static string Place(ApiBody place)
    {
        place.Require("kind");
        var kind = place.OneOf("kind", PlaceKinds);
        if (kind == "inbound_call")
        {
            place.Require("phone_number");
        }

        foreach (var name in PlaceFields)
        {
            if (place.Value(name) is { ValueKind: not JsonValueKind.String })
            {
                place.Refuse(name, "must be a text");
            }
        }

        return Encoding.UTF8.GetString(EmulatorJson.Write(json =>
        {
            json.WriteString("kind", kind);
            foreach (var name in PlaceFields)
            {
                if (place.Value(name) is { ValueKind: JsonValueKind.String } value)
                {
                    json.WriteString(name, value.GetString());
                }
            }
        }));
    }

    private static string? Color(ApiBody body)
    {
        var color = body.Text("color");
        if (color is null || HexColor().IsMatch(color))
        {
            return color;
        }

        body.Refuse("color", "must be a color like #1a7f64");
        return null;
    }

    private static int? Buffer(ApiBody body, string name)
    {
        var minutes = body.Whole(name, Buffers[0], Buffers[^1]);
        if (minutes is null || Buffers.Contains(minutes.Value))
        {
            return minutes;
        }

        body.Refuse(name, $"must be one of: {string.Join(", ", Buffers)}");
        return null;
    }

    [GeneratedRegex(@"\A#[0-9a-f]{6}\z")]
    private static partial Regex HexColor();
}
