using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>The hours of an event type as stretches of real time. A date's own rule counts instead of its weekday's.
/// Source: https://developer.calendly.com/api-docs/calendly-api/availability</summary>
internal sealed class OpenHours
{
    private readonly DateTimeZone _zone;
    private readonly Dictionary<LocalDate, AvailabilityRule> _dates = [];
    private readonly Dictionary<IsoDayOfWeek, AvailabilityRule> _weekdays = [];

    private OpenHours(DateTimeZone zone, IReadOnlyList<AvailabilityRule> rules)
    {
        _zone = zone;
        foreach (var rule in rules)
        {
            if (rule.Date is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date })
            {
                _dates[date] = rule;
            }
            else if (Enum.TryParse<IsoDayOfWeek>(rule.Wday, ignoreCase: true, out var day))
            {
                _weekdays[day] = rule;
            }
        }
    }

    /// <summary>Null when the zone is unknown or there are no rules: then nothing can be said.</summary>
    public static OpenHours? Of(EventTypeHours? hours) =>
        hours is { Rules: { } rules } && ReaderZone.Find(hours.Timezone) is { } zone ? new OpenHours(zone, rules) : null;

    /// <summary>True when the day is closed by a rule for just that date.</summary>
    public bool IsClosedOn(LocalDate date) => _dates.TryGetValue(date, out var rule) && rule.Intervals.Count == 0;

    /// <summary>What is open within a stretch of time, in order.</summary>
    public IEnumerable<Interval> Within(Interval stretch)
    {
        // From the day before: a day of the reader's may begin on another date here.
        for (var date = stretch.Start.InZone(_zone).Date.PlusDays(-1); date <= stretch.End.InZone(_zone).Date; date = date.PlusDays(1))
        {
            foreach (var interval in Rule(date)?.Intervals ?? [])
            {
                if (At(date, interval.From) is { } from && At(date, interval.To) is { } to && Common(stretch, from, to) is { } open)
                {
                    yield return open;
                }
            }
        }
    }

    private AvailabilityRule? Rule(LocalDate date) => _dates.GetValueOrDefault(date) ?? _weekdays.GetValueOrDefault(date.DayOfWeek);

    private Instant? At(LocalDate date, string clock) => clock == "24:00"
        ? date.PlusDays(1).AtStartOfDayInZone(_zone).ToInstant()
        : LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(clock) is { Success: true, Value: var time }
            ? (date + time).InZoneLeniently(_zone).ToInstant()
            : null;

    private static Interval? Common(Interval stretch, Instant from, Instant to)
    {
        var (start, end) = (Instant.Max(stretch.Start, from), Instant.Min(stretch.End, to));
        return start < end ? new Interval(start, end) : null;
    }
}
