using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;

namespace CalendlySlices.Features.Booking;

/// <param name="Attempt">As Calendly knows it now.</param>
/// <param name="Trouble">Why Calendly could not be read; null when it could.</param>
/// <param name="Other">An earlier booking with the same coach that has just been seen to be moved or canceled.</param>
internal sealed record CheckOutcome(BookingAttempt Attempt, Failure? Trouble, BookingAttempt? Other);

/// <summary>Looks at Calendly because of what happened in the frame, or because it was closed.</summary>
internal sealed class CheckHandler(BookingStore store, BookingCheck check)
{
    // Of earlier bookings with the same coach.
    private const int MostOthers = 5;

    /// <summary>Fails with <c>NotFound</c> for an attempt that is not this person's.</summary>
    public async Task<Result<CheckOutcome>> HandleAsync(CheckCommand command, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(command.Attempt!, command.User.Id, cancellationToken) is not { } attempt)
        {
            return new Failure(FailureCode.NotFound);
        }

        if (attempt.State is BookingState.Booked or BookingState.Canceled)
        {
            return new CheckOutcome(attempt, null, null);
        }

        var read = await check.LookAsync(attempt, BookingHint.Of(command.Event, command.Invitee), cancellationToken);
        if (read.Succeeded(out var seen, out var trouble) && seen.IsBooked)
        {
            return new CheckOutcome(seen, null, null);
        }

        if (command.IsTold)
        {
            await store.DoubtAsync(attempt);
            attempt = attempt with { State = BookingState.Unconfirmed };
        }

        // In Calendly's form one can also move what was booked before, and then it says nothing.
        return new CheckOutcome(attempt, trouble, command.IsClosed && trouble is null && attempt.State == BookingState.Opened ? await ChangedAsync(attempt, cancellationToken) : null);
    }

    private async Task<BookingAttempt?> ChangedAsync(BookingAttempt attempt, CancellationToken cancellationToken)
    {
        foreach (var earlier in await store.AheadAsync(attempt.UserId, attempt.CoachId, MostOthers, cancellationToken))
        {
            if ((await check.LookAsync(earlier, null, cancellationToken)).Succeeded(out var now, out _) && (now.StartsAt != earlier.StartsAt || !now.IsBooked))
            {
                return now;
            }
        }

        return null;
    }
}
