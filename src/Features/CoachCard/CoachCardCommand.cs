using CalendlySlices.Infrastructure.Identity;
using NodaTime;

namespace CalendlySlices.Features.CoachCard;

/// <summary>The card as typed.</summary>
/// <param name="Tags">Separated by commas; languages likewise.</param>
/// <param name="EventTypes">Ids of those that are ticked.</param>
/// <param name="Agreed">The coach wants to be listed.</param>
internal sealed record CoachCardCommand(
    CurrentUser Coach, DateTimeZone Zone, string Name, string Email, string Tags, string Languages, string About, IReadOnlyList<string> EventTypes, bool Agreed)
{
    public IReadOnlyList<string> TagList => Words(Tags);

    public IReadOnlyList<string> LanguageList => Words(Languages);

    public static CoachCardCommand Read(CurrentUser coach, DateTimeZone zone, IFormCollection form) => new(
        coach,
        zone,
        form["name"].ToString().Trim(),
        form["email"].ToString().Trim(),
        form["tags"].ToString(),
        form["languages"].ToString(),
        // Browsers send line ends as two characters.
        form["about"].ToString().ReplaceLineEndings(" ").Trim(),
        [.. form["eventTypes"].OfType<string>().Distinct()],
        form["listed"] == "yes");

    private static IReadOnlyList<string> Words(string text) =>
        [.. text.Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
}
