using CalendlySlices.Features.Admin;
using CalendlySlices.Features.Bell;
using CalendlySlices.Features.Booking;
using CalendlySlices.Features.Cancel;
using CalendlySlices.Features.CoachCard;
using CalendlySlices.Features.Coaches;
using CalendlySlices.Features.Connect;
using CalendlySlices.Features.Delegates;
using CalendlySlices.Features.EventTypes;
using CalendlySlices.Features.FreeTimes;
using CalendlySlices.Features.Live;
using CalendlySlices.Features.MyBookings;
using CalendlySlices.Features.Preferences;
using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Features.Schedules;
using CalendlySlices.Features.SignIn;
using CalendlySlices.Features.Status;
using CalendlySlices.Features.Webhooks;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Pages;

var builder = WebApplication.CreateBuilder(args);
if (!builder.TryReadSettings(out var settings))
{
    return SettingsExtensions.ConfigurationError;
}
builder.AddInfrastructure(settings, args);
builder.AddFeature<AdminEndpoint>();
builder.AddFeature<BellEndpoint>();
builder.AddFeature<BookingEndpoint>();
builder.AddFeature<CancelEndpoint>();
builder.AddFeature<CoachCardEndpoint>();
builder.AddFeature<CoachesEndpoint>();
builder.AddFeature<ConnectEndpoint>();
builder.AddFeature<DelegatesEndpoint>();
builder.AddFeature<EventTypesEndpoint>();
builder.AddFeature<FreeTimesEndpoint>();
builder.AddFeature<LiveEndpoint>();
builder.AddFeature<MyBookingsEndpoint>();
builder.AddFeature<PreferencesEndpoint>();
builder.AddFeature<ScheduledEventsEndpoint>();
builder.AddFeature<SchedulesEndpoint>();
builder.AddFeature<SignInEndpoint>();
builder.AddFeature<StatusEndpoint>();
builder.AddFeature<WebhooksEndpoint>();

var app = builder.Build();
app.UseErrorPage();
app.UseInfrastructure();
app.MapInfrastructure();
app.MapPages();
app.MapFeatures();
return await app.ServeAsync(args);

/// <summary>Named so that the tests can start the real application.</summary>
public partial class Program;
