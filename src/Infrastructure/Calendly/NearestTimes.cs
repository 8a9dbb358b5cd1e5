using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>What to offer in place of a start that is taken.</summary>
internal static class NearestTimes
{
    public const int Count = 3;

    /// <summary>Up to <see cref="Count"/>, nearest first.</summary>
    public static IEnumerable<AvailableTime> To(DateTimeOffset start, IEnumerable<AvailableTime> open) =>
        open.OrderBy(time => (time.StartTime - start).Duration()).Take(Count);
}
