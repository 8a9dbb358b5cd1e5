using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The colors of a coach's event types, by URI.</summary>
internal sealed partial class EventTypeColors(ICalendlyApi calendly, ReadCache cache)
{
    /// <summary>For deleted types, for colors that are none, and for all while they cannot be read.</summary>
    public const string Neutral = "#8a8f87";

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>Never fails: a list without colors is still a list.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(long userId, Connection? connection, CancellationToken cancellationToken)
    {
        if (!connection.IsUsable("event_types:read", out _))
        {
            return None;
        }

        var query = new EventTypesQuery(connection.CalendlyUserUri);
        var result = await cache.GetAsync<IReadOnlyDictionary<string, string>>(userId, "event type colors", FreshFor, StaleFor, ListAsync, cancellationToken);
        return result.Succeeded(out var colors, out _) ? colors.Value : None;

        async Task<Result<IReadOnlyDictionary<string, string>>> ListAsync(CancellationToken cancellation) =>
            (await calendly.ListEventTypesAsync(query, cancellation)).Map(Colors);
    }

    /// <summary>A color that is safe to put into an attribute.</summary>
    public static string Of(IReadOnlyDictionary<string, string> colors, string eventType) => colors.GetValueOrDefault(eventType, Neutral);

    private static IReadOnlyDictionary<string, string> Colors(CalendlyPage<EventType> page)
    {
        var colors = new Dictionary<string, string>(page.Collection.Count);
        foreach (var type in page.Collection)
        {
            colors[type.Uri] = Color().IsMatch(type.Color) ? type.Color : Neutral;
        }

        return colors;
    }

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
