using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.EventTypes;

internal sealed record LinksQuery(long UserId, DateTimeZone Zone, string Id);

/// <summary>The single-use links of one event type, as the page shows them.</summary>
/// <param name="Hindrance">Why none can be made; null when one can.</param>
/// <param name="NeedsReconnect">A new connection would help.</param>
/// <param name="Said">What has just happened, for whoever does not see the list change.</param>
internal sealed record LinksPanel(
    string Id, string Name, IReadOnlyList<LinkRow> Links, string? Hindrance, bool NeedsReconnect, string? Problem = null, string? Said = null, bool JustMade = false);

/// <param name="CopyUrl">Null for an address that is not Calendly's.</param>
/// <param name="Made">"Made Tue 10 Mar, 14:02. Works until Mon 8 Jun".</param>
internal sealed record LinkRow(string Id, string Url, string? CopyUrl, string Made);

internal sealed class LinksHandler(OwnEventType types, SingleUseLinks links, ICalendlyApi calendly, IConnections connections, ReadCache cache)
{
    public const string Scope = "scheduling_links:write";

    public async Task<Result<LinksPanel>> ReadAsync(LinksQuery query, CancellationToken cancellationToken) =>
        (await types.FindAsync(query.UserId, query.Id, cancellationToken)).Succeeded(out var type, out var failure)
            ? await PanelAsync(query, type, cancellationToken)
            : failure;

    /// <summary>Makes one. Sent once: a link whose answer is lost is known to nobody and does no harm.</summary>
    public async Task<Result<LinksPanel>> MakeAsync(LinksQuery query, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        if (!connection.IsUsable(Scope, out var failure)
            || !(await types.FindAsync(query.UserId, query.Id, cancellationToken)).Succeeded(out var type, out failure))
        {
            return failure;
        }

        if (!type.Active)
        {
            return new Failure(FailureCode.EventTypeOff);
        }

        // Once Calendly has made it, it is kept, whether or not somebody still waits.
        var made = await calendly.CreateSchedulingLinkAsync(type.Uri, CancellationToken.None);
        if (!made.Succeeded(out var link, out failure))
        {
            return failure.IsOutage && failure.Code != FailureCode.RateLimited
                ? failure with { Message = "Calendly did not confirm. If a link was made, nobody has it, and it does no harm. Try again." }
                : failure;
        }

        await links.AddAsync(query.UserId, query.Id, link.BookingUrl, CancellationToken.None);
        cache.Forget(query.UserId);
        return await PanelAsync(query, type, cancellationToken) with { Said = $"Single-use link for {EventTypeWords.NameOf(type)} made", JustMade = true };
    }

    public async Task<Result<LinksPanel>> RemoveAsync(LinksQuery query, string? link, CancellationToken cancellationToken)
    {
        if (!(await types.FindAsync(query.UserId, query.Id, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        if (!long.TryParse(link, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return new Failure(FailureCode.ValidationFailed, "Choose a link from the list.");
        }

        await links.RemoveAsync(query.UserId, query.Id, id, cancellationToken);
        return await PanelAsync(query, type, cancellationToken) with { Said = "Link removed from the list" };
    }

    private async Task<LinksPanel> PanelAsync(LinksQuery query, EventType type, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        var allowed = connection?.Allows(Scope) is true;
        var made = await links.OfAsync(query.UserId, query.Id, cancellationToken);
        return new LinksPanel(
            query.Id,
            EventTypeWords.NameOf(type),
            [.. made.Select(link => new LinkRow(
                link.Id.ToString(CultureInfo.InvariantCulture),
                link.BookingUrl,
                CalendlyUri.PageOrNull(link.BookingUrl),
                $"Made {ZonedTime.Moment(link.MadeAt.In(query.Zone))}. Works until {ZonedTime.Day(link.ExpiresAt.In(query.Zone).Date)}"))],
            !allowed ? "Your connection does not allow making links. Reconnect and tick Manage scheduling links."
                : !type.Active ? "This event type is off in Calendly: a link to it could not be booked."
                : null,
            !allowed);
    }
}
