using CalendlySlices.Features.Admin;
using CalendlySlices.Features.Cancel;
using CalendlySlices.Features.Connect;
using CalendlySlices.Features.Delegates;
using CalendlySlices.Features.EventTypes;
using CalendlySlices.Features.FreeTimes;
using CalendlySlices.Features.Preferences;
using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Features.Schedules;
using CalendlySlices.Features.SignIn;
using CalendlySlices.Features.Status;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Pages;

var builder = WebApplication.CreateBuilder(args);
if (!builder.TryReadSettings(out var settings))
{
    return SettingsExtensions.ConfigurationError;
}

builder.AddWeb(settings);
builder.Services.AddTokenStore(settings);
builder.Services.AddCalendly(settings);
builder.Services.AddIdentity(settings);
builder.AddOperations(args);
builder.AddFeature<AdminEndpoint>();
builder.AddFeature<CancelEndpoint>();
builder.AddFeature<ConnectEndpoint>();
builder.AddFeature<DelegatesEndpoint>();
builder.AddFeature<EventTypesEndpoint>();
builder.AddFeature<FreeTimesEndpoint>();
builder.AddFeature<PreferencesEndpoint>();
builder.AddFeature<ScheduledEventsEndpoint>();
builder.AddFeature<SchedulesEndpoint>();
builder.AddFeature<SignInEndpoint>();
builder.AddFeature<StatusEndpoint>();

var app = builder.Build();
app.UseExceptionHandler(ErrorPage.Path);
app.UseStatusCodePagesWithReExecute(ErrorPage.Path);
app.UseWeb();
app.UseIdentity();

app.MapStaticAssets();
app.MapRazorPages().WithStaticAssets();
app.MapErrorPage();
ApiPage.Map(app);
app.MapFeatures();
app.MapMockMode();

return await app.ServeAsync(args);

/// <summary>Named so that the tests can start the real application.</summary>
public partial class Program;
