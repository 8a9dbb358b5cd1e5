using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Booking;

/// <param name="Words"><c>09:30</c>, with the day when that is another one.</param>
/// <param name="Coach">Another coach than the one asked for, and what they call it; null for the same.</param>
internal sealed record NearbyStart(string Url, string Words, string? Coach);

/// <summary>What is open near a start that is taken: with the same coach first, then with others.</summary>
internal sealed class NearestStarts(ListedCoaches coaches, AvailableTimeReads times, BookingSubjects subjects)
{
    private const int MostOthers = 4;

    /// <summary>At most <see cref="NearestTimes.Count"/>. No call while the same coach has enough, otherwise one for each of a
    /// few others.</summary>
    /// <param name="open">The same coach's.</param>
    /// <param name="inForm">Whoever asks books with our own form, and goes on so.</param>
    public async Task<IReadOnlyList<NearbyStart>> FindAsync(
        CurrentUser user, BookingSubject subject, DateTimeOffset at, IReadOnlyList<AvailableTime> open, DateTimeZone zone, bool inForm, CancellationToken cancellationToken)
    {
        var own = NearestTimes.To(at, open)
            .Select(time => new NearbyStart(inForm ? subject.FormAt(time.StartTime) : subject.At(time.StartTime), Words(time.StartTime, at, zone), null)).ToList();
        if (own.Count == NearestTimes.Count)
        {
            return own;
        }

        var others = (await coaches.AllAsync(cancellationToken))
            .Where(coach => coach.CanBeBooked && coach.UserId != subject.Coach.UserId && coach.UserId != user.Id).Take(MostOthers);
        var found = await Task.WhenAll(others.Select(coach => ReadAsync(coach, subject, at, cancellationToken)));
        return
        [
            .. own,
            .. found.SelectMany(starts => starts)
                .OrderBy(start => (start.At - at).Duration())
                .Take(NearestTimes.Count - own.Count)
                .Select(start => new NearbyStart(start.Url, Words(start.At, at, zone), start.Coach)),
        ];
    }

    // What is most like the session that was wanted.
    private async Task<IEnumerable<(string Url, DateTimeOffset At, string Coach)>> ReadAsync(
        ListedCoach coach, BookingSubject subject, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var like = coach.EventTypes.MinBy(type => Math.Abs(type.DurationMinutes - subject.Listed.DurationMinutes))!;
        var read = await times.ReadAsync(coach.UserId, CalendlyUri.For("event_types", like.Id), subjects.WindowAround(at), cancellationToken);
        return read.Succeeded(out var reading, out _)
            ? NearestTimes.To(at, reading.Value).Select(time => (BookingAddress.Of(coach.Slug, like.Id, time.StartTime), time.StartTime, $"{like.Name} with {CoachInWords.First(coach.Name)}"))
            : [];
    }

    private static string Words(DateTimeOffset start, DateTimeOffset wanted, DateTimeZone zone) =>
        start.In(zone) is var time && time.Date == wanted.In(zone).Date ? ZonedTime.Clock(time) : ZonedTime.Moment(time);
}
