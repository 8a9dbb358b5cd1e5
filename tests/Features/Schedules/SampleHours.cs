using CalendlySlices.Features.Schedules;
using CalendlySlices.Infrastructure.Calendly.Models;
using NodaTime;

namespace CalendlySlices.Tests.Features.Schedules;

/// <summary>Rules and weeks, written short.</summary>
internal static class SampleHours
{
    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];
    public static readonly DateTimeZone Sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];

    /// <param name="days">Such as <c>monday 09:00-12:30 13:30-17:00</c>, or <c>2026-03-10</c> for a closed date.</param>
    public static IReadOnlyList<AvailabilityRule> Rules(params string[] days) =>
        [.. days.Select(day => day.Split(' ')).Select(parts => char.IsDigit(parts[0][0])
            ? new AvailabilityRule("date", null, parts[0], Intervals(parts))
            : new AvailabilityRule("wday", parts[0], null, Intervals(parts)))];

    public static Hours Hours(params string[] days) => CalendlySlices.Features.Schedules.Hours.Of(Rules(days))!;

    private static List<AvailabilityInterval> Intervals(string[] parts) =>
        [.. parts.Skip(1).Select(part => part.Split('-')).Select(times => new AvailabilityInterval(times[0], times[1]))];
}
