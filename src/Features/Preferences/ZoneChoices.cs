using NodaTime.TimeZones;

namespace CalendlySlices.Features.Preferences;

/// <summary>The zones on offer, by region: the time zone database's own list for people, without its old aliases.</summary>
internal static class ZoneChoices
{
    public static readonly IReadOnlyList<Region> Regions =
    [
        .. TzdbDateTimeZoneSource.Default.ZoneLocations!
            .Select(location => location.ZoneId)
            .Distinct()
            .GroupBy(id => id[..id.IndexOf('/')])
            .OrderBy(region => region.Key, StringComparer.Ordinal)
            .Select(region => new Region(region.Key, [.. region.Order(StringComparer.Ordinal).Select(id => new City(id, CityName(id)))])),
        new Region("Other", [new City("UTC", "UTC")]),
    ];

    private static readonly HashSet<string> Ids = [.. Regions.SelectMany(region => region.Cities).Select(city => city.Id)];

    /// <summary>False for an alias such as <c>US/Eastern</c>, which a browser may well report.</summary>
    public static bool Includes(string id) => Ids.Contains(id);

    private static string CityName(string id) => id[(id.IndexOf('/') + 1)..].Replace("/", ", ").Replace('_', ' ');

    internal sealed record Region(string Name, IReadOnlyList<City> Cities);

    internal sealed record City(string Id, string Name);
}
