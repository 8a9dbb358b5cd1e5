using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Health;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Infrastructure;

/// <summary>All that stands behind the slices, in the order in which it has to stand.</summary>
internal static class InfrastructureExtensions
{
    /// <param name="args">The command line: an operator's command, or nothing.</param>
    public static void AddInfrastructure(this WebApplicationBuilder builder, AppSettings settings, string[] args)
    {
        builder.AddWeb(settings);
        builder.Services.AddTokenStore(settings);
        builder.Services.AddCalendly(settings);
        builder.Services.AddIdentity(settings);
        builder.Services.AddWebhooks(settings);
        builder.AddOperations(settings, args);
        builder.Services.AddHealth();
    }

    /// <summary>What every request passes.</summary>
    public static void UseInfrastructure(this WebApplication app)
    {
        app.UseWeb();
        app.UseHealth();
        app.UseLive();
        app.UseIdentity();
    }

    /// <summary>The routes that belong to no slice.</summary>
    public static void MapInfrastructure(this WebApplication app)
    {
        app.MapStaticAssets().WithMetadata(new AnsweredAlways());
        app.MapRazorPages().WithStaticAssets();
        app.MapHealth();
        app.MapMockMode();
    }
}
