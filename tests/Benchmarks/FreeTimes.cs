using System.Diagnostics;
using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using NodaTime;

namespace CalendlySlices.Benchmarks;

/// <summary>How long the emulated Calendly looks for free times: a month around a clock change, open day and night, a start every
/// quarter of an hour, with sessions and calendar entries in between.</summary>
internal static class FreeTimes
{
    private const int WarmUps = 200;
    private const int Rounds = 101;

    public static void Print()
    {
        var found = 0;
        for (var round = 0; round < WarmUps; round++)
        {
            found = Find().Count;
        }

        var samples = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            Find();
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        samples.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"31 days of free times  {samples[Rounds / 2],8:N2} ms, the slowest {samples[^1]:N2} ms, {found:N0} found"));
    }

    private static List<OpenSlot> Find()
    {
        var start = Instant.FromUtc(2026, 3, 1, 0, 0);
        var hours = new WeeklyHours(
            DateTimeZoneProviders.Tzdb["America/New_York"],
            AvailabilityRules.Weekdays.ToDictionary(weekday => weekday.Day, _ => (IReadOnlyList<DayHours>)[new DayHours(0, WeeklyHours.EndOfDay)]),
            new Dictionary<LocalDate, IReadOnlyList<DayHours>>());
        var busy = Enumerable.Range(0, 100).Select(number => start + Duration.FromMinutes(number * 437)).Select(begin => new TimeBlock(begin, begin + Duration.FromMinutes(20))).ToList();
        var times = new AvailableTimes(new SlotRules(15, 15) { AfterBuffer = 5 }, [], start);
        return times.WhenAllAreFree([new HostTime(hours, busy)], start, start + Duration.FromDays(31));
    }
}
