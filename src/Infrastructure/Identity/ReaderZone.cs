using NodaTime;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>
/// The IANA zone in which this reader sees times; a route takes it as a parameter. Set at sign-in from the browser, or
/// from the Calendly profile where the browser said nothing, kept in a cookie, and changeable in the header.
/// </summary>
internal sealed record ReaderZone(DateTimeZone Zone)
{
    public const string Cookie = "zone";

    public static ReaderZone Of(HttpContext context) =>
        new(Find(context.Request.Cookies[Cookie]) ?? DateTimeZone.Utc);

    // Minimal APIs call this to fill a route's parameter.
    public static ValueTask<ReaderZone?> BindAsync(HttpContext context) => ValueTask.FromResult<ReaderZone?>(Of(context));

    /// <summary>Null for a name that the zone database does not know.</summary>
    public static DateTimeZone? Find(string? id) => id is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);

    /// <summary>Keeps the zone for a year; an unknown name changes nothing.</summary>
    public static void Keep(HttpResponse response, string? id)
    {
        if (Find(id) is not { } zone)
        {
            return;
        }

        response.Cookies.Append(Cookie, zone.Id, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            HttpOnly = true,
            Secure = response.HttpContext.Request.IsHttps,
            IsEssential = true,
        });
    }
}
