namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Event types and links to them. Source: https://developer.calendly.com/api-docs</summary>
internal sealed class EventTypesApi(CalendlyWorld world)
{
    public EmulatorAnswer List(ApiCaller caller, EmulatorCall call)
    {
        var query = new ApiQuery(call.Query);
        var user = query.Id("user", "users");
        var organization = query.Id("organization", "organizations");
        var active = query.Flag("active");
        var adminManaged = query.Flag("admin_managed");
        var schedule = query.Id("user_availability_schedule", "user_availability_schedules");
        var sorts = query.Sort("name", "position", "created_at", "updated_at");
        var count = query.Count();
        if (user is null && organization is null && !query.HasProblems)
        {
            query.Refuse("user", "user or organization is required");
        }

        if (schedule is not null && user is null)
        {
            query.Refuse("user_availability_schedule", "needs user");
        }

        if (query.HasProblems)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (user is not null && !world.IsColleague(user, caller))
        {
            return ApiErrors.Denied("This user is not in your organization");
        }

        if (organization is not null && organization != caller.Account.OrganizationId)
        {
            return ApiErrors.Denied("You do not have permission");
        }

        var order = Order(sorts ?? [("name", false)]);
        // No emulated event type is managed by an admin.
        var rows = world.EventTypes.Where(type =>
            adminManaged is not true
            && type.DeletedAt is null
            && (schedule is null || world.HoursOf(type, type.Owner).Schedule?.Id == schedule)
            && (user is null || type.Owner.Id == user)
            && caller.IsColleagueOf(type.Owner)
            && (active is null || type.Active == active)).ToList();
        rows.Sort(order);
        return ApiPages.List(query, caller, call, count, rows, order, type => type.Id, type => type.Json, id => world.TryGetEventType(id, out var type) ? type : null);
    }

    public EmulatorAnswer Get(ApiCaller caller, string id) => world.TryGetEventType(id, out var type)
        ? caller.IsColleagueOf(type.Owner) ? EmulatorAnswer.Ok(type.Json) : NoPermission()
        : ApiErrors.NotFound();

    /// <summary>Fields that cannot be changed this way are passed over, as Calendly does.</summary>
    public EmulatorAnswer Change(ApiCaller caller, string id, EmulatorCall call, DateTimeOffset now)
    {
        if (!world.TryGetEventType(id, out var type) || type.DeletedAt is not null)
        {
            return ApiErrors.NotFound();
        }

        if (!caller.MayChange(type.Owner))
        {
            return NoPermission();
        }

        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        if (!type.IsOneOnOne)
        {
            return ApiErrors.Invalid("uuid", "must be a one-on-one event type");
        }

        var changed = EventTypePatch.Apply(type, body);
        if (body.HasProblems)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        changed = changed.ChangedAt(now);
        world.Replace(changed);
        world.Tell(WebhookNotice.Of(WebhookNotice.TypeUpdated, changed));
        return EmulatorAnswer.Ok(changed.Json);
    }

    /// <summary>A link that can be used once. Source:
    /// https://developer.calendly.com/api-docs/calendly-api/scheduling-links/create-scheduling-link</summary>
    public EmulatorAnswer CreateLink(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("max_event_count");
        body.Require("owner");
        body.Require("owner_type");
        var id = body.Id("owner", "event_types");
        body.OneOf("owner_type", "EventType");
        // A text by the description of 2026, a number by every example.
        if (body.Value("max_event_count") is { } count && count.ToString() != "1")
        {
            body.Refuse("max_event_count", "must be 1");
        }

        if (body.HasProblems || id is null)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        if (!world.TryGetEventType(id, out var type) || type.DeletedAt is not null)
        {
            return ApiErrors.NotFound();
        }

        if (!caller.MayChange(type.Owner))
        {
            return NoPermission();
        }

        if (!type.Active)
        {
            return ApiErrors.Invalid("owner", "must be an active event type");
        }

        var link = world.AddLink(type, now);
        return new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(EmulatorJson.Write(json =>
        {
            json.WriteString("booking_url", $"https://calendly.com/d/{link.Code}/{type.Slug}");
            json.WriteString("owner", type.Uri);
            json.WriteString("owner_type", "EventType");
        })));
    }

    private static Comparison<EmulatedEventType> Order(IReadOnlyList<(string Field, bool Descending)> sorts) => (one, other) =>
    {
        foreach (var (field, descending) in sorts)
        {
            var order = field switch
            {
                "position" => one.Position.CompareTo(other.Position),
                "created_at" => one.CreatedAt.CompareTo(other.CreatedAt),
                "updated_at" => one.UpdatedAt.CompareTo(other.UpdatedAt),
                _ => string.CompareOrdinal(one.Name, other.Name),
            };
            if (order != 0)
            {
                return descending ? -order : order;
            }
        }

        return string.CompareOrdinal(one.Id, other.Id);
    };

    private static EmulatorAnswer NoPermission() => ApiErrors.Denied("You do not have permission to access this resource.");
}
