using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

/// <param name="Patience">How long to wait for soonest times that are not known; zero asks for none.</param>
/// <param name="Round">How often they have been asked for.</param>
internal sealed record CoachesQuery(DateTimeZone Zone, CoachesFilter Filter, TimeSpan Patience, int Round);

/// <summary>The directory, from our own records and from what is in memory of free times.</summary>
internal sealed class CoachesHandler(ListedCoaches coaches, SoonestTimes soonest, TimeProvider clock)
{
    // Every call has ended by then, one way or the other.
    private const int MostRounds = 12;

    public async Task<CoachesPage> HandleAsync(CoachesQuery query, CancellationToken cancellationToken)
    {
        var filter = query.Filter;
        var all = await coaches.AllAsync(cancellationToken);
        var matching = all.Where(filter.Matches).ToList();
        var bookable = matching.Where(coach => coach.CanBeBooked).ToList();
        if (query.Patience > TimeSpan.Zero)
        {
            await soonest.ReadAsync(bookable, query.Patience, cancellationToken);
        }

        var now = clock.GetUtcNow().In(query.Zone);
        var ticked = filter.Ticked.Select(slug => all.FirstOrDefault(coach => coach.Slug == slug)).OfType<ListedCoach>().Where(coach => coach.CanBeBooked).ToList();
        var found = matching.Select(coach => (Coach: coach, Soonest: coach.CanBeBooked ? soonest.Known(coach) : null)).ToList();
        var complete = query.Round >= MostRounds || found.All(one => !one.Coach.CanBeBooked || one.Soonest is { IsFresh: true });
        return new CoachesPage(
            filter,
            [.. all.SelectMany(coach => coach.Tags).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)],
            [.. found.Where(one => IsFree(one.Coach, one.Soonest, filter.Free, now)).OrderBy(one => Rank(one.Coach, one.Soonest, filter)).Select(one => Entry(one.Coach, one.Soonest, ticked, now))],
            all.Count,
            ticked,
            complete ? null : filter.TimesUrl(query.Round + 1))
        {
            Round = query.Round,
        };
    }

    // Those of whom it is not known yet stay, at the end; they may be.
    private static bool IsFree(ListedCoach coach, Soonest? soonest, FreeWhen when, ZonedDateTime now) => when == FreeWhen.Any
        || (coach.CanBeBooked && (soonest?.Starts is null || (soonest.First is { } first && first.In(now.Zone).Date <= LastDay(when, now.Date))));

    // A week ends on Sunday.
    private static LocalDate LastDay(FreeWhen when, LocalDate today) => when == FreeWhen.Today ? today : today.PlusDays(7 - (int)today.DayOfWeek);

    // Keeps the order of names within a rank. Whoever cannot be booked comes last.
    private static (int Group, DateTimeOffset Start) Rank(ListedCoach coach, Soonest? soonest, CoachesFilter filter) =>
        !coach.CanBeBooked || soonest is { IsOutOfReach: true } ? (3, default)
        : !filter.DependsOnTimes ? (0, default)
        : soonest?.Starts is null ? (2, default)
        : soonest.First is { } first ? (0, filter.BySoonest ? first : default)
        : (1, default);

    private static CoachEntry Entry(ListedCoach coach, Soonest? soonest, List<ListedCoach> ticked, ZonedDateTime now)
    {
        var (city, time) = CoachEntry.PlaceOf(coach, now);
        var isTicked = ticked.Contains(coach);
        var hindrance = soonest is { IsOutOfReach: true } ? CoachWords.Reconnect(coach) : CoachWords.Hindrance(coach);
        return new CoachEntry(
            coach,
            city,
            time,
            hindrance is null ? SoonestWords.Of(coach, soonest, now) : null,
            hindrance,
            isTicked,
            isTicked || ticked.Count < CoachesFilter.MostTicked);
    }
}
