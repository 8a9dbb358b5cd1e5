using System.Globalization;
using System.Text;
using CalendlySlices.Benchmarks;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

[assembly: HostingStartup(typeof(BenchRoutes))]

namespace CalendlySlices.Benchmarks;

/// <summary>
/// What the measured application gets on top of its own: an address that says hello behind the same pipeline as every
/// page, one that tells what was allocated, and an emulator that never runs out of calls. ASP.NET Core loads it by the name
/// of this assembly.
/// </summary>
internal sealed class BenchRoutes : IHostingStartup, IStartupFilter
{
    public const string Plaintext = "/bench/plaintext";
    public const string Allocated = "/bench/allocated";

    /// <summary>Collects all that is garbage, and answers with what is left on the managed heap.</summary>
    public const string Heap = "/bench/heap";

    /// <summary>Opens 08:00 to 17:00 of every day for Olu's shortest event type, and answers with its id.</summary>
    public const string OpenHours = "/bench/open-hours";

    /// <summary>Begins with fifty coaches of whose free times nothing is known; answers with the calls made before.</summary>
    public const string Coaches = "/bench/coaches";

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services =>
        {
            services.AddSingleton<IStartupFilter>(this);
            services.PostConfigureAll<HttpClientFactoryOptions>(options =>
                options.HttpMessageHandlerBuilderActions.Add(handlers => handlers.AdditionalHandlers.Add(new BenchCoaches())));
        });

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.ApplicationServices.GetRequiredService<EmulatorOptions>().PaidCallsPerMinute = int.MaxValue;
        next(app);

        // Behind everything that every page passes, so that both pay for it.
        app.Use((context, rest) => context.Request.Path.Value switch
        {
            Plaintext => WriteAsync(context.Response, Hello),
            Allocated => WriteAsync(context.Response, Encoding.ASCII.GetBytes(
                GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture))),
            Heap => WriteAsync(context.Response, Encoding.ASCII.GetBytes(CollectedHeap().ToString(CultureInfo.InvariantCulture))),
            OpenHours => OpenHoursAsync(context),
            Coaches => CoachesAsync(context),
            _ => rest(context),
        });
    };

    private static async Task OpenHoursAsync(HttpContext context)
    {
        var emulator = context.RequestServices.GetRequiredService<CalendlyEmulator>();
        var id = EmulatedIds.EventType("olu", "quick-question");
        string[] days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
        var rules = string.Join(',', days.Select(day => $$"""{"type":"wday","wday":"{{day}}","intervals":[{"from":"08:00","to":"17:00"}]}"""));
        var answer = await emulator.HandleAsync(
            new EmulatorCall("PATCH", $"/event_type_availability_schedules?event_type=https://api.calendly.com/event_types/{id}")
            {
                Host = EmulatorHost.Api,
                Authorization = $"Bearer {emulator.Grant("olu", ["availability:write"]).AccessToken.Reveal()}",
                ContentType = "application/json",
                Body = Encoding.UTF8.GetBytes($$"""{"availability_rule":{"timezone":"America/Los_Angeles","rules":[{{rules}}]},"availability_setting":"host"}"""),
            },
            context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        await WriteAsync(context.Response, Encoding.ASCII.GetBytes(id));
    }

    private static async Task CoachesAsync(HttpContext context) =>
        await WriteAsync(context.Response, Encoding.ASCII.GetBytes((await BenchCoaches.BeginAsync(context.RequestServices, context.RequestAborted)).ToString(CultureInfo.InvariantCulture)));

    private static long CollectedHeap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "text/plain";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}
