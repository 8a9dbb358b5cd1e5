using System.Globalization;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

/// <summary>The directory, or a part of it.</summary>
/// <param name="Tags">Those of all coaches, for the filter.</param>
/// <param name="Cards">In the order in which they are shown.</param>
/// <param name="Listed">How many coaches there are in all.</param>
/// <param name="Ticked">Of all coaches, also those whom the filter hides.</param>
/// <param name="TimesUrl">Asks for the soonest times that are not known yet; null when all are.</param>
internal sealed record CoachesPage(
    CoachesFilter Filter, IReadOnlyList<string> Tags, IReadOnlyList<CoachEntry> Cards, int Listed, IReadOnlyList<ListedCoach> Ticked, string? TimesUrl)
{
    /// <summary>How often the times have been asked for.</summary>
    public int Round { get; init; }

    /// <summary>Set where the address asks for something that cannot be.</summary>
    public Trouble? Trouble { get; init; }

    public string State => Trouble?.State ?? (Listed == 0 ? "empty-none" : Cards.Count == 0 ? "empty-filtered" : "ready");

    public string Count => Cards.Count == 1 ? "1 coach" : string.Create(CultureInfo.InvariantCulture, $"{Cards.Count} coaches");

    /// <summary>Ticked, and not among the cards.</summary>
    public IEnumerable<ListedCoach> TickedElsewhere => Ticked.Where(coach => Cards.All(card => card.Coach.Slug != coach.Slug));
}

/// <summary>One card.</summary>
/// <param name="Clock">What the time is there now; with the day where that is another one.</param>
/// <param name="Soonest">Null for a coach who cannot be booked; <paramref name="Hindrance"/> then says why.</param>
internal sealed record CoachEntry(ListedCoach Coach, string City, string Clock, SoonestWords? Soonest, string? Hindrance, bool IsTicked, bool MayTick)
{
    public string Initials { get; } = InitialsOf(Coach.Name);

    public static string InitialsOf(string name) =>
        string.Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(word => char.ToUpperInvariant(word[0])));

    /// <summary>The coach's city, and its clock.</summary>
    public static (string City, string Clock) PlaceOf(ListedCoach coach, ZonedDateTime now)
    {
        var there = now.WithZone(ReaderZone.Find(coach.Timezone) ?? DateTimeZone.Utc);
        return (Shell.City(there.Zone), there.Date == now.Date ? ZonedTime.Clock(there) : $"{ZonedTime.Day(there.Date)[..3]} {ZonedTime.Clock(there)}");
    }
}
