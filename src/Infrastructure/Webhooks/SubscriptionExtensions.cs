using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Health;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

internal static class SubscriptionExtensions
{
    /// <summary>How we come to be told of what changes: by Calendly, or by looking ourselves.</summary>
    public static void AddSubscriptions(this IServiceCollection services)
    {
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<WebhookSubscriptions>();
        services.AddSingleton<GapFill>();
        services.AddWorker<SubscriptionKeeper>();
        services.AddWorker<SessionPoller>();
        services.AddSingleton<ILiveUpdates, LiveUpdateRecords>();
        services.AddSingleton<IWebhookEnd, FormerSubscriptions>();
        services.AddHealthFact("webhookSubscriptions", provider => async cancel => await provider.GetRequiredService<WebhookSubscriptions>().CountByStateAsync(cancel));
    }
}
