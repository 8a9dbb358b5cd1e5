using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The colors of a coach's event types, by URI.</summary>
internal sealed partial class EventTypeColors(EventTypeReads eventTypes)
{
    /// <summary>For deleted types, for colors that are none, and for all while they cannot be read.</summary>
    public const string Neutral = "#8a8f87";

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>Never fails: a list without colors is still a list.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(long userId, CancellationToken cancellationToken) =>
        (await eventTypes.ReadAsync(userId, cancellationToken)).Succeeded(out var reading, out _) ? Colors(reading.Value) : None;

    /// <summary>A color that is safe to put into an attribute.</summary>
    public static string Of(IReadOnlyDictionary<string, string> colors, string eventType) => colors.GetValueOrDefault(eventType, Neutral);

    private static Dictionary<string, string> Colors(EventTypeList list) =>
        list.Types.ToDictionary(type => type.Uri, type => Color().IsMatch(type.Color) ? type.Color : Neutral);

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
