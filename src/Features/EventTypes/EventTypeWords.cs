using System.Globalization;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.EventTypes;

/// <summary>What is said about event types, and what these panels say when they have nothing to show.</summary>
internal static partial class EventTypeWords
{
    public static readonly PanelWords EventTypes = new(
        "Event types",
        "Your event types are at Calendly. Connect it once to see them here and to share their links.",
        "Your connection does not allow reading event types. Reconnect and tick Manage event types.",
        "We could not find that event type. It may belong to another account.",
        "That is not an event type",
        "/event-types",
        "Back to event types");

    public static readonly PanelWords EventType = EventTypes with { What = "This event type" };

    /// <summary>Where a coach changes what cannot be changed here.</summary>
    public const string CalendlyUrl = "https://calendly.com/event_types/user/me";

    /// <summary>For colors that are none.</summary>
    private const string NeutralColor = "#8a8f87";

    public static string NameOf(EventType type) => string.IsNullOrWhiteSpace(type.Name) ? "Event type without a name" : type.Name;

    public static string KindOf(EventType type) => type switch
    {
        { PoolingType: "round_robin" } => "Round robin",
        { PoolingType: "collective" } => "Collective",
        { PoolingType: not null } => "Team",
        { Kind: "group" } => "Group",
        _ => "One-on-one",
    };

    /// <summary>"30 min"; "30 or 45 min" where the invitee chooses.</summary>
    public static string LengthOf(EventType type)
    {
        var lengths = (type.DurationOptions ?? []).Select(minutes => (decimal)minutes).Append(type.Duration).Distinct().Order()
            .Select(minutes => minutes.ToString("0.##", CultureInfo.InvariantCulture)).ToList();
        return lengths.Count == 1 ? $"{lengths[0]} min" : $"{string.Join(", ", lengths[..^1])} or {lengths[^1]} min";
    }

    /// <summary>A color that is safe to put into an attribute.</summary>
    public static string ColorOf(EventType type) => Color().IsMatch(type.Color) ? type.Color : NeutralColor;

    /// <summary>Why only Calendly itself can turn this on and off; null where we can. Source:
    /// https://developer.calendly.com/api-docs/calendly-api/event-types/update-event-type</summary>
    public static string? WhyNotSwitched(EventType type) =>
        type.Type != "StandardEventType" ? "One-off meetings can only be turned on and off in Calendly."
        : type.Profile?.Type == "Team" ? "Event types of a team can only be turned on and off in Calendly."
        : type is { Kind: "solo", PoolingType: null } ? null
        : $"{KindOf(type)} event types can only be turned on and off in Calendly.";

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
