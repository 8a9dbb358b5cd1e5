namespace CalendlySlices.Infrastructure.Live;

internal static class LiveExtensions
{
    /// <summary>What changed, for every instance and every open page, and what is told in the bell.</summary>
    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<Changes>();
        services.AddSingleton<Notices>();
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
    }
}
