using System.Globalization;
using CalendlySlices.Infrastructure.Listings;

namespace CalendlySlices.Features.Coaches;

/// <summary>A coach's own page.</summary>
/// <param name="Zone">The reader's, in which all times stand.</param>
/// <param name="Hindrance">Why nobody can book this coach here; null where that is possible.</param>
internal sealed record CoachPage(ListedCoach Coach, string City, string Clock, string Zone, string? Hindrance, IReadOnlyList<Offer> Offers)
{
    public string Initials => CoachEntry.InitialsOf(Coach.Name);
}

/// <summary>An event type with its free times of seven days.</summary>
/// <param name="Days">Those with anything open.</param>
/// <param name="Next">The first start after those days, when they have none.</param>
/// <param name="Unknown">Why the times could not be read; null when they were.</param>
internal sealed record Offer(
    ListedEventType Type, string BookUrl, string AllTimesUrl, IReadOnlyList<OfferDay> Days, int Open, OfferTime? Next, string? Unknown)
{
    public string State => Unknown is not null ? "unknown" : Open > 0 ? "open" : "none";

    public string Summary => Unknown ?? (Open == 0 ? "Nothing open in 7 days" : string.Create(CultureInfo.InvariantCulture, $"{Open} open in 7 days"));
}

/// <param name="More">Starts of the day that are not among the <paramref name="Times"/>.</param>
internal sealed record OfferDay(string Head, IReadOnlyList<OfferTime> Times, int More, string Url)
{
    public const int Shown = 8;
}

/// <param name="Start">A UTC instant.</param>
internal sealed record OfferTime(string Start, string Words, string Label, string BookUrl);
