using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Live;

internal static class LiveExtensions
{
    /// <summary>What changed, for every instance and every open page, and what is told in the bell.</summary>
    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<Changes>();
        services.AddSingleton<Notices>();
        services.AddSingleton<OpenPages>();
        services.AddWorker<ChangeFeed>();
    }

    /// <summary>Takes each page's <see cref="PageNumber"/>; goes before whatever reads.</summary>
    public static void UseLive(this WebApplication app)
    {
        var feed = app.Services.GetRequiredService<ChangeFeed>();
        app.Use((context, next) =>
        {
            if (!context.Request.IsHtmx())
            {
                context.Features.Set(new PageNumber(feed.Last));
            }

            return next(context);
        });
    }
}
