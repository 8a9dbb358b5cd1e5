using System.Globalization;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Infrastructure.Webhooks;
using NodaTime;

namespace CalendlySlices.Features.Webhooks;

/// <param name="State">Empty for all.</param>
internal sealed record DeliveriesQuery(string? State = null);

/// <param name="Counts">Since this process began.</param>
internal sealed record DeliveriesPage(IReadOnlyList<StateFilter> Filters, IReadOnlyList<DeliveryLine> Lines, IReadOnlyList<(string Words, long Count)> Counts, string? Problem = null);

internal sealed record StateFilter(string Words, long Count, string Url, bool IsShown)
{
    public static IReadOnlyList<StateFilter> All(string? shown, IReadOnlyDictionary<string, long> counts) =>
    [
        new("All", counts.Values.Sum(), "/admin/deliveries", shown is null),
        .. DeliveryState.All.Select(state => new StateFilter(DeliveryWords.OfState(state), counts.GetValueOrDefault(state), $"/admin/deliveries?state={state}", shown == state)),
    ];
}

/// <summary>A delivery in the list.</summary>
internal sealed record DeliveryLine(DeliveryEntry Entry, DateTimeZone Zone)
{
    public string Id { get; } = Entry.Id.ToString(CultureInfo.InvariantCulture);

    public string Event => Entry.Event.Length == 0 ? "cannot be read" : Entry.Event;

    public string Whose => Entry.Name ?? (Entry.UserId is { } id ? string.Create(CultureInfo.InvariantCulture, $"Connection {id}") : "nobody here");

    /// <summary>How old the signature was when it came; ahead of us where the clocks differ.</summary>
    public string Signed => Entry.SignedAt > Entry.ReceivedAt
        ? $"signed {ZonedTime.Span(Entry.SignedAt - Entry.ReceivedAt)} ahead"
        : $"signed {ZonedTime.Span(Entry.ReceivedAt - Entry.SignedAt)} before";
}
