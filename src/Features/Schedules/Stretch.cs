namespace CalendlySlices.Features.Schedules;

/// <summary>Hours as a person thinks of them: from a start to an end, which may lie past midnight.</summary>
/// <param name="From">Minutes since the midnight that begins the day.</param>
/// <param name="To">The same; more than <see cref="HourSpan.Midnight"/> when the end is on the next day.</param>
internal readonly record struct Stretch(int From, int To)
{
    /// <summary>Minutes. What goes on longer past midnight is taken for two days' hours, or for a start and an end the wrong
    /// way round.</summary>
    public const int LongestOvernight = 12 * 60;

    /// <summary>
    /// The stretches that begin on a day. Hours to 24:00 and from 00:00 on are one stretch, and belong to the day on which
    /// they begin, when they last at most <see cref="LongestOvernight"/>; otherwise each day has its own.
    /// </summary>
    public static IReadOnlyList<Stretch> Of(IReadOnlyList<HourSpan> before, IReadOnlyList<HourSpan> day, IReadOnlyList<HourSpan> after)
    {
        var own = day.Skip(SpillInto(before, day) is null ? 0 : 1).Select(span => new Stretch(span.From, span.To)).ToList();
        if (SpillInto(day, after) is { } end)
        {
            own[^1] = own[^1] with { To = HourSpan.Midnight + end };
        }

        return own;
    }

    /// <summary>Until when the day's last hours go on into the next day, in minutes of that day; null when they do not.</summary>
    public static int? SpillInto(IReadOnlyList<HourSpan> day, IReadOnlyList<HourSpan> next) =>
        day is [.., { To: HourSpan.Midnight, From: > 0 } tail] && next is [{ From: 0, To: < HourSpan.Midnight } head, ..]
        && HourSpan.Midnight - tail.From + head.To <= LongestOvernight
            ? head.To
            : null;
}
