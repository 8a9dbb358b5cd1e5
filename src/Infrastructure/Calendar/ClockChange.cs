using System.Globalization;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendar;

/// <summary>The clocks of a zone are moved.</summary>
/// <param name="From">The first wall-clock time that is skipped, or that comes twice.</param>
/// <param name="To">The first one after those.</param>
/// <param name="IsForward">True when times are skipped.</param>
internal sealed record ClockChange(LocalDateTime From, LocalDateTime To, bool IsForward)
{
    public LocalDate Date => From.Date;

    public string Words => IsForward ? $"Clocks go forward at {Clock(From)}" : $"Clocks go back at {Clock(To)}";

    public string Effect => IsForward ? $"{Clock(From)} to {Clock(To)} is skipped" : $"{Clock(From)} to {Clock(To)} comes twice";

    /// <summary>Those of the zone from the first day to the last one, which is excluded.</summary>
    public static IReadOnlyList<ClockChange> Between(DateTimeZone zone, LocalDate first, LocalDate end) =>
        [.. zone.GetZoneIntervals(new Interval(first.AtStartOfDayInZone(zone).ToInstant(), end.AtStartOfDayInZone(zone).ToInstant()))
            .Skip(1)
            .Select(interval => At(interval.Start, zone))
            .OfType<ClockChange>()];

    /// <summary>True for an instant whose wall-clock time has been there once before.</summary>
    public static bool IsSecondTime(ZonedDateTime time) =>
        time.Zone.MapLocal(time.LocalDateTime) is { Count: 2 } twice && time.ToInstant() == twice.Last().ToInstant();

    // A zone may also change nothing but its name.
    private static ClockChange? At(Instant moment, DateTimeZone zone)
    {
        var before = moment.WithOffset(zone.GetUtcOffset(moment - Duration.Epsilon)).LocalDateTime;
        var after = moment.InZone(zone).LocalDateTime;
        return before == after ? null
            : before < after ? new ClockChange(before, after, IsForward: true)
            : new ClockChange(after, before, IsForward: false);
    }

    private static string Clock(LocalDateTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Hour:00}:{time.Minute:00}");
}
