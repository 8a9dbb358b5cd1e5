using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendar;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Coaches;

internal sealed record CoachQuery(string Slug, DateTimeZone Zone);

/// <summary>One coach's page, with the free times of seven days of everything that the coach shows. A call for each event type
/// that is not in memory.</summary>
internal sealed class CoachHandler(ListedCoaches coaches, AvailableTimeReads times, TimeProvider clock)
{
    private const int Days = 7;

    /// <summary>Fails with <c>NotFound</c> for whoever is not listed. Free times that cannot be read are an answer.</summary>
    public async Task<Result<CoachPage>> HandleAsync(CoachQuery query, CancellationToken cancellationToken)
    {
        if (!CoachesValidator.IsSlug(query.Slug) || await coaches.FindAsync(query.Slug, cancellationToken) is not { } coach)
        {
            return new Failure(FailureCode.NotFound);
        }

        var now = clock.GetUtcNow().In(query.Zone);
        var (city, time) = CoachEntry.PlaceOf(coach, now);
        var hindrance = CoachWords.Hindrance(coach);
        var offers = hindrance is null
            ? await Task.WhenAll(coach.EventTypes.Select(type => OfferAsync(coach, type, now, cancellationToken)))
            : [];
        return new CoachPage(coach, city, time, ZonedTime.Zone(now), hindrance, offers);
    }

    private async Task<Offer> OfferAsync(ListedCoach coach, ListedEventType type, ZonedDateTime now, CancellationToken cancellationToken)
    {
        var offer = new Offer(type, BookingAddress.Of(coach.Slug, type.Id), $"/free-times?eventType={type.Id}", [], 0, null, null);
        var weeks = CompareWeek.Of(now.Date, now.Date, now.Zone);
        var reading = await times.ReadAsync(coach.UserId, CalendlyUri.For("event_types", type.Id), weeks.Window, cancellationToken);
        if (!reading.Succeeded(out var open, out var failure))
        {
            return offer with { Unknown = CoachWords.Unknown(coach, type, failure) };
        }

        var slots = open.Value.Select(time => FreeSlot.Of(time, TimeSpan.FromMinutes(type.DurationMinutes), now.Zone)).ToList();
        var soon = slots.Where(slot => slot.Start.Date < now.Date.PlusDays(Days)).ToList();
        return offer with
        {
            Days = [.. soon.GroupBy(slot => slot.Start.Date).Select(day => Day(coach, type, day.Key, now.Date, [.. day]))],
            Open = soon.Count,
            Next = soon.Count == 0 && slots is [var next, ..] ? Time(coach, type, next, ZonedTime.Moment(next.Start)) : null,
        };
    }

    private static OfferDay Day(ListedCoach coach, ListedEventType type, LocalDate date, LocalDate today, List<FreeSlot> slots)
    {
        // A button that says "1 more" would take the place of that one.
        var shown = slots.Count == OfferDay.Shown + 1 ? slots.Count : OfferDay.Shown;
        return new OfferDay(
            ZonedTime.DayHead(date, today),
            [.. slots.Take(shown).Select(slot => Time(coach, type, slot, slot.Clock))],
            Math.Max(0, slots.Count - shown),
            $"/free-times?eventType={type.Id}&date={CompareWeek.Iso(date)}&view=day");
    }

    private static OfferTime Time(ListedCoach coach, ListedEventType type, FreeSlot slot, string words) =>
        new(slot.Value, slot.Again ? $"{words} again" : words, slot.Label, BookingAddress.Of(coach.Slug, type.Id, slot.Time.StartTime));
}
