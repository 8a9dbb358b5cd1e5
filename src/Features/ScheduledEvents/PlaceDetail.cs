using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>A place with all that helps to get there.</summary>
/// <param name="JoinUrl">Set only when it is https.</param>
/// <param name="Lines">An address, a number, remarks: text, whatever they look like.</param>
internal sealed record PlaceDetail(Place Place, string? JoinUrl, IReadOnlyList<string> Lines)
{
    // A conference may list a number for each country of the world.
    private const int MaxNumbers = 5;

    public static PlaceDetail Of(EventLocation? location)
    {
        if (location is null)
        {
            return new PlaceDetail(Place.Of(null), null, []);
        }

        var joinUrl = Place.JoinUrl(location);
        var place = Place.Of(location);
        string?[] lines =
        [
            location.Location == place.Text ? null : location.Location,
            location.AdditionalInfo,
            joinUrl is null ? location.JoinUrl : null,
            Conference(location.Status),
            .. location.Data is { ValueKind: JsonValueKind.Object } data ? DialIn(location.Type, data) : [],
        ];
        return new PlaceDetail(place, joinUrl, [.. lines.Where(line => !string.IsNullOrWhiteSpace(line)).OfType<string>()]);
    }

    private static string? Conference(string? status) => status switch
    {
        "initiated" or "processing" => "The link is being made. Look again in a minute.",
        "failed" => "Calendly could not make the link.",
        _ => null,
    };

    // The shapes differ by provider and are nobody's contract: what is not as expected is left out.
    private static IEnumerable<string?> DialIn(string type, JsonElement data) => type switch
    {
        "zoom" => [.. Numbers(Find(data, "settings", "global_dial_in_numbers"), "number", "country_name"), Labeled("Meeting ID", data, "id"), Labeled("Passcode", data, "password")],
        "microsoft_teams_conference" => [Labeled("Dial in", data, "audioConferencing", "tollNumber"), Labeled("Conference ID", data, "audioConferencing", "conferenceId")],
        "webex_conference" => [.. Numbers(Find(data, "telephony", "callInNumbers"), "callInNumber", "label"), Labeled("Password", data, "password")],
        "gotomeeting" => [Text(Find(data, "conferenceCallInfo"))],
        _ => [],
    };

    private static IEnumerable<string?> Numbers(JsonElement? list, string number, string label) =>
        list is not { ValueKind: JsonValueKind.Array } numbers ? [] : numbers.EnumerateArray().Take(MaxNumbers).Select(entry =>
            Text(Find(entry, number)) is not { } digits ? null
                : Text(Find(entry, label)) is { } where ? $"Dial in: {digits} ({where})"
                : $"Dial in: {digits}");

    private static string? Labeled(string label, JsonElement data, params ReadOnlySpan<string> path) =>
        Text(Find(data, path)) is { } text ? $"{label}: {text}" : null;

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string? Text(JsonElement? element) => element?.ValueKind switch
    {
        JsonValueKind.String => element.Value.GetString(),
        JsonValueKind.Number => element.Value.GetRawText(),
        _ => null,
    };
}
