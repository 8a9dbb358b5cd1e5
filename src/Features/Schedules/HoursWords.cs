using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Schedules;

/// <summary>Hours in words.</summary>
internal static class HoursWords
{
    public const string Closed = "Closed";

    /// <summary>A whole day: "09:00–12:30, 13:30–17:00", "Closed", "22:00 until 02:00 on Wednesday", and on that Wednesday "until
    /// 02:00 from Tuesday".</summary>
    public static string Day(IReadOnlyList<HourSpan> before, IReadOnlyList<HourSpan> day, IReadOnlyList<HourSpan> after, IsoDayOfWeek weekday)
    {
        var begun = Stretches(Stretch.Of(before, day, after), weekday);
        return Stretch.SpillInto(before, day) is not { } end ? begun
            : $"until {HourSpan.Clock(end)} from {Hours.Name(Hours.Before(weekday))}{(begun == Closed ? string.Empty : $", {begun}")}";
    }

    /// <summary>What begins on a day, without what comes over from the day before.</summary>
    public static string Stretches(IReadOnlyList<Stretch> stretches, IsoDayOfWeek weekday) =>
        stretches.Count == 0 ? Closed : string.Join(", ", stretches.Select(stretch => One(stretch, weekday)));

    public static string One(Stretch stretch, IsoDayOfWeek weekday) => stretch.To <= HourSpan.Midnight
        ? $"{HourSpan.Clock(stretch.From)}–{HourSpan.Clock(stretch.To)}"
        : $"{HourSpan.Clock(stretch.From)} until {HourSpan.Clock(stretch.To - HourSpan.Midnight)} on {Hours.Name(Hours.After(weekday))}";

    /// <summary>A line for each weekday that differs: "Tuesday 09:00–17:00 → 09:00–13:00".</summary>
    public static IReadOnlyList<string> Changes(Hours from, Hours to) =>
    [
        .. from day in Hours.Days
           let was = Stretches(@from.Stretches(day), day)
           let becomes = Stretches(to.Stretches(day), day)
           where was != becomes
           select $"{Hours.Name(day)} {was} → {becomes}",
    ];

    /// <summary>"31 h", "30 min", "12 h 30 min"; to the minute.</summary>
    public static string Length(Duration duration)
    {
        var minutes = (long)Math.Round(duration.TotalMinutes);
        return (minutes / 60, minutes % 60) switch
        {
            (var hours, 0) => $"{hours} h",
            (0, var rest) => $"{rest} min",
            (var hours, var rest) => $"{hours} h {rest} min",
        };
    }

    /// <summary>"Tue 10 Mar: Closed", "Thu 12 Mar: 10:00–14:00".</summary>
    public static string Date(LocalDate date, IReadOnlyList<HourSpan> spans) =>
        $"{ZonedTime.Day(date)}: {Stretches([.. spans.Select(span => new Stretch(span.From, span.To))], date.DayOfWeek)}";

    /// <summary>"Monday", "Monday and Friday", "Monday, Tuesday and Friday".</summary>
    public static string List(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
}
