using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using NodaTime;

namespace CalendlySlices.Features.MyBookings;

/// <param name="Id">As it stands in the address.</param>
internal sealed record BookingIdQuery(CurrentUser User, string Id);

/// <param name="Waiting">Calendly has not confirmed them.</param>
/// <param name="Ahead">Soonest first.</param>
/// <param name="Past">Over or canceled, the latest first.</param>
internal sealed record BookingList(IReadOnlyList<BookingRow> Waiting, IReadOnlyList<BookingRow> Ahead, IReadOnlyList<BookingRow> Past)
{
    public bool IsEmpty => Waiting.Count + Ahead.Count + Past.Count == 0;
}

/// <summary>What somebody has booked. The list is our own record; whether it still holds, Calendly is asked for each booking.</summary>
internal sealed class MyBookingsHandler(BookingStore store, BookingCheck check, CalendlyPages pages, TimeProvider clock)
{
    // Of unconfirmed bookings, on one page.
    private const int MostNews = 5;

    public async Task<BookingList> ListAsync(CurrentUser user, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = (await store.OfUserAsync(user.Id, cancellationToken)).Select(booking => BookingRow.Of(booking, zone, now, pages)).ToList();
        return new BookingList(
            [.. rows.Where(row => row.IsWaiting)],
            [.. rows.Where(row => row.IsAhead).Reverse()],
            [.. rows.Where(row => row is { IsWaiting: false, IsAhead: false })]);
    }

    /// <summary>As Calendly knows it now, or as it was known before, with why. Fails with <c>NotFound</c> for a booking that is
    /// not this person's.</summary>
    public async Task<Result<BookingRow>> LookAsync(BookingIdQuery query, DateTimeZone zone, CancellationToken cancellationToken)
    {
        if (await FindAsync(query, cancellationToken) is not { } booking)
        {
            return new Failure(FailureCode.NotFound);
        }

        // What is over stays what it was.
        var now = clock.GetUtcNow();
        if (booking.State == BookingState.Canceled || (booking.IsBooked && booking.End <= now))
        {
            return BookingRow.Of(booking, zone, now, pages);
        }

        var row = (await check.LookAsync(booking, null, cancellationToken)).Succeeded(out var seen, out var trouble)
            ? BookingRow.Of(seen, zone, now, pages)
            : BookingRow.Of(booking, zone, now, pages, trouble);
        return row with { IsAsked = true };
    }

    /// <summary>Fails with <c>NotFound</c> for what is not this person's, or not booked.</summary>
    public async Task<Result<BookingAttempt>> BookedAsync(BookingIdQuery query, CancellationToken cancellationToken) =>
        await FindAsync(query, cancellationToken) is { State: BookingState.Booked or BookingState.Canceled, StartsAt: not null } booking ? booking : new Failure(FailureCode.NotFound);

    /// <summary>What has been confirmed since it was last asked, and whether something still waits.</summary>
    public async Task<(IReadOnlyList<BookingAttempt> Told, bool Waiting)> NewsAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        var waiting = (await store.OfUserAsync(user.Id, cancellationToken)).Where(booking => booking.State is BookingState.Sending or BookingState.Unconfirmed).ToList();
        var told = new List<BookingAttempt>();
        foreach (var booking in waiting.Take(MostNews))
        {
            if ((await check.LookAsync(booking, null, cancellationToken)).Succeeded(out var seen, out _) && seen.IsBooked)
            {
                told.Add(seen);
            }
        }

        return (told, told.Count < waiting.Count);
    }

    // A form that was only opened is no booking.
    private async Task<BookingAttempt?> FindAsync(BookingIdQuery query, CancellationToken cancellationToken) =>
        await store.FindAsync(query.Id, query.User.Id, cancellationToken) is { State: not BookingState.Opened } booking ? booking : null;
}
