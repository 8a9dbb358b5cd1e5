namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>The cookie of somebody who waits to hear whether they have booked: each page that is opened then asks for news.</summary>
internal static class AwaitedNews
{
    private const string Cookie = "unconfirmed";

    public static bool IsIn(HttpRequest request) => request.Cookies.ContainsKey(Cookie);

    /// <summary>Ends by itself when what is waited for is forgotten.</summary>
    public static void Begin(HttpContext http) => http.Response.Cookies.Append(Cookie, "1", new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = BookingStore.AttemptLife,
        IsEssential = true,
    });

    public static void End(HttpResponse response) => response.Cookies.Delete(Cookie);
}
