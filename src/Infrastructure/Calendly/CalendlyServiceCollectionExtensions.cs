using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Emulator.Widget;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Calendly;

internal static class CalendlyServiceCollectionExtensions
{
    /// <summary>The client of Calendly and the clock; in mock mode on the emulator's wire, otherwise on the network's.</summary>
    public static void AddCalendly(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(settings.Mode);
        services.AddSingleton<CalendlyPages>();
        services.AddHttpContextAccessor();
        services.AddScoped(OwnerOf);
        services.AddSingleton<CalendlyApiFor>(provider => owner => ActivatorUtilities.CreateInstance<CalendlyApi>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ICalendlyApi)), owner));
        services.AddSingleton<EventTypeReads>();
        services.AddSingleton<AvailableTimeReads>();
        services.AddSingleton<SoonestTimes>();

        if (settings.Mode.IsReal)
        {
            services.AddSingleton(TimeProvider.System);
            services.AddCalendlyClient(settings.Calendly);
            return;
        }

        var clock = new MockClock(settings.MockNow);
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(new MockBandClock(() => clock.IsFrozen));
        services.AddSingleton(new EmulatorOptions());
        services.AddSingleton<CalendlyEmulator>();
        EmulatorDeliveries.AddServices(services);
        services.AddSingleton<MockBookings>();
        services.AddSingleton<MockWorld>();
        services.AddWorker<MockWorldStart>();
        services.AddCalendlyClient(settings.Calendly, provider => new EmulatorMessageHandler(provider.GetRequiredService<CalendlyEmulator>()), TimeProvider.System);
    }

    /// <summary>The emulator over HTTP, the stand-in for the booking page, and the hooks for testers; nothing with real
    /// Calendly.</summary>
    public static void MapMockMode(this WebApplication app)
    {
        if (app.Services.GetRequiredService<CalendlyMode>().IsMock)
        {
            app.MapEmulator();
            app.MapMockWidget();
            app.MapTestHooks();
        }
    }

    private static ConnectionOwner OwnerOf(IServiceProvider provider)
    {
        var context = provider.GetRequiredService<IHttpContextAccessor>().HttpContext;
        var user = context is null ? null : CurrentUser.Of(context.User);
        return user is null
            ? throw new InvalidOperationException("Nobody is signed in, so no connection is theirs.")
            : new ConnectionOwner(user.ConnectionOwnerId, ReadsOnly: user.Role == Role.Delegate);
    }
}
