using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>Deletes subscriptions of connections that are over.</summary>
internal sealed class FormerSubscriptions(CalendlyApiFor calendlyFor, WebhookSubscriptions subscriptions, ILogger<FormerSubscriptions> log) : IWebhookEnd
{
    public async Task TryEndAsync(long userId, string webhookUri, Secret accessToken, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever has connected again meanwhile may have found it and kept it.
            if (await subscriptions.HastenAsync(webhookUri, cancellationToken))
            {
                return;
            }

            var calendly = calendlyFor(new ConnectionOwner(userId) { Once = true, FormerToken = accessToken });
            var deleted = await calendly.DeleteWebhookSubscriptionAsync(CalendlyUri.LastSegment(webhookUri), cancellationToken);
            if (!deleted.Succeeded(out _, out var failure))
            {
                log.LogWarning("A subscription of connection {UserId} could not be deleted before its access ends: {Failure}", userId, failure.Code);
            }

            await subscriptions.HastenAsync(webhookUri, cancellationToken);
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException)
        {
            log.LogWarning("A subscription of connection {UserId} could not be deleted before its access ends: {Trouble}", userId, trouble.GetType().Name);
        }
    }
}
