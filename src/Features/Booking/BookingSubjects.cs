using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using NodaTime;

namespace CalendlySlices.Features.Booking;

/// <summary>Finds what may be booked here: what listed coaches show, and nothing else.</summary>
internal sealed class BookingSubjects(ListedCoaches coaches, EventTypeReads eventTypes, AvailableTimeReads times, TimeProvider clock)
{
    // How far before a chosen start others are looked for.
    private static readonly TimeSpan Before = TimeSpan.FromDays(7);

    /// <summary>Fails with <c>NotFound</c> for what nobody shows, and with <c>ForbiddenRole</c> for a coach's own. What is shown
    /// and cannot be booked now comes with what is in the way.</summary>
    public async Task<Result<BookingSubject>> FindAsync(CurrentUser user, BookingInput input, CancellationToken cancellationToken)
    {
        if (await coaches.FindAsync(input.Coach, cancellationToken) is not { } coach
            || coach.EventTypes.FirstOrDefault(type => type.Id == input.EventType) is not { } listed)
        {
            return new Failure(FailureCode.NotFound);
        }

        if (coach.UserId == user.Id)
        {
            return new Failure(FailureCode.ForbiddenRole, "This is your own. Others book it; you can book with other coaches.");
        }

        if (!(await eventTypes.ReadAsync(coach.UserId, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return new BookingSubject(coach, listed, null, ForBooker(coach, failure));
        }

        return reading.Value.Find(listed.Id) is { Active: true } type
            ? new BookingSubject(coach, listed, type, null)
            : new BookingSubject(coach, listed, null, new Failure(FailureCode.EventTypeOff, $"{coach.Name} no longer offers {listed.Name}."));
    }

    /// <summary>The starts around one, or from now on, asked for again just now. One call.</summary>
    public async Task<Result<IReadOnlyList<AvailableTime>>> OpenAsync(BookingSubject subject, DateTimeOffset? around, CancellationToken cancellationToken)
    {
        var result = (await times.ReadAsync(subject.Coach.UserId, subject.Uri, WindowAround(around), cancellationToken, renew: true)).Map(reading => reading.Value);
        return result.Succeeded(out _, out var failure) ? result : ForBooker(subject.Coach, failure);
    }

    public AvailableTimesWindow WindowAround(DateTimeOffset? start)
    {
        var today = DateOf(clock.GetUtcNow());
        var from = (start is { } at && DateOf(at - Before) is var early && early > today ? early : today).AtMidnight().InUtc().ToDateTimeOffset();
        return new AvailableTimesWindow(from, from + CalendlyLimits.AvailableTimesRange);
    }

    /// <summary>A failure as whoever books should hear it, who can do nothing about the coach's connection.</summary>
    public static Failure ForBooker(ListedCoach coach, Failure failure) =>
        failure.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing or FailureCode.TokenUnreadable
            ? new Failure(FailureCode.CalendlyUnavailable, $"{coach.Name}’s connection to Calendly has to be renewed first, so nothing can be booked here now.")
            : failure;

    private static LocalDate DateOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InUtc().Date;
}
