using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>The people booked on one event, up to a hundred.</summary>
internal sealed class EventInvitees(ICalendlyApi calendly, ReadCache cache)
{
    /// <summary>Names hardly ever change; a page full of them should not cost calls each time.</summary>
    public static readonly TimeSpan NamesFreshFor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    // Keys are the paths of what was read, so that whoever reads the same shares it.
    public Task<Result<Reading<CalendlyPage<Invitee>>>> ReadAsync(
        long userId, string eventId, TimeSpan freshFor, CancellationToken cancellationToken) =>
        cache.GetAsync(
            userId,
            $"/scheduled_events/{eventId}/invitees",
            freshFor,
            StaleFor,
            cancellation => calendly.ListInviteesAsync(eventId, new InviteesQuery(), cancellation),
            cancellationToken);
}
