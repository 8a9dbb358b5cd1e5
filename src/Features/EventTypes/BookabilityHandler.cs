using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.EventTypes;

/// <summary>When an event type can be booked next, in words.</summary>
/// <param name="Next">"Tue 09:00"; null when nothing is open.</param>
/// <param name="NextTitle">The same at full length, with the zone.</param>
/// <param name="Unknown">Why it could not be read; null when it was.</param>
internal sealed record Bookability(string Name, string FreeTimesUrl, string Id, string? Next, string? NextTitle, string? NextStart, string Open, string? Unknown);

internal sealed record BookabilityQuery(long UserId, DateTimeZone Zone, string Id);

internal sealed class BookabilityHandler(OwnEventType types, AvailableTimeReads times, TimeProvider clock)
{
    private static readonly TimeSpan Counted = TimeSpan.FromDays(7);
    private static readonly TimeSpan Looked = TimeSpan.FromDays(14);

    /// <summary>Fails when there is no such event type, or it is off. Free times that cannot be read are an answer.</summary>
    public async Task<Result<Bookability>> HandleAsync(BookabilityQuery query, CancellationToken cancellationToken)
    {
        if (!(await types.FindAsync(query.UserId, query.Id, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        if (!type.Active)
        {
            return new Failure(FailureCode.EventTypeOff);
        }

        // By the full hour, so that everybody who looks within it asks the same.
        var now = clock.GetUtcNow();
        var from = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerHour));
        var window = new AvailableTimesWindow(from, from + Looked + TimeSpan.FromHours(1));
        var read = await times.ReadAsync(query.UserId, type.Uri, window, cancellationToken);
        var url = $"{ReturnPlace.PathOf(ReturnPlace.FreeTimes)}?eventType={query.Id}";
        var blank = new Bookability(EventTypeWords.NameOf(type), url, query.Id, null, null, null, string.Empty, null);
        if (!read.Succeeded(out var reading, out failure))
        {
            return blank with { Unknown = failure.Code == FailureCode.ScopeMissing ? "Your connection does not allow reading free times." : failure.Message };
        }

        var starts = reading.Value.Select(time => time.StartTime).TakeWhile(start => start < now + Looked).ToList();
        return starts.Count == 0 ? blank : Words(blank, starts, now, query.Zone);
    }

    private static Bookability Words(Bookability blank, List<DateTimeOffset> starts, DateTimeOffset now, DateTimeZone zone)
    {
        var soon = starts.Count(start => start < now + Counted);
        var next = starts[0].In(zone);
        var away = Period.DaysBetween(now.In(zone).Date, next.Date);
        var day = away switch { 0 => "today", < 7 => ZonedTime.Day(next.Date)[..3], _ => ZonedTime.Day(next.Date) };
        return blank with
        {
            Next = $"{day} {ZonedTime.Clock(next)}",
            NextTitle = $"{ZonedTime.Moment(next)} {ZonedTime.Zone(next)}",
            NextStart = ZonedTime.Iso(starts[0]),
            Open = soon == 0 ? "none in 7 days" : $"{soon} open in 7 days",
        };
    }
}
