using System.Globalization;
using CalendlySlices.Infrastructure.Webhooks;
using NodaTime;

namespace CalendlySlices.Features.Webhooks;

/// <summary>What an administrator sees of deliveries: never a body.</summary>
internal sealed class DeliveriesHandler(WebhookInbox inbox, DeliveryCounts counts)
{
    private const int Listed = 200;

    public async Task<DeliveriesPage> HandleAsync(DeliveriesQuery query, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var state = string.IsNullOrEmpty(query.State) ? null : query.State;
        var lines = await inbox.ListAsync(state, Listed, cancellationToken);
        return new DeliveriesPage(
            StateFilter.All(state, await inbox.CountAsync(cancellationToken)),
            [.. lines.Select(line => new DeliveryLine(line, zone))],
            [.. DeliveryCounts.Results.Select(result => (DeliveryWords.OfCount(result), counts[result]))]);
    }

    /// <summary>The delivery as it stands then; as it was when there is nothing in it to look at again. Null when there is none, or that is
    /// no id.</summary>
    public async Task<DeliveryLine?> ReplayAsync(string id, DateTimeZone zone, CancellationToken cancellationToken)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || await inbox.FindAsync(number, cancellationToken) is not { } entry)
        {
            return null;
        }

        if (entry.CanBeReplayed)
        {
            await inbox.RequeueAsync(number);
        }

        return await inbox.FindAsync(number, CancellationToken.None) is { } now ? new DeliveryLine(now, zone) : null;
    }
}
