namespace CalendlySlices.Infrastructure.Web;

internal static class ShellExtensions
{
    /// <summary>What the layout, its tag helpers and the headers need, beside the mode and the clock.</summary>
    public static void AddShell(this IServiceCollection services, SecurityHeaderOptions headers)
    {
        services.AddSingleton(headers);
        services.AddSingleton<AntiforgeryTokens>();
        services.AddSingleton<Assets>();
        services.AddSingleton<Shell>();
    }

    /// <summary>Goes inside the error handlers and outside everything else.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.UseMiddleware<SecurityHeaders>();
}
