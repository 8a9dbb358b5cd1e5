using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Free and busy times. Sources: https://developer.calendly.com/api-docs/calendly-api/event-types/list-event-type-available-times
/// and https://developer.calendly.com/api-docs/calendly-api/availability/list-user-busy-times</summary>
internal sealed class AvailabilityApi(CalendlyWorld world, OpenTimes openTimes)
{
    private static readonly TimeSpan LongestAvailable = TimeSpan.FromDays(31);
    private static readonly TimeSpan LongestBusy = TimeSpan.FromDays(7);

    public EmulatorAnswer ListAvailableTimes(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        var query = new ApiQuery(call.Query);
        var id = query.Id("event_type", "event_types");
        var start = query.Time("start_time");
        var end = query.Time("end_time");
        query.Require("event_type", "start_time", "end_time");
        if (start <= now)
        {
            query.Refuse("start_time", "start_time must be in the future");
        }

        RefuseRange(query, start, end, LongestAvailable);
        if (query.HasProblems || id is null || start is null || end is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (!world.TryGetEventType(id, out var type))
        {
            return ApiErrors.NotFound();
        }

        if (!caller.IsColleagueOf(type.Owner))
        {
            return ApiErrors.Denied("You do not have permission to access this resource.");
        }

        var slots = openTimes.Of(type, Instant.FromDateTimeOffset(start.Value), Instant.FromDateTimeOffset(end.Value), now);
        return AvailabilityJson.AvailableTimes(type, world.HoursOf(type, type.Owner).Hours.Zone, slots);
    }

    public EmulatorAnswer ListBusyTimes(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        var query = new ApiQuery(call.Query);
        var id = query.Id("user", "users");
        var start = query.Time("start_time");
        var end = query.Time("end_time");
        query.Require("user", "start_time", "end_time");
        if (start < now)
        {
            query.Refuse("start_time", "start_time must not be in the past");
        }

        RefuseRange(query, start, end, LongestBusy);
        if (query.HasProblems || id is null || start is null || end is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (!world.TryGetAccount(id, out var user) || !caller.IsColleagueOf(user))
        {
            return ApiErrors.Denied("This user is not in your organization");
        }

        return world.CalendarAnswers(user) ? AvailabilityJson.BusyTimes(BusyTimes(user, start.Value, end.Value)) : ApiErrors.ExternalCalendar();
    }

    private static void RefuseRange(ApiQuery query, DateTimeOffset? start, DateTimeOffset? end, TimeSpan longest)
    {
        if (start >= end)
        {
            query.Refuse("start_time", "start_time must be before end_time");
        }
        else if (end - start > longest)
        {
            query.Refuse("end_time", $"end_time must be at most {longest.Days} days after start_time");
        }
    }

    /// <summary>Whatever touches the range, with its buffers, in order of its start.</summary>
    private IEnumerable<EmulatedBusyTime> BusyTimes(EmulatedAccount user, DateTimeOffset start, DateTimeOffset end)
    {
        var (from, to) = (Instant.FromDateTimeOffset(start), Instant.FromDateTimeOffset(end));
        var booked = world.BookedWith(user).Select(one => new EmulatedBusyTime(
            "calendly",
            Instant.FromDateTimeOffset(one.Start),
            Instant.FromDateTimeOffset(one.End),
            one.Type.BeforeBuffer + one.Type.AfterBuffer > 0 ? OpenTimes.WithBuffers(one) : null,
            one));
        var blocked = world.Busy.Where(block => block.Owner == user).Select(block => new EmulatedBusyTime(
            block.Kind == BusyKind.External ? "external" : "reserved", Instant.FromDateTimeOffset(block.Start), Instant.FromDateTimeOffset(block.End), null, null));
        return booked.Concat(blocked)
            .Where(time => (time.Buffered?.Start ?? time.Start) < to && (time.Buffered?.End ?? time.End) > from)
            .OrderBy(time => time.Start).ThenBy(time => time.End).ThenBy(time => time.Type, StringComparer.Ordinal);
    }
}
