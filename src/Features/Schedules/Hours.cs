using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Calendly.Models;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.Schedules;

/// <summary>When somebody can be booked, by the wall clock: seven weekdays, and dates that count instead of their weekday.</summary>
internal sealed class Hours
{
    public static readonly IReadOnlyList<IsoDayOfWeek> Days = [.. Enumerable.Range(1, 7).Select(day => (IsoDayOfWeek)day)];

    private readonly IReadOnlyList<HourSpan>[] _week;
    private readonly SortedDictionary<LocalDate, IReadOnlyList<HourSpan>> _dates;

    private Hours(IReadOnlyList<HourSpan>[] week, SortedDictionary<LocalDate, IReadOnlyList<HourSpan>> dates)
    {
        _week = week;
        _dates = dates;
    }

    public IReadOnlyDictionary<LocalDate, IReadOnlyList<HourSpan>> Dates => _dates;

    public IReadOnlyList<HourSpan> this[IsoDayOfWeek day] => _week[(int)day - 1];

    public IReadOnlyList<HourSpan> this[LocalDate date] => _dates.GetValueOrDefault(date, this[date.DayOfWeek]);

    /// <summary>Null when a rule makes no sense: half of somebody's hours would tell a wrong story.</summary>
    public static Hours? Of(IReadOnlyList<AvailabilityRule> rules)
    {
        var week = Days.Select(_ => new List<HourSpan>()).ToArray();
        var dates = new SortedDictionary<LocalDate, IReadOnlyList<HourSpan>>();
        foreach (var rule in rules)
        {
            var spans = rule.Intervals.Select(interval => HourSpan.Of(interval)).ToList();
            if (spans.Contains(null))
            {
                return null;
            }

            if (rule.Type == "wday" && Days.FirstOrDefault(day => Word(day) == rule.Wday) is var weekday && weekday != IsoDayOfWeek.None)
            {
                week[(int)weekday - 1].AddRange(spans.OfType<HourSpan>());
            }
            else if (rule.Type == "date" && DateOf(rule) is { } date)
            {
                dates[date] = HourSpan.Merge(spans.OfType<HourSpan>().Concat(dates.GetValueOrDefault(date, [])));
            }
            else
            {
                return null;
            }
        }

        return new Hours([.. week.Select(HourSpan.Merge)], dates);
    }

    /// <summary>The same dates with another week.</summary>
    /// <param name="week">The stretches that begin on each day, Monday first. Those past midnight are cut in two.</param>
    public Hours WithWeek(IReadOnlyList<IReadOnlyList<Stretch>> week)
    {
        var days = Days.Select(_ => new List<HourSpan>()).ToArray();
        for (var day = 0; day < days.Length; day++)
        {
            foreach (var (from, to) in week[day])
            {
                days[day].Add(new HourSpan(from, Math.Min(to, HourSpan.Midnight)));
                if (to > HourSpan.Midnight)
                {
                    days[(day + 1) % days.Length].Add(new HourSpan(0, to - HourSpan.Midnight));
                }
            }
        }

        return new Hours([.. days.Select(HourSpan.Merge)], _dates);
    }

    /// <summary>The stretches that begin on a weekday.</summary>
    public IReadOnlyList<Stretch> Stretches(IsoDayOfWeek day) => Stretch.Of(this[Before(day)], this[day], this[After(day)]);

    /// <summary>No weekday has hours, and no date from this one on.</summary>
    public bool IsEmptyFrom(LocalDate today) =>
        _week.All(spans => spans.Count == 0) && _dates.Where(date => date.Key >= today).All(date => date.Value.Count == 0);

    public bool HasSameWeek(Hours other) => Days.All(day => this[day].SequenceEqual(other[day]));

    /// <summary>What Calendly takes: a rule for each of the seven days, and the dates exactly as they came, without those of
    /// before yesterday, for which Calendly would refuse all. Source:
    /// https://developer.calendly.com/api-docs/calendly-api/availability/update-user-availability-schedule</summary>
    /// <param name="former">The rules that are replaced.</param>
    public IReadOnlyList<AvailabilityRule> ToRules(IReadOnlyList<AvailabilityRule> former, LocalDate today) =>
    [
        .. Days.Select(day => new AvailabilityRule("wday", Word(day), null, [.. this[day].Select(span => span.ToInterval())])),
        .. former.Where(rule => rule.Type == "date" && DateOf(rule) >= today.PlusDays(-1)),
    ];

    /// <summary>Tells two weeks apart; the same for weeks that mean the same. Dates do not count: saving leaves them as they
    /// are.</summary>
    public string Version(string timezone)
    {
        var week = string.Join('|', _week.Select(spans => string.Join(',', spans.Select(span => $"{span.From}-{span.To}"))));
        return WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes($"{timezone}|{week}")).AsSpan(0, 16));
    }

    /// <summary>Calendly's word, also used in forms and addresses: <c>tuesday</c>.</summary>
    public static string Word(IsoDayOfWeek day) => Name(day).ToLowerInvariant();

    /// <summary><c>Tuesday</c></summary>
    public static string Name(IsoDayOfWeek day) => day.ToString();

    public static IsoDayOfWeek After(IsoDayOfWeek day) => day == IsoDayOfWeek.Sunday ? IsoDayOfWeek.Monday : day + 1;

    public static IsoDayOfWeek Before(IsoDayOfWeek day) => day == IsoDayOfWeek.Monday ? IsoDayOfWeek.Sunday : day - 1;

    private static LocalDate? DateOf(AvailabilityRule rule) =>
        rule.Date is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? date : null;
}
