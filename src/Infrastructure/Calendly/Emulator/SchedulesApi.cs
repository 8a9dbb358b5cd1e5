using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Availability schedules of users and of event types. Source:
/// https://developer.calendly.com/api-docs/calendly-api/availability/update-user-availability-schedule and its neighbors.</summary>
internal sealed class SchedulesApi(CalendlyWorld world)
{
    public EmulatorAnswer List(ApiCaller caller, EmulatorCall call)
    {
        var query = new ApiQuery(call.Query);
        var user = query.Id("user", "users");
        query.Require("user");
        if (query.HasProblems || user is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        return world.IsColleague(user, caller)
            ? AvailabilityJson.Schedules(world.Schedules.Where(schedule => schedule.Owner.Id == user))
            : NotInOrganization();
    }

    public EmulatorAnswer Get(ApiCaller caller, string id)
    {
        if (!world.TryGetSchedule(id, out var schedule))
        {
            return ApiErrors.NotFound();
        }

        return caller.IsColleagueOf(schedule.Owner) ? EmulatorAnswer.Ok(AvailabilityJson.Schedule(schedule)) : NotInOrganization();
    }

    public EmulatorAnswer Create(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("name");
        body.Require("timezone");
        body.Require("rules");
        var name = body.Text("name");
        var zone = body.Zone("timezone");
        // Without a zone there is no today; the rules are read all the same, to name what else is wrong.
        var hours = AvailabilityRules.Read(body, zone ?? DateTimeZone.Utc, Today(zone ?? DateTimeZone.Utc, now));
        if (body.HasProblems || name is null || hours is null)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        var id = EmulatedIds.Schedule(caller.Account.Key, $"created-{world.Schedules.Count}");
        var schedule = new EmulatedSchedule(caller.Account, id, name, IsDefault: false, hours);
        world.Put(schedule);
        return new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(AvailabilityJson.Schedule(schedule)));
    }

    public EmulatorAnswer Change(ApiCaller caller, string id, EmulatorCall call, DateTimeOffset now)
    {
        if (!world.TryGetSchedule(id, out var schedule))
        {
            return ApiErrors.NotFound();
        }

        if (!caller.IsColleagueOf(schedule.Owner))
        {
            return NotInOrganization();
        }

        if (!caller.MayChange(schedule.Owner))
        {
            return NoPermission();
        }

        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        var name = body.Text("name");
        var isDefault = body.Flag("default");
        if (isDefault is false)
        {
            body.Refuse("default", "can't be false; make another schedule the default instead");
        }

        var hours = ReadHours(body, schedule.Hours, now);
        if (body.HasProblems)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        var changed = schedule with { Name = name ?? schedule.Name, IsDefault = isDefault ?? schedule.IsDefault, Hours = hours };
        world.Put(changed);
        return EmulatorAnswer.Ok(AvailabilityJson.Schedule(changed));
    }

    public EmulatorAnswer ListOfEventType(ApiCaller caller, EmulatorCall call)
    {
        var query = new ApiQuery(call.Query);
        var id = query.Id("event_type", "event_types");
        var count = query.Count();
        query.Require("event_type");
        if (query.HasProblems || id is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (Visible(caller, id, out var type) is { } refusal)
        {
            return refusal;
        }

        var rows = type.Hosts.Select(host => world.HoursOf(type, host)).ToList();
        var places = rows.Select((row, place) => (row.Host.Id, place)).ToDictionary(row => row.Id, row => row.place, StringComparer.Ordinal);
        return ApiPages.List(
            query,
            caller,
            call,
            count,
            rows,
            (one, other) => places[one.Host.Id].CompareTo(places[other.Host.Id]),
            row => row.Host.Id,
            AvailabilityJson.Hours,
            host => rows.Find(row => row.Host.Id == host));
    }

    public EmulatorAnswer ChangeOfEventType(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        var query = new ApiQuery(call.Query);
        var id = query.Id("event_type", "event_types");
        query.Require("event_type");
        if (query.HasProblems || id is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (Visible(caller, id, out var type) is { } refusal)
        {
            return refusal;
        }

        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("availability_rule");
        body.OneOf("availability_setting", "host");
        if (body.Inner("availability_rule") is not { } rule)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        rule.Require("timezone");
        var user = rule.Id("user", "users") ?? caller.Account.Id;
        var host = type.Hosts.FirstOrDefault(one => one.Id == user);
        var hours = ReadHours(rule, world.HoursOf(type, host ?? type.Owner).Hours, now);
        if (body.HasProblems)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        if (host is null || !caller.MayChange(host))
        {
            return NoPermission();
        }

        var changed = (type with { OwnHours = new Dictionary<string, WeeklyHours>(type.OwnHours, StringComparer.Ordinal) { [host.Id] = hours } }).ChangedAt(now);
        world.Replace(changed);
        return EmulatorAnswer.Ok(AvailabilityJson.Hours(world.HoursOf(changed, host)));
    }

    /// <summary>What the body makes of the hours that were; rules may reach back to yesterday.</summary>
    private static WeeklyHours ReadHours(ApiBody body, WeeklyHours before, DateTimeOffset now)
    {
        var zone = body.Zone("timezone") ?? before.Zone;
        return AvailabilityRules.Read(body, zone, Today(zone, now).PlusDays(-1)) ?? before.In(zone);
    }

    private static LocalDate Today(DateTimeZone zone, DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(zone).Date;

    private EmulatorAnswer? Visible(ApiCaller caller, string id, out EmulatedEventType type)
    {
        if (!world.TryGetEventType(id, out var found) || found.DeletedAt is not null)
        {
            type = null!;
            return ApiErrors.NotFound();
        }

        type = found;
        return caller.IsColleagueOf(type.Owner) ? null : NoPermission();
    }

    private static EmulatorAnswer NotInOrganization() => ApiErrors.Denied("This user is not in your organization");

    private static EmulatorAnswer NoPermission() => ApiErrors.Denied("You do not have permission to access this resource.");
}
