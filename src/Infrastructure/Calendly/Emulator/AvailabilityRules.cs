using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// Reads the <c>rules</c> of a schedule: exactly one for each day of the week, at most one for a date. Source:
/// https://developer.calendly.com/api-docs/calendly-api/availability/create-user-availability-schedule
/// </summary>
internal static partial class AvailabilityRules
{
    /// <summary>As Calendly spells and sorts them.</summary>
    public static readonly IReadOnlyList<(string Name, IsoDayOfWeek Day)> Weekdays =
    [
        ("sunday", IsoDayOfWeek.Sunday), ("monday", IsoDayOfWeek.Monday), ("tuesday", IsoDayOfWeek.Tuesday), ("wednesday", IsoDayOfWeek.Wednesday),
        ("thursday", IsoDayOfWeek.Thursday), ("friday", IsoDayOfWeek.Friday), ("saturday", IsoDayOfWeek.Saturday),
    ];

    /// <summary>Null, and the problems noted, when the rules are wrong or missing.</summary>
    /// <param name="earliest">The first date that a rule may be about.</param>
    public static WeeklyHours? Read(ApiBody body, DateTimeZone zone, LocalDate earliest)
    {
        var problems = body.Problems.Count;
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>>();
        var dates = new Dictionary<LocalDate, IReadOnlyList<DayHours>>();
        if (body.Items("rules") is not { } rules)
        {
            return null;
        }

        for (var index = 0; index < rules.Count; index++)
        {
            if (body.Inside(string.Create(CultureInfo.InvariantCulture, $"rules[{index}]"), rules[index]) is { } rule)
            {
                ReadRule(rule, week, dates, earliest);
            }
        }

        foreach (var (name, day) in Weekdays)
        {
            if (!week.ContainsKey(day) && body.Problems.Count == problems)
            {
                body.Refuse("rules", $"must have one rule for each day of the week; {name} has none");
            }
        }

        return body.Problems.Count == problems ? new WeeklyHours(zone, week, dates) : null;
    }

    private static void ReadRule(
        ApiBody rule, Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> week, Dictionary<LocalDate, IReadOnlyList<DayHours>> dates, LocalDate earliest)
    {
        rule.Require("type");
        rule.Require("intervals");
        var type = rule.OneOf("type", "wday", "date");
        var hours = Hours(rule);
        switch (type)
        {
            case "wday":
                rule.Require("wday");
                if (rule.OneOf("wday", [.. Weekdays.Select(weekday => weekday.Name)]) is { } name && !week.TryAdd(Weekdays.First(weekday => weekday.Name == name).Day, hours))
                {
                    rule.Refuse("wday", "has another rule already");
                }

                break;
            case "date":
                rule.Require("date");
                if (rule.Text("date") is { } text)
                {
                    ReadDate(rule, text, hours, dates, earliest);
                }

                break;
        }
    }

    private static void ReadDate(ApiBody rule, string text, IReadOnlyList<DayHours> hours, Dictionary<LocalDate, IReadOnlyList<DayHours>> dates, LocalDate earliest)
    {
        if (LocalDatePattern.Iso.Parse(text) is not { Success: true, Value: var date })
        {
            rule.Refuse("date", "must be a date like 2026-03-02");
        }
        else if (date < earliest)
        {
            rule.Refuse("date", "must not be in the past");
        }
        else if (!dates.TryAdd(date, hours))
        {
            rule.Refuse("date", "has another rule already");
        }
    }

    private static List<DayHours> Hours(ApiBody rule)
    {
        var hours = new List<DayHours>();
        var items = rule.Items("intervals") ?? [];
        for (var index = 0; index < items.Count; index++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"intervals[{index}]");
            if (rule.Inside(name, items[index]) is not { } interval)
            {
                continue;
            }

            interval.Require("from");
            interval.Require("to");
            if (Minute(interval, "from", WeeklyHours.EndOfDay - 1) is not { } from || Minute(interval, "to", WeeklyHours.EndOfDay) is not { } to)
            {
                continue;
            }

            if (from >= to)
            {
                rule.Refuse(name, "must end after it begins");
            }
            else if (hours.Exists(other => from < other.To && other.From < to))
            {
                rule.Refuse(name, "overlaps another interval");
            }
            else
            {
                hours.Add(new(from, to));
            }
        }

        hours.Sort((one, other) => one.From.CompareTo(other.From));
        return hours;
    }

    private static int? Minute(ApiBody interval, string name, int latest)
    {
        if (interval.Text(name) is not { } text)
        {
            return null;
        }

        if (TimeOfDay().IsMatch(text))
        {
            var minute = (int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture);
            if (minute <= latest)
            {
                return minute;
            }
        }

        interval.Refuse(name, "must be a time of day like 09:30");
        return null;
    }

    [GeneratedRegex(@"\A[0-2][0-9]:[0-5][0-9]\z")]
    private static partial Regex TimeOfDay();
}
