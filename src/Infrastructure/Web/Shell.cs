using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Diagnostics;
using NodaTime;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>Gathers what the layout needs; one for the process.</summary>
internal sealed class Shell(CalendlyMode mode, TimeProvider time, MockBandClock? bandClock = null)
{
    public ShellPage For(HttpContext context)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var zone = ReaderZone.Of(context).Zone;
        return new ShellPage(
            PageStamp.Of(context),
            CurrentUser.Of(context.User),
            Theme.Of(context),
            ZoneLabel(zone, now),
            mode.IsMock,
            mode.Name,
            now.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            mode.IsMock ? ClockIn(zone, now) : string.Empty,
            bandClock?.IsFrozen() ?? false,
            ReturnTo(context));
    }

    /// <summary><c>New York</c></summary>
    public static string City(DateTimeZone zone) => zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary>The city and today's distance from UTC, with a real minus sign.</summary>
    public static string ZoneLabel(DateTimeZone zone, Instant now)
    {
        var offset = zone.GetUtcOffset(now);
        var city = City(zone);
        var distance = ZonedTime.UtcOffset(offset);
        return city == distance ? city : $"{city}, {distance}";
    }

    private static string ClockIn(DateTimeZone zone, Instant now) =>
        now.InZone(zone).ToString("ddd d MMM uuuu, HH:mm", CultureInfo.InvariantCulture) + " " + zone.GetZoneInterval(now).Name;

    // The error page runs under another address than the one that the reader sees.
    private static string ReturnTo(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath
        ?? context.Features.Get<IExceptionHandlerPathFeature>()?.Path
        ?? context.Request.Path + context.Request.QueryString;
}
