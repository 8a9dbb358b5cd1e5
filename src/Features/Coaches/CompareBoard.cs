using System.Globalization;
using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

/// <summary>The free times of two to four coaches in one week.</summary>
/// <param name="Lanes">A coach each, in the order of the address.</param>
/// <param name="LeftOut">Names of coaches for whom there is no room.</param>
/// <param name="ReadAt">The oldest of what is shown.</param>
internal sealed record CompareBoard(
    CompareWeek Week,
    IReadOnlyList<CompareLane> Lanes,
    IReadOnlyList<string> LeftOut,
    bool AsList,
    bool AllHours,
    IReadOnlySet<DateTimeOffset> Common,
    DateTimeOffset ReadAt,
    string ReadAtWords,
    string Zone)
{
    public string Span => $"{ZonedTime.Day(Week.Monday)} to {ZonedTime.Day(Week.End.PlusDays(-1))}";

    public string Url => At(Week.Monday, AsList, AllHours);

    public string ListUrl => At(Week.Monday, asList: true, allHours: false);

    public string WeekUrl => At(Week.Monday, asList: false, AllHours);

    public string AllHoursUrl => At(Week.Monday, asList: false, allHours: true);

    public string TodayUrl => At(Week.Today, AsList, AllHours);

    public string NextUrl => At(Week.End, AsList, AllHours);

    /// <summary>Null in this week.</summary>
    public string? PreviousUrl => Week.Monday <= Week.Today ? null : At(Week.Monday.PlusDays(-7), AsList, AllHours);

    /// <summary>What is folded away above and below.</summary>
    public string? Folded => (Lanes.Sum(lane => lane.Grid.Earlier), Lanes.Sum(lane => lane.Grid.Later)) switch
    {
        (0, 0) => null,
        (var early, 0) => $"{early} before 06:00",
        (0, var late) => $"{late} from 22:00",
        var (early, late) => $"{early} before 06:00, {late} from 22:00",
    };

    /// <summary>Every coach's times could be read.</summary>
    public bool IsWhole => Lanes.All(lane => lane.Unknown is null);

    public string Summary => !IsWhole ? $"What is open for {All} is not known" : Common.Count == 0 ? $"No time is open for {All}"
        : string.Create(CultureInfo.InvariantCulture, $"{Common.Count} {(Common.Count == 1 ? "time" : "times")} open for {All}");

    /// <summary><c>both</c>, <c>all three</c>, <c>all four</c>.</summary>
    public string All => Lanes.Count switch { 2 => "both", 3 => "all three", _ => "all four" };

    /// <summary>The list: days with anything open, and for each start those who have it.</summary>
    public IEnumerable<(LocalDate Date, IReadOnlyList<CompareTime> Times)> Days =>
        from lane in Lanes
        from day in lane.Days
        from slot in day.Slots
        group (Lane: lane, Slot: slot) by day.Date into day
        orderby day.Key
        select (day.Key, (IReadOnlyList<CompareTime>)[.. day
            .GroupBy(one => one.Slot.Time.StartTime)
            .OrderBy(start => start.Key)
            .Select(start => new CompareTime(start.First().Slot, Common.Contains(start.Key), [.. start.Select(one => one.Lane)]))]);

    public string RemoveUrl(CompareLane without) => $"/coaches/compare?{Coaches(Lanes.Where(lane => lane != without))}&week={CompareWeek.Iso(Week.Monday)}";

    /// <summary>For a day or a week without any time.</summary>
    public string Nothing => IsWhole ? "Nothing open" : "Nothing known to be open";

    private static string Coaches(IEnumerable<CompareLane> lanes) => string.Join('&', lanes.Select(lane => $"coach={lane.Coach.Slug}"));

    private string At(LocalDate day, bool asList, bool allHours) =>
        $"/coaches/compare?{Coaches(Lanes)}&week={CompareWeek.Iso(day)}{(asList ? "&view=list" : "")}{(allHours ? "&hours=all" : "")}";
}

/// <summary>One coach's free times in the week.</summary>
/// <param name="Letter">A to D; also names the pattern.</param>
/// <param name="Type">The event type that stands for the coach; null without one.</param>
/// <param name="Unknown">Why the times are not known; null when they are.</param>
internal sealed record CompareLane(string Letter, ListedCoach Coach, ListedEventType? Type, IReadOnlyList<FreeDay> Days, WeekGrid Grid, string? Unknown)
{
    public int Open => Days.Sum(day => day.Slots.Count);

    /// <summary>Places and patterns a slot.</summary>
    public string Class => $"lane-{Letter.ToLowerInvariant()}";

    public string BookUrl(FreeSlot slot) => BookingAddress.Of(Coach.Slug, Type!.Id, slot.Time.StartTime);
}

/// <param name="Slot">Of the first of the lanes.</param>
internal sealed record CompareTime(FreeSlot Slot, bool IsCommon, IReadOnlyList<CompareLane> Lanes);
