using System.Globalization;
using CalendlySlices.Infrastructure.Web;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>Two weeks of open times of an event type, and how its times are written.</summary>
internal static class WidgetCalendar
{
    private const int DaysOnAPage = 14;

    private static readonly string[] InstantForms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>The zone that the address names, or else that of the host.</summary>
    public static DateTimeZone Zone(BookingDesk desk, EmulatedEventType type, WidgetAddress address) => address.Zone ?? desk.World.HoursOf(type, type.Owner).Hours.Zone;

    /// <summary>The instant in a path; null when it is none.</summary>
    public static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    /// <summary><c>Tue 3 Mar, 11:00–11:30 EST (UTC−5)</c></summary>
    public static string When(DateTimeOffset start, DateTimeOffset end, DateTimeZone zone) => ZonedTime.Full(start.In(zone), end.In(zone));

    /// <param name="path">Of this page; a time's is one segment longer.</param>
    public static WidgetTimes Times(BookingDesk desk, EmulatedEventType type, WidgetAddress address, string path, string heading, string what, DateTimeOffset now)
    {
        var zone = Zone(desk, type, address);
        var today = now.In(zone).Date;
        var asked = address[WidgetAddress.Date] is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date : today;
        var first = LocalDate.Max(asked, today);
        var next = first.PlusDays(DaysOnAPage);
        var slots = desk.OpenTimes.Of(type, zone.AtStartOfDay(first).ToInstant(), zone.AtStartOfDay(next).ToInstant(), now);
        return new(
            heading,
            what,
            zone.Id,
            [.. slots.GroupBy(slot => slot.Start.InZone(zone).Date).Select(day => new WidgetDay(ZonedTime.DayHead(day.Key, today), [.. day.Select(slot => Time(slot, zone, address, path))]))],
            first > today ? new(From(LocalDate.Max(today, first.PlusDays(-DaysOnAPage))), "Earlier") : null,
            next <= today.PlusDays(type.HorizonDays) ? new(From(next), "Later") : null);

        string From(LocalDate day) => address.To(path, (WidgetAddress.Date, LocalDatePattern.Iso.Format(day)));
    }

    private static WidgetTime Time(OpenSlot slot, DateTimeZone zone, WidgetAddress address, string path)
    {
        var start = InstantPattern.General.Format(slot.Start);
        return new(address.To($"{path}/{start}", (WidgetAddress.Picked, "1")), ZonedTime.Clock(slot.Start.InZone(zone)), start);
    }
}
