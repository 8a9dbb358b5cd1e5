using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The API host. Source of every rule: https://developer.calendly.com/api-docs</summary>
internal sealed class EmulatorApi(CalendlyWorld world, BookingDesk desk, TokenLedger ledger, RateWindows rates, EmulatedWebhooks webhooks, EmulatorOptions options)
{
    private const int LongestReason = 10_000;

    private readonly EventTypesApi _eventTypes = new(world);
    private readonly AvailabilityApi _availability = new(world, desk.OpenTimes);
    private readonly InviteesApi _invitees = new(desk, rates, options);
    private readonly NoShowsApi _noShows = new(desk);
    private readonly SchedulesApi _schedules = new(world);
    private readonly WebhooksApi _webhooks = new(world, webhooks);

    public EmulatorAnswer Answer(EmulatorCall call, DateTimeOffset now)
    {
        var token = Bearer(call) is { } text && text.StartsWith("mock_at_", StringComparison.Ordinal) ? ledger.Token(text) : null;
        var account = token?.Consent.Account;
        var standing = rates.Take("api", account?.Id ?? string.Empty, account is { IsFree: true } ? options.FreeCallsPerMinute : options.PaidCallsPerMinute, now);
        var answer = Answer(call, token, standing.Allowed, now);
        // An operation with windows of its own has told of those.
        return answer.Header("X-RateLimit-Limit") is null ? standing.Mark(answer) : answer;
    }

    private EmulatorAnswer Answer(EmulatorCall call, LedgerToken? token, bool allowed, DateTimeOffset now) => token switch
    {
        null => ApiErrors.Unauthenticated("The access token is invalid"),
        { IsRevoked: true } => ApiErrors.Unauthenticated("The access token was revoked"),
        _ when !token.IsLive(now) => ApiErrors.Unauthenticated("The access token expired"),
        _ when !allowed => ApiErrors.TooMany(),
        _ => Route(new ApiCaller(token.Consent), call, now),
    };

    private static string? Bearer(EmulatorCall call) =>
        call.Authorization is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    private EmulatorAnswer Route(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        var path = call.Path;
        var segments = (path.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(path) : path).Split('/')[1..];
        return (call.Method, segments) switch
        {
            ("GET", ["users", var id]) => caller.Lacks("users:read") ?? GetUser(caller, id),
            ("GET", ["event_types"]) => caller.Lacks("event_types:read") ?? _eventTypes.List(caller, call),
            ("GET", ["event_types", var id]) => caller.Lacks("event_types:read") ?? _eventTypes.Get(caller, id),
            ("PATCH", ["event_types", var id]) => caller.Lacks("event_types:write") ?? _eventTypes.Change(caller, id, call, now),
            ("GET", ["event_type_available_times"]) => caller.Lacks("availability:read") ?? _availability.ListAvailableTimes(caller, call, now),
            ("GET", ["event_type_availability_schedules"]) => caller.Lacks("availability:read") ?? _schedules.ListOfEventType(caller, call),
            ("PATCH", ["event_type_availability_schedules"]) => caller.Lacks("availability:write") ?? _schedules.ChangeOfEventType(caller, call, now),
            ("GET", ["user_busy_times"]) => caller.Lacks("availability:read") ?? _availability.ListBusyTimes(caller, call, now),
            ("GET", ["user_availability_schedules"]) => caller.Lacks("availability:read") ?? _schedules.List(caller, call),
            ("POST", ["user_availability_schedules"]) => caller.Lacks("availability:write") ?? _schedules.Create(caller, call, now),
            ("GET", ["user_availability_schedules", var id]) => caller.Lacks("availability:read") ?? _schedules.Get(caller, id),
            ("PATCH", ["user_availability_schedules", var id]) => caller.Lacks("availability:write") ?? _schedules.Change(caller, id, call, now),
            ("POST", ["scheduling_links"]) => caller.Lacks("scheduling_links:write") ?? _eventTypes.CreateLink(caller, call, now),
            ("POST", ["invitees"]) => caller.Lacks("scheduled_events:write") ?? _invitees.Create(caller, call, now),
            ("POST", ["invitee_no_shows"]) => caller.Lacks("scheduled_events:write") ?? _noShows.Create(caller, call, now),
            ("GET", ["invitee_no_shows", var id]) => caller.Lacks("scheduled_events:read") ?? _noShows.Get(caller, id),
            ("DELETE", ["invitee_no_shows", var id]) => caller.Lacks("scheduled_events:write") ?? _noShows.Delete(caller, id, now),
            ("GET", ["webhook_subscriptions"]) => caller.Lacks("webhooks:read") ?? _webhooks.List(caller, call),
            ("POST", ["webhook_subscriptions"]) => caller.Lacks("webhooks:write") ?? _webhooks.Create(caller, call, now),
            ("GET", ["webhook_subscriptions", var id]) => caller.Lacks("webhooks:read") ?? _webhooks.Get(caller, id),
            ("DELETE", ["webhook_subscriptions", var id]) => caller.Lacks("webhooks:write") ?? _webhooks.Delete(caller, id),
            ("GET", ["scheduled_events"]) => caller.Lacks("scheduled_events:read") ?? ListEvents(caller, call),
            ("GET", ["scheduled_events", var id]) => caller.Lacks("scheduled_events:read") ?? Visible(caller, id, booked => EmulatorAnswer.Ok(booked.Json)),
            ("GET", ["scheduled_events", var id, "invitees"]) =>
                caller.Lacks("scheduled_events:read") ?? Visible(caller, id, booked => ListInvitees(caller, call, booked)),
            ("GET", ["scheduled_events", var id, "invitees", var invitee]) =>
                caller.Lacks("scheduled_events:read") ?? Visible(caller, id, booked => GetInvitee(booked, invitee)),
            ("POST", ["scheduled_events", var id, "cancellation"]) => caller.Lacks("scheduled_events:write") ?? Cancel(caller, id, call, now),
            _ => ApiErrors.NotFound(),
        };
    }

    private EmulatorAnswer GetUser(ApiCaller caller, string id)
    {
        if (id == "me")
        {
            return EmulatorAnswer.Ok(caller.Account.Json);
        }

        if (!world.TryGetAccount(id, out var account))
        {
            return ApiErrors.NotFound();
        }

        return caller.IsColleagueOf(account)
            ? EmulatorAnswer.Ok(account.Json)
            : ApiErrors.Denied("You do not have permission to access this resource.");
    }

    private EmulatorAnswer ListEvents(ApiCaller caller, EmulatorCall call)
    {
        var query = new ApiQuery(call.Query);
        var user = query.Id("user", "users");
        var organization = query.Id("organization", "organizations");
        var group = query.Id("group", "groups");
        var email = query.Text("invitee_email");
        var status = query.OneOf("status", "active", "canceled");
        var sorts = query.Sort("start_time");
        var from = query.Time("min_start_time");
        var to = query.Time("max_start_time");
        var count = query.Count();
        if (email is not null && !email.Contains('@', StringComparison.Ordinal))
        {
            query.Refuse("invitee_email", "must be an e-mail address");
        }

        if (user is null && organization is null && group is null && !query.HasProblems)
        {
            query.Refuse("user", "user, organization or group is required");
        }

        if (query.HasProblems)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (MayNotList(caller, user, organization, group) is { } denied)
        {
            return denied;
        }

        var descending = sorts is [(_, true), ..];
        var rows = new List<EmulatedEvent>(64);
        foreach (var booked in world.Events)
        {
            if ((status is null || status == "active" == booked.Cancellation is null)
                && (from is null || booked.Start >= from)
                && (to is null || booked.Start <= to)
                && booked.Hosts.Any(host => user is null ? host.OrganizationId == organization : host.Id == user)
                && (email is null || booked.HasInvitee(email)))
            {
                rows.Add(booked);
            }
        }

        if (descending)
        {
            rows.Reverse();
        }

        return ApiPages.List(query, caller, call, count, rows, descending ? LatestFirst : SoonestFirst, booked => booked.Id, booked => booked.Json, id => world.TryGetEvent(id, out var booked) ? booked : null);
    }

    private EmulatorAnswer? MayNotList(ApiCaller caller, string? user, string? organization, string? group)
    {
        if (group is not null)
        {
            return organization is null
                ? ApiErrors.Denied("Please also specify organization when requesting events for a group within your organization.")
                : ApiErrors.Denied("You do not have permission");
        }

        if (organization is not null && organization != caller.Account.OrganizationId)
        {
            return ApiErrors.Denied("You do not have permission to access this resource.");
        }

        if (user == caller.Account.Id)
        {
            return null;
        }

        if (user is not null && !world.IsColleague(user, caller))
        {
            return ApiErrors.Denied("This user is not in your organization");
        }

        if (organization is null)
        {
            return ApiErrors.Denied("Please also specify organization when requesting events for a user within your organization.");
        }

        return caller.Account.IsOwner ? null : ApiErrors.Denied("You do not have permission");
    }

    private static int SoonestFirst(EmulatedEvent one, EmulatedEvent other) =>
        one.Start.CompareTo(other.Start) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id);

    private static int LatestFirst(EmulatedEvent one, EmulatedEvent other) => SoonestFirst(other, one);

    private EmulatorAnswer Visible(ApiCaller caller, string id, Func<EmulatedEvent, EmulatorAnswer> answer)
    {
        if (!world.TryGetEvent(id, out var booked))
        {
            return ApiErrors.NotFound();
        }

        return caller.MaySee(booked) ? answer(booked) : ApiErrors.Denied("You are not allowed to view this event");
    }

    private static EmulatorAnswer ListInvitees(ApiCaller caller, EmulatorCall call, EmulatedEvent booked)
    {
        var query = new ApiQuery(call.Query);
        var status = query.OneOf("status", "active", "canceled");
        var sorts = query.Sort("created_at");
        var email = query.Text("email");
        var count = query.Count();
        if (query.HasProblems)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        Comparison<EmulatedInvitee> order = sorts is [(_, true), ..] ? (one, other) => FirstToBook(other, one) : FirstToBook;
        var rows = booked.Invitees.Where(invitee =>
            (status is null || status == "active" == invitee.IsActive)
            && (email is null || string.Equals(email, invitee.Email, StringComparison.OrdinalIgnoreCase))).ToList();
        rows.Sort(order);
        return ApiPages.List(query, caller, call, count, rows, order, invitee => invitee.Id, invitee => invitee.Json, id => booked.Invitees.FirstOrDefault(invitee => invitee.Id == id));
    }

    private static int FirstToBook(EmulatedInvitee one, EmulatedInvitee other) =>
        one.CreatedAt.CompareTo(other.CreatedAt) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id);

    private static EmulatorAnswer GetInvitee(EmulatedEvent booked, string id) =>
        booked.Invitees.FirstOrDefault(invitee => invitee.Id == id) is { } found ? EmulatorAnswer.Ok(found.Json) : ApiErrors.NotFound();

    private EmulatorAnswer Cancel(ApiCaller caller, string id, EmulatorCall call, DateTimeOffset now)
    {
        if (!world.TryGetEvent(id, out var booked))
        {
            return ApiErrors.NotFound();
        }

        if (!caller.MaySee(booked))
        {
            return ApiErrors.Denied("You are not allowed to cancel this event");
        }

        if (!TryReadReason(call, out var reason, out var problem))
        {
            return ApiErrors.Invalid("reason", problem);
        }

        if (booked.Cancellation is not null)
        {
            return ApiErrors.Denied("Event is already canceled");
        }

        if (now >= booked.Start)
        {
            return ApiErrors.Denied("Event in the past");
        }

        var cancellation = new EmulatedCancellation(caller.Account.Name, reason, ByHost: true, now);
        desk.CancelByHost(booked, cancellation);
        return new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(EmulatorJson.Cancellation(cancellation)));
    }

    /// <summary>The body may be missing; one that is there has to be JSON with a reason that is a text or null.</summary>
    private static bool TryReadReason(EmulatorCall call, out string? reason, out string problem)
    {
        reason = null;
        problem = "must be a text in a JSON object";
        if (call.Body.IsEmpty)
        {
            return true;
        }

        if (call.ContentType?.StartsWith(EmulatorAnswer.Json, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(call.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (!document.RootElement.TryGetProperty("reason", out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return true;
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            reason = value.GetString();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A text that is not valid UTF-16, such as half of a surrogate pair.
            return false;
        }

        problem = $"is too long (maximum is {LongestReason} characters)";
        return reason is null || reason.Length <= LongestReason;
    }
}
