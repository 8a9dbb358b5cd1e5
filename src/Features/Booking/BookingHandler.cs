using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Booking;

/// <param name="Host">Ours, as the frame has to know it.</param>
internal sealed record BookingQuery(CurrentUser User, BookingInput Input, BookingSubject Subject, string Host);

/// <summary>Opens Calendly's own form for somebody: one attempt, and the address of the frame. The subject can be booked.</summary>
internal sealed class BookingHandler(BookingSubjects subjects, NearestStarts nearest, BookingStore store, CalendlyPages pages)
{
    private const string Unchecked = "Calendly could not be asked just now whether this time is still open. Its form will show it.";

    /// <summary>A page to book on, or other times where the chosen one is not open. One call at most, for a chosen time.</summary>
    /// <param name="notice">Shown with the frame.</param>
    public async Task<(BookingPage? Page, BookingTimes? Taken)> HandleAsync(BookingQuery query, CancellationToken cancellationToken, string? notice = null)
    {
        var (subject, zone) = (query.Subject, query.Input.Zone.Zone);
        if (query.Input.At is not { } at)
        {
            return (await PageAsync(query, null, null, notice, cancellationToken), null);
        }

        if (!(await subjects.OpenAsync(subject, at, cancellationToken)).Succeeded(out var open, out _))
        {
            return (await PageAsync(query, Picked(subject, at, zone, null), null, notice ?? Unchecked, cancellationToken), null);
        }

        var slot = open.FirstOrDefault(time => time.StartTime == at);
        return slot is null
            ? (null, new BookingTimes(subject, Picked(subject, at, zone, null), await nearest.FindAsync(query.User, subject, at, open, zone, inForm: false, cancellationToken)))
            : (await PageAsync(query, Picked(subject, at, zone, slot), slot, notice, cancellationToken), null);
    }

    public static PickedTime Picked(BookingSubject subject, DateTimeOffset at, DateTimeZone zone, AvailableTime? slot) => new(
        ZonedTime.Iso(at),
        ZonedTime.Full(at.In(zone), (at + subject.Duration).In(zone)),
        CoachInWords.Clock(at, zone, subject.Coach.Timezone, subject.Coach.Name),
        subject.Type is { Kind: "group" } && slot is not null ? slot.InviteesRemaining == 1 ? "1 seat left" : $"{slot.InviteesRemaining:0} seats left" : null);

    /// <summary>The attempt named in the address when it is this person's, for the same and still open; otherwise a new one.</summary>
    public async Task<BookingAttempt> AttemptAsync(CurrentUser user, BookingInput input, BookingSubject subject, CancellationToken cancellationToken) =>
        input.Attempt is { } nonce
        && await store.FindAsync(nonce, user.Id, cancellationToken) is { State: BookingState.Opened } known
        && known.CoachId == subject.Coach.UserId && known.EventTypeId == subject.Listed.Id
            ? known
            : await store.AddAsync(
                new BookingAttempt
                {
                    Nonce = BookingStore.NewNonce(),
                    UserId = user.Id,
                    CoachId = subject.Coach.UserId,
                    CoachSlug = subject.Coach.Slug,
                    CoachName = subject.Coach.Name,
                    CoachZone = subject.Coach.Timezone,
                    EventTypeId = subject.Listed.Id,
                    EventTypeName = subject.Name,
                    Minutes = (long)subject.Duration.TotalMinutes,
                    State = BookingState.Opened,
                    CreatedAt = default,
                    StartsAt = input.At,
                },
                cancellationToken);

    private async Task<BookingPage> PageAsync(BookingQuery query, PickedTime? time, AvailableTime? slot, string? notice, CancellationToken cancellationToken)
    {
        var attempt = await AttemptAsync(query.User, query.Input, query.Subject, cancellationToken);
        var url = slot?.SchedulingUrl ?? query.Subject.Type!.SchedulingUrl;
        (string, string?)[] parameters =
        [
            ("name", query.User.Name),
            ("email", await store.LastEmailAsync(query.User.Id, cancellationToken)),
            ("utm_source", "dashboard"),
            ("utm_content", attempt.Nonce),
            // A slot's own address says the day already.
            .. slot is null && query.Input.At is { } at && at.In(query.Input.Zone.Zone) is var day
                ? [("month", $"{day.Year}-{day.Month:00}"), ("date", $"{day.Year}-{day.Month:00}-{day.Day:00}")]
                : Array.Empty<(string, string?)>(),
        ];
        return new BookingPage(query.Subject, attempt, time, pages.Frame(url, query.Host, parameters), pages.Address(url, parameters), notice);
    }
}
