using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Coaches;

/// <summary>Two to four coaches side by side. One call for each that is not in memory, all at once.</summary>
internal sealed class CompareHandler(ListedCoaches coaches, AvailableTimeReads times, TimeProvider clock)
{
    private const string Letters = "ABCD";

    /// <summary>Fails with <c>NotFound</c> for somebody who is not listed, and with <c>ValidationFailed</c> for fewer than two.
    /// Times that cannot be read are an answer, in the lane of that coach.</summary>
    public async Task<Result<CompareBoard>> HandleAsync(CompareInput input, CancellationToken cancellationToken)
    {
        var listed = (await coaches.AllAsync(cancellationToken)).ToDictionary(coach => coach.Slug);
        var slugs = (input.Coach ?? []).Distinct().ToList();
        if (!slugs.TrueForAll(listed.ContainsKey))
        {
            return new Failure(FailureCode.NotFound);
        }

        if (slugs.Count < 2)
        {
            return new Failure(FailureCode.ValidationFailed) { Fields = [new FieldProblem("coach", "count", "Tick two to four coaches to compare them.")] };
        }

        var now = clock.GetUtcNow().In(input.Zone.Zone);
        var week = CompareWeek.Of(now.Date, input.Day, now.Zone);
        var reads = await Task.WhenAll(slugs.Take(Letters.Length).Select(slug => ReadAsync(listed[slug], week, cancellationToken)));
        var allHours = input.Hours == "all";
        var days = reads.Select(read => Days(read, week)).ToList();
        var grids = WeekGrid.Together([.. reads.Zip(days, (read, own) => (own, Length(read.Type)))], now, allHours);
        var oldest = reads.Min(read => read.ReadAt);
        return new CompareBoard(
            week,
            [.. reads.Select((read, at) => new CompareLane(Letters[at..(at + 1)], read.Coach, read.Type, days[at], grids[at], read.Unknown))],
            [.. slugs.Skip(Letters.Length).Select(slug => listed[slug].Name)],
            input.View == "list",
            allHours,
            Common(days),
            oldest,
            ZonedTime.Moment(oldest.In(now.Zone)),
            $"{Shell.City(now.Zone)}, {ZonedTime.Zone(now)}");
    }

    private async Task<LaneRead> ReadAsync(ListedCoach coach, CompareWeek week, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!coach.CanBeBooked || SoonestTimes.TypeOf(coach) is not { } type)
        {
            return new LaneRead(coach, null, [], now, CoachWords.Hindrance(coach));
        }

        var reading = await times.ReadAsync(coach.UserId, CalendlyUri.For("event_types", type.Id), week.Window, cancellationToken);
        return reading.Succeeded(out var open, out var failure)
            ? new LaneRead(coach, type, open.Value, open.ReadAt, null)
            : new LaneRead(coach, type, [], now, CoachWords.Unknown(coach, type, failure));
    }

    private static IReadOnlyList<FreeDay> Days(LaneRead read, CompareWeek week)
    {
        var byDay = read.Times.ToLookup(time => time.StartTime.In(week.Zone).Date);
        return [.. Enumerable.Range(0, 7).Select(number => week.Monday.PlusDays(number)).Select(date =>
            new FreeDay(date, [.. byDay[date].Select(time => FreeSlot.Of(time, Length(read.Type), week.Zone))]))];
    }

    private static TimeSpan Length(ListedEventType? type) => TimeSpan.FromMinutes(type?.DurationMinutes ?? 30);

    private static HashSet<DateTimeOffset> Common(List<IReadOnlyList<FreeDay>> lanes) => lanes
        .Select(days => days.SelectMany(day => day.Slots).Select(slot => slot.Time.StartTime))
        .Aggregate((HashSet<DateTimeOffset>?)null, (common, starts) => common is null ? [.. starts] : [.. common.Intersect(starts)])!;

    private sealed record LaneRead(ListedCoach Coach, ListedEventType? Type, IReadOnlyList<AvailableTime> Times, DateTimeOffset ReadAt, string? Unknown);
}
