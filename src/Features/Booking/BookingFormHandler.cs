using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <summary>What somebody who books without Calendly's own form gets to see: one of the two is not null.</summary>
internal sealed record OpenedForm(BookingFormPage? Form, BookingTimes? Times);

/// <summary>Opens our own form. One call, for the times.</summary>
internal sealed class BookingFormHandler(BookingSubjects subjects, BookingHandler handler, NearestStarts nearest, IConnections connections, BookingStore store)
{
    // To choose from when none has been chosen.
    private const int Soonest = 12;

    /// <summary>Fails with <c>CalendlyForbidden</c> for what can be booked at Calendly only.</summary>
    /// <param name="query">Its subject can be booked.</param>
    public async Task<Result<OpenedForm>> HandleAsync(BookingQuery query, CancellationToken cancellationToken)
    {
        var (subject, zone) = (query.Subject, query.Input.Zone.Zone);
        if (await OnlyAtCalendlyAsync(subject, cancellationToken) is { } why)
        {
            return new Failure(FailureCode.CalendlyForbidden, why);
        }

        if (!(await subjects.OpenAsync(subject, query.Input.At, cancellationToken)).Succeeded(out var open, out var failure))
        {
            return failure;
        }

        if (query.Input.At is not { } at)
        {
            var soonest = open.Take(Soonest).Select(time => new NearbyStart(subject.FormAt(time.StartTime), ZonedTime.Moment(time.StartTime.In(zone)), null));
            return new OpenedForm(null, new BookingTimes(subject, null, [.. soonest]));
        }

        var slot = open.FirstOrDefault(time => time.StartTime == at);
        var time = BookingHandler.Picked(subject, at, zone, slot);
        if (slot is null)
        {
            return new OpenedForm(null, new BookingTimes(subject, time, await nearest.FindAsync(query.User, subject, at, open, zone, inForm: true, cancellationToken)));
        }

        var attempt = await handler.AttemptAsync(query.User, query.Input, subject, cancellationToken);
        var typed = TypedBooking.Empty(query.User.Name, await store.LastEmailAsync(query.User.Id, cancellationToken), zone.Id);
        return new OpenedForm(new BookingFormPage(subject, attempt, time, typed, null), null);
    }

    private async Task<string?> OnlyAtCalendlyAsync(BookingSubject subject, CancellationToken cancellationToken) => subject.Type switch
    {
        { IsPaid: true } => $"{subject.Name} is paid for at Calendly, so it can only be booked there.",
        { BookingMethod: not "instant" } => $"{subject.Name} is arranged by a poll at Calendly, so it can only be booked there.",
        _ => (await connections.FindAsync(subject.Coach.UserId, cancellationToken)).IsUsable(SubmitHandler.Scope, out _)
            ? null
            : $"{subject.First}’s connection does not let us book for you. Book at Calendly instead.",
    };
}
