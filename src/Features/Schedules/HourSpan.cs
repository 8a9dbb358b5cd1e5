using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.Schedules;

/// <summary>A part of one day by the wall clock, in minutes since midnight.</summary>
/// <param name="To">After <paramref name="From"/>, at most <see cref="Midnight"/>.</param>
internal readonly record struct HourSpan(int From, int To)
{
    /// <summary>The end of a day: 24:00.</summary>
    public const int Midnight = 24 * 60;

    // How systems without a 24:00 write the end of a day. Read as it is meant, or a day would lack its last minute.
    private const int LastMinute = Midnight - 1;

    /// <summary>Null for what is no part of one day.</summary>
    public static HourSpan? Of(AvailabilityInterval interval)
    {
        var (from, to) = (Minutes(interval.From), Minutes(interval.To));
        return from is { } start && to is { } end && start < end ? new HourSpan(start, end == LastMinute ? Midnight : end) : null;
    }

    public AvailabilityInterval ToInterval() => new(Clock(From), Clock(To));

    /// <summary>Minutes since midnight of <c>hh:mm</c>, up to <c>24:00</c>; null for every other text.</summary>
    public static int? Minutes(string text) =>
        text.Length == 5 && text[2] == ':'
        && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && minutes < 60 && (hours * 60) + minutes <= Midnight
            ? (hours * 60) + minutes
            : null;

    /// <summary><c>09:00</c>, <c>24:00</c></summary>
    public static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    /// <summary>In order, with those that touch or overlap made one.</summary>
    public static IReadOnlyList<HourSpan> Merge(IEnumerable<HourSpan> spans)
    {
        var merged = new List<HourSpan>();
        foreach (var span in spans.OrderBy(span => span.From))
        {
            if (merged.Count > 0 && span.From <= merged[^1].To)
            {
                merged[^1] = new HourSpan(merged[^1].From, Math.Max(merged[^1].To, span.To));
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }
}
