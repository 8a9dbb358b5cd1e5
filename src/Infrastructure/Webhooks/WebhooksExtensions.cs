using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Health;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Webhooks;

internal static class WebhooksExtensions
{
    /// <summary>What Calendly tells us by itself: where it is kept, and who works it off.</summary>
    public static void AddWebhooks(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(settings.WebhookKeys);
        services.AddSingleton<DeliveryCounts>();
        services.AddSingleton(_ => new DeliveryPace(DeliveryPace.RefusedPerSecond, TimeSpan.FromSeconds(1)));
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<SessionNews>();
        services.AddWorker<InboxWorker>();
        services.AddHealthFact("deliveries", provider => async cancel =>
        {
            var counts = await provider.GetRequiredService<WebhookInbox>().CountAsync(cancel);
            return new { waiting = Count(DeliveryState.Waiting), held = Count(DeliveryState.Held), dead = Count(DeliveryState.Dead) };

            long Count(string state) => counts.GetValueOrDefault(state);
        });
    }
}
