using System.Text.Encodings.Web;
using System.Text.Unicode;
using CalendlySlices.Infrastructure.Settings;
using Microsoft.Extensions.WebEncoders;

namespace CalendlySlices.Infrastructure.Web;

internal static class WebExtensions
{
    private const int LargestBody = 64 * 1024;
    private const int LargestHeaders = 16 * 1024;

    /// <summary>Views, the shell around them, and the limits of what we listen to.</summary>
    public static void AddWeb(this WebApplicationBuilder builder, AppSettings settings)
    {
        // Without this, a build that is run outside Development serves its style sheet and scripts empty.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
        });
        builder.Logging.AddQuietFramework();
        builder.Services.AddSingleton<PageTokens>();
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddApiDescriptions();

        // Left to itself, Development turns input that cannot be bound into a fault of ours.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        // Everything that means something to HTML is still encoded; a dash or an accent stays what it is.
        builder.Services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        builder.Services.AddRazorPages(pages => pages.RootDirectory = "/src/Pages");
        builder.Services.AddShell(new SecurityHeaderOptions { FormActionHosts = settings.Mode.IsReal ? [settings.AuthorizationOrigin] : [] });
    }

    /// <summary>What surrounds every request: the address we are known by, one log line, the headers.</summary>
    public static void UseWeb(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AppSettings>().PublicBaseUrl is { } address)
        {
            app.Use((context, next) =>
            {
                context.Request.Scheme = address.Scheme;
                context.Request.Host = HostString.FromUriComponent(address);
                return next(context);
            });
            app.UseHsts();
        }

        app.UseMiddleware<RequestLog>();
        app.UseSecurityHeaders();
    }

    // At their usual level these write the code and state of a sign-in, addresses with ids, and answers of the token
    // endpoint. What is worth knowing of a request stands in our own line.
    private static void AddQuietFramework(this ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.Warning);
        logging.AddFilter("CalendlySlices.Infrastructure.Identity.CalendlyAuthentication", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Mvc", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.StaticAssets", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.StaticFiles", LogLevel.Warning);
        logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);

        // It warns that keys are kept in the clear, not knowing that our key ring seals them itself.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }
}
