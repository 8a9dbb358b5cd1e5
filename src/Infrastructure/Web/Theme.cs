namespace CalendlySlices.Infrastructure.Web;

/// <summary>Light, dark, or what the reader's system says; kept in a cookie so that the first paint is right.</summary>
internal static class Theme
{
    public const string Cookie = "theme";
    public const string System = "system";

    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> All = [System, "light", "dark"];

    public static string Of(HttpContext context) =>
        context.Request.Cookies.TryGetValue(Cookie, out var theme) && IsKnown(theme) ? theme : System;

    public static bool IsKnown(string? theme) => theme is not null && All.Contains(theme);

    public static void Keep(HttpResponse response, string theme) => response.Cookies.Append(Cookie, theme, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(365),
        SameSite = SameSiteMode.Lax,
        HttpOnly = true,
        Secure = response.HttpContext.Request.IsHttps,
        IsEssential = true,
    });
}
