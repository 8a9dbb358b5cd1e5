using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

internal static class SubscriptionExtensions
{
    /// <summary>How we come to be told of what changes: by Calendly, or by looking ourselves.</summary>
    public static void AddSubscriptions(this IServiceCollection services)
    {
        services.AddSingleton<OpenPages>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<WebhookSubscriptions>();
        services.AddSingleton<GapFill>();
        services.AddSingleton<SubscriptionKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<SubscriptionKeeper>());
        services.AddSingleton<SessionPoller>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionPoller>());
        services.AddSingleton<ILiveUpdates, LiveUpdateRecords>();
        services.AddSingleton<IWebhookEnd, FormerSubscriptions>();
    }
}
