using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>Today's sessions for the timeline; the same read as the Today page's list.</summary>
internal sealed class DayHandler(ScheduledEventsHandler events, EventTypeColors colors, TimeProvider clock)
{
    /// <summary>Sessions of one day; Calendly gives no more at once.</summary>
    public const int MaxSessions = 100;

    public async Task<Result<DayTimeline>> HandleAsync(long userId, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var filter = SessionFilter.For(SessionsTab.Upcoming, SessionRange.Today);
        var request = new EventsRequest(
            userId, filter.Key(now.In(zone).Date, zone, MaxSessions), userUri => filter.ToQuery(userUri, now, zone, MaxSessions));
        var coloring = colors.ReadAsync(userId, cancellationToken);
        var result = await events.HandleAsync(request, cancellationToken);
        var known = await coloring;
        return result.Map(reading => DayTimeline.Of(reading.Page.Value.Collection, known, now, zone));
    }
}
