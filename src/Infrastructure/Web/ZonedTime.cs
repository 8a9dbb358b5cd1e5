using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>How times are written: 24 hours, day before month, always in a named zone. English, whatever the server's
/// culture.</summary>
internal static class ZonedTime
{
    private static readonly LocalDatePattern ShortDay = LocalDatePattern.CreateWithInvariantCulture("ddd d MMM");
    private static readonly LocalDatePattern LongDay = LocalDatePattern.CreateWithInvariantCulture("dddd d MMMM");
    private static readonly LocalDatePattern LongDayAndYear = LocalDatePattern.CreateWithInvariantCulture("dddd d MMMM yyyy");
    private static readonly LocalDatePattern HeadDay = LocalDatePattern.CreateWithInvariantCulture("ddd d MMMM");

    public static ZonedDateTime In(this DateTimeOffset instant, DateTimeZone zone) => Instant.FromDateTimeOffset(instant).InZone(zone);

    /// <summary><c>2026-03-10T13:00:00Z</c>, for <c>datetime</c> attributes and scripts.</summary>
    public static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";

    /// <summary><c>09:00</c></summary>
    public static string Clock(ZonedDateTime time) => string.Create(5, time, static (text, time) => WriteClock(text, time));

    /// <summary><c>09:00–09:30</c>; an end on another day says which: <c>23:30–00:30 Wed 11 Mar</c>.</summary>
    public static string Range(ZonedDateTime start, ZonedDateTime end) =>
        end.Date == start.Date ? Clocks(start, end) : $"{Clocks(start, end)} {Day(end.Date)}";

    /// <summary><c>Tue 10 Mar</c></summary>
    public static string Day(LocalDate date) => ShortDay.Format(date);

    /// <summary><c>Tue 10 Mar, 14:02</c></summary>
    public static string Moment(ZonedDateTime time) => $"{Day(time.Date)}, {Clock(time)}";

    /// <summary><c>Today, Mon 2 March</c>, <c>Tomorrow, …</c>, <c>Yesterday, …</c>, then <c>Tuesday 10 March</c>, with the year
    /// when it is not this one.</summary>
    public static string DayHead(LocalDate date, LocalDate today) => Period.DaysBetween(today, date) switch
    {
        0 => $"Today, {HeadDay.Format(date)}",
        1 => $"Tomorrow, {HeadDay.Format(date)}",
        -1 => $"Yesterday, {HeadDay.Format(date)}",
        _ => (date.Year == today.Year ? LongDay : LongDayAndYear).Format(date),
    };

    /// <summary><c>Tue 10 Mar, 09:00–09:30 EST (UTC−5)</c></summary>
    public static string Full(ZonedDateTime start, ZonedDateTime end) => $"{Day(start.Date)}, {Range(start, end)} {Zone(start)}";

    /// <summary><c>EST (UTC−5)</c>, or <c>UTC+5:30</c> in a zone that has no letters of its own.</summary>
    public static string Zone(ZonedDateTime time) =>
        Letters(time) is { } letters && letters != "UTC" ? $"{letters} ({UtcOffset(time.Offset)})" : UtcOffset(time.Offset);

    /// <summary><c>EST</c>, or <c>UTC+5:30</c> in a zone that has no letters of its own.</summary>
    public static string ZoneName(ZonedDateTime time) => Letters(time) ?? UtcOffset(time.Offset);

    /// <summary><c>UTC−5</c>, <c>UTC+5:30</c>, <c>UTC</c></summary>
    public static string UtcOffset(Offset offset)
    {
        var minutes = Math.Abs(offset.Seconds) / 60;
        var sign = offset.Seconds < 0 ? "−" : "+";
        return offset == Offset.Zero ? "UTC"
            : minutes % 60 == 0 ? $"UTC{sign}{minutes / 60}"
            : string.Create(CultureInfo.InvariantCulture, $"UTC{sign}{minutes / 60}:{minutes % 60:00}");
    }

    /// <summary><c>45 s</c>, <c>12 min</c>, <c>1 h 45 min</c>, <c>3 days</c>; rounded down, never negative.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{span.Seconds} s",
        { TotalHours: < 1 } => $"{span.Minutes} min",
        { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} h" : $"{span.Hours} h {span.Minutes} min",
        _ => span.Days == 1 ? "1 day" : $"{span.Days} days",
    };

    /// <summary><c>just now</c>, <c>12 min ago</c>.</summary>
    public static string Ago(TimeSpan age) => age < TimeSpan.FromSeconds(2) ? "just now" : $"{Span(age)} ago";

    /// <summary>True from 21:00 to 06:59, when somebody is asked to meet at an hour to think twice about.</summary>
    public static bool IsNight(ZonedDateTime time) => time.Hour is >= 21 or < 7;

    private static string Clocks(ZonedDateTime start, ZonedDateTime end) => string.Create(11, (start, end), static (text, times) =>
    {
        WriteClock(text, times.start);
        text[5] = '–';
        WriteClock(text[6..], times.end);
    });

    // By hand: a list writes these by the dozen, and a pattern costs five times as much.
    private static void WriteClock(Span<char> text, ZonedDateTime time)
    {
        var (hour, minute) = (time.Hour, time.Minute);
        text[0] = (char)('0' + (hour / 10));
        text[1] = (char)('0' + (hour % 10));
        text[2] = ':';
        text[3] = (char)('0' + (minute / 10));
        text[4] = (char)('0' + (minute % 10));
    }

    // Zones without an abbreviation of their own carry figures there, such as "-03".
    private static string? Letters(ZonedDateTime time) =>
        time.Zone.GetZoneInterval(time.ToInstant()).Name is { Length: > 0 } name && char.IsAsciiLetter(name[0]) ? name : null;
}
