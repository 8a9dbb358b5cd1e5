using System.Globalization;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>What the address of a booking page asks for. Source:
/// https://developer.calendly.com/api-docs/overview/embedding/recipes</summary>
internal sealed class WidgetAddress(IQueryCollection query)
{
    // Not carried from page to page: each page sets them anew for the next.
    public const string Picked = "picked";
    public const string Date = "date";
    public const string Month = "month";

    /// <summary>Null when it is missing or empty.</summary>
    public string? this[string name] => query[name] is [{ Length: > 0 } text, ..] ? text : null;

    /// <summary>Only a page that says where and how it is embedded is told anything.</summary>
    public bool IsEmbedded => this["embed_domain"] is not null && this["embed_type"] is "Inline" or "PopupWidget" or "PopupButton";

    public bool HidesCookieBanner => this["hide_gdpr_banner"] == "1";

    public string? Name => this["name"] ?? (this["first_name"] is { } first ? $"{first} {this["last_name"]}".Trim() : null);

    public EmulatedTracking Tracking => EmulatedTracking.Of(name => this[name]);

    /// <summary>Null unless the address names a zone that there is.</summary>
    public DateTimeZone? Zone => this["timezone"] is { } id ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) : null;

    /// <summary>The knobs of this address alone: <c>mock=junk,slotTaken</c>.</summary>
    public WidgetTurn Turn => new(
        (this["mock"] ?? string.Empty).Split(',').Where(WidgetKnobs.ByName.ContainsKey).Select(name => WidgetKnobs.ByName[name]).ToHashSet(),
        int.TryParse(this["delayMs"], NumberStyles.None, CultureInfo.InvariantCulture, out var delay) ? delay : 0);

    /// <summary>Everything as it came, in its order.</summary>
    public IReadOnlyList<(string Name, string Value)> Received =>
        [.. query.Where(pair => pair.Key != Picked).SelectMany(pair => pair.Value.Select(value => (pair.Key, value ?? string.Empty)))];

    /// <summary>The prefilled answer to the question at this place, counted from 0.</summary>
    public string? Answer(int position) => this[string.Create(CultureInfo.InvariantCulture, $"a{position + 1}")];

    /// <summary>Another page with everything that this address asks for, and the day to begin with.</summary>
    public string To(string path, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var pairs = query.Where(pair => pair.Key is not (Picked or Date or Month)).ToList();
        foreach (var (name, value) in more)
        {
            pairs.Add(KeyValuePair.Create(name, new StringValues(value)));
        }

        return path + QueryString.Create(pairs).ToUriComponent();
    }
}
