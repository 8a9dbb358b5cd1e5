using System.Globalization;
using System.Text;
using CalendlySlices.Benchmarks;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));

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
            _ => rest(context),
        });
    };

    private static Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "text/plain";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}
