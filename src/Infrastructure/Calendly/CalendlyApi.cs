using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CalendlySlices.Infrastructure.Calendly.Models;
using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Calendly's API over HTTP. It may outlive the scope that made it, as a read in <see cref="ReadCache"/> does.</summary>
internal sealed class CalendlyApi(HttpClient http, ConnectionOwner owner, CalendlyWeather weather, CallRecords records, WireTime time) : ICalendlyApi
{
    public Task<Result<CalendlyUser>> GetCurrentUserAsync(CancellationToken cancellationToken) =>
        GetAsync("users/{id}", "me", CalendlyJson.Default.OneUser, cancellationToken);

    public Task<Result<CalendlyUser>> GetUserAsync(string userId, CancellationToken cancellationToken) =>
        GetAsync("users/{id}", userId, CalendlyJson.Default.OneUser, cancellationToken);

    public Task<Result<CalendlyPage<EventType>>> ListEventTypesAsync(EventTypesQuery query, CancellationToken cancellationToken) =>
        ListAsync("event_types", null, CalendlyJson.Default.EventTypes, CalendlyJson.Default.EventType, Parameters(query), cancellationToken);

    public Task<Result<EventType>> GetEventTypeAsync(string eventTypeId, CancellationToken cancellationToken) =>
        GetAsync("event_types/{id}", eventTypeId, CalendlyJson.Default.OneEventType, cancellationToken);

    public Task<Result<EventType>> UpdateEventTypeAsync(string eventTypeId, EventTypeChange change, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Patch, "event_types/{id}", eventTypeId, [], JsonContent.Create(change, CalendlyJson.Default.EventTypeChange), CalendlyJson.Default.OneEventType, cancellationToken);

    public Task<Result<IReadOnlyList<AvailableTime>>> ListAvailableTimesAsync(AvailableTimesQuery query, CancellationToken cancellationToken) =>
        CollectAsync("event_type_available_times", CalendlyJson.Default.AvailableTimes, Parameters(query), cancellationToken);

    public Task<Result<IReadOnlyList<BusyTime>>> ListBusyTimesAsync(BusyTimesQuery query, CancellationToken cancellationToken) =>
        CollectAsync("user_busy_times", CalendlyJson.Default.BusyTimes, Parameters(query), cancellationToken);

    public Task<Result<IReadOnlyList<AvailabilitySchedule>>> ListSchedulesAsync(string userUri, CancellationToken cancellationToken) =>
        CollectAsync("user_availability_schedules", CalendlyJson.Default.Schedules, new() { ["user"] = userUri }, cancellationToken);

    public Task<Result<AvailabilitySchedule>> GetScheduleAsync(string scheduleId, CancellationToken cancellationToken) =>
        GetAsync("user_availability_schedules/{id}", scheduleId, CalendlyJson.Default.OneSchedule, cancellationToken);

    public Task<Result<AvailabilitySchedule>> UpdateScheduleAsync(string scheduleId, AvailabilityScheduleChange change, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Patch,
            "user_availability_schedules/{id}",
            scheduleId,
            [],
            JsonContent.Create(change, CalendlyJson.Default.AvailabilityScheduleChange),
            CalendlyJson.Default.OneSchedule,
            cancellationToken);

    public Task<Result<IReadOnlyList<EventTypeAvailability>>> ListEventTypeSchedulesAsync(string eventTypeUri, CancellationToken cancellationToken) =>
        CollectAsync("event_type_availability_schedules", CalendlyJson.Default.EventTypeAvailabilities, new() { ["event_type"] = eventTypeUri }, cancellationToken);

    public Task<Result<EventTypeAvailability>> UpdateEventTypeScheduleAsync(
        string eventTypeUri, EventTypeAvailabilityChange change, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Patch,
            "event_type_availability_schedules",
            null,
            new() { ["event_type"] = eventTypeUri },
            JsonContent.Create(change, CalendlyJson.Default.EventTypeAvailabilityChange),
            CalendlyJson.Default.OneEventTypeAvailability,
            cancellationToken);

    public Task<Result<SchedulingLink>> CreateSchedulingLinkAsync(string eventTypeUri, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Post,
            "scheduling_links",
            null,
            [],
            JsonContent.Create(new SchedulingLinkRequest(eventTypeUri), CalendlyJson.Default.SchedulingLinkRequest),
            CalendlyJson.Default.OneSchedulingLink,
            cancellationToken);

    public Task<Result<CalendlyPage<ScheduledEvent>>> ListScheduledEventsAsync(ScheduledEventsQuery query, CancellationToken cancellationToken) =>
        ListAsync("scheduled_events", null, CalendlyJson.Default.ScheduledEvents, CalendlyJson.Default.ScheduledEvent, Parameters(query), cancellationToken);

    public Task<Result<ScheduledEvent>> GetScheduledEventAsync(string eventId, CancellationToken cancellationToken) =>
        GetAsync("scheduled_events/{id}", eventId, CalendlyJson.Default.OneScheduledEvent, cancellationToken);

    public Task<Result<CalendlyPage<Invitee>>> ListInviteesAsync(string eventId, InviteesQuery query, CancellationToken cancellationToken) =>
        ListAsync("scheduled_events/{id}/invitees", eventId, CalendlyJson.Default.Invitees, CalendlyJson.Default.Invitee, Parameters(query), cancellationToken);

    public Task<Result<Invitee>> GetInviteeAsync(string eventId, string inviteeId, CancellationToken cancellationToken) =>
        CalendlyUri.IsWellFormedId(eventId)
            ? SendAsync(
                HttpMethod.Get,
                $"scheduled_events/{eventId}/invitees/{{id}}",
                inviteeId,
                query: [],
                content: null,
                body => Resource(body, CalendlyJson.Default.OneInvitee),
                cancellationToken,
                "scheduled_events/{event}/invitees/{id}")
            : Task.FromResult<Result<Invitee>>(new Failure(FailureCode.NotFound));

    public Task<Result<Invitee>> CreateInviteeAsync(InviteeRequest request, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Post, "invitees", null, [], JsonContent.Create(request, CalendlyJson.Default.InviteeRequest), CalendlyJson.Default.OneInvitee, cancellationToken);

    public Task<Result<Cancellation>> CancelEventAsync(string eventId, string? reason, CancellationToken cancellationToken) =>
        WriteAsync(
            HttpMethod.Post,
            "scheduled_events/{id}/cancellation",
            eventId,
            [],
            JsonContent.Create(new CancellationRequest(reason), CalendlyJson.Default.CancellationRequest),
            CalendlyJson.Default.OneCancellation,
            cancellationToken);

    public async Task<Result<WebhookSubscription>> CreateWebhookSubscriptionAsync(WebhookSubscriptionRequest request, CancellationToken cancellationToken) =>
        owner.ReadsOnly
            ? new Failure(FailureCode.ForbiddenRole)
            : await SendAsync(
                HttpMethod.Post,
                "webhook_subscriptions",
                null,
                query: [],
                JsonContent.Create(request, CalendlyJson.Default.WebhookSubscriptionRequest),
                body => Resource(body, CalendlyJson.Default.OneWebhookSubscription),
                cancellationToken,
                refusal: CalendlyFailures.OfSubscribing);

    public Task<Result<CalendlyPage<WebhookSubscription>>> ListWebhookSubscriptionsAsync(WebhookSubscriptionsQuery query, CancellationToken cancellationToken) =>
        ListAsync(
            "webhook_subscriptions", null, CalendlyJson.Default.WebhookSubscriptions, CalendlyJson.Default.WebhookSubscription, Parameters(query), cancellationToken);

    public async Task<Result<string>> DeleteWebhookSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        if (owner.ReadsOnly)
        {
            return new Failure(FailureCode.ForbiddenRole);
        }

        var gone = await SendAsync<string>(
            HttpMethod.Delete, "webhook_subscriptions/{id}", subscriptionId, query: [], content: null, _ => subscriptionId, cancellationToken);
        return !gone.Succeeded(out _, out var failure) && failure.Code == FailureCode.NotFound ? subscriptionId : gone;
    }

    private static Dictionary<string, string?> Parameters(EventTypesQuery query) => new()
    {
        ["user"] = query.UserUri,
        ["user_availability_schedule"] = query.ScheduleUri,
        ["active"] = query.Active switch { true => "true", false => "false", null => null },
        ["sort"] = query.Sort,
        ["count"] = Text(query.Count),
        ["page_token"] = query.PageToken,
    };

    private static Dictionary<string, string?> Parameters(AvailableTimesQuery query) => new()
    {
        ["event_type"] = query.EventTypeUri,
        ["start_time"] = Text(query.StartTime),
        ["end_time"] = Text(query.EndTime),
    };

    private static Dictionary<string, string?> Parameters(BusyTimesQuery query) => new()
    {
        ["user"] = query.UserUri,
        ["start_time"] = Text(query.StartTime),
        ["end_time"] = Text(query.EndTime),
    };

    private static Dictionary<string, string?> Parameters(ScheduledEventsQuery query) => new()
    {
        ["user"] = query.UserUri,
        ["invitee_email"] = query.InviteeEmail,
        ["status"] = query.Status,
        ["min_start_time"] = Text(query.MinStartTime),
        ["max_start_time"] = Text(query.MaxStartTime),
        ["sort"] = query.Ascending ? "start_time:asc" : "start_time:desc",
        ["count"] = Text(query.Count),
        ["page_token"] = query.PageToken,
    };

    private static Dictionary<string, string?> Parameters(InviteesQuery query) => new()
    {
        ["status"] = query.Status,
        ["count"] = Text(query.Count),
        ["page_token"] = query.PageToken,
    };

    private static Dictionary<string, string?> Parameters(WebhookSubscriptionsQuery query) => new()
    {
        ["organization"] = query.OrganizationUri,
        ["user"] = query.UserUri,
        ["scope"] = "user",
        ["count"] = Text(query.Count),
        ["page_token"] = query.PageToken,
    };

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private Task<Result<T>> GetAsync<T>(string path, string id, JsonTypeInfo<CalendlyResource<T>> resource, CancellationToken cancellationToken)
        where T : notnull =>
        SendAsync(HttpMethod.Get, path, id, query: [], content: null, body => Resource(body, resource), cancellationToken);

    private Task<Result<CalendlyPage<T>>> ListAsync<T>(
        string path, string? id, JsonTypeInfo<CalendlyPage<T>> page, JsonTypeInfo<T> item, Dictionary<string, string?> query, CancellationToken cancellationToken)
        where T : notnull =>
        SendAsync(HttpMethod.Get, path, id, query, content: null, body => Page(body, page, item), cancellationToken);

    private Task<Result<IReadOnlyList<T>>> CollectAsync<T>(
        string path, JsonTypeInfo<CalendlyCollection<T>> list, Dictionary<string, string?> query, CancellationToken cancellationToken)
        where T : notnull =>
        SendAsync(HttpMethod.Get, path, null, query, content: null, body => Collection(body, list), cancellationToken);

    private Task<Result<T>> WriteAsync<T>(
        HttpMethod method,
        string path,
        string? id,
        Dictionary<string, string?> query,
        HttpContent content,
        JsonTypeInfo<CalendlyResource<T>> resource,
        CancellationToken cancellationToken)
        where T : notnull =>
        owner.ReadsOnly
            ? Task.FromResult<Result<T>>(new Failure(FailureCode.ForbiddenRole))
            : SendAsync(method, path, id, query, content, body => Resource(body, resource), cancellationToken);

    private async Task<Result<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        string? id,
        Dictionary<string, string?> query,
        HttpContent? content,
        BodyReader<T> read,
        CancellationToken cancellationToken,
        string? template = null,
        Func<HttpResponseMessage, Failure?>? refusal = null)
        where T : notnull
    {
        // What cannot be an id is not put into an address, where ".." or "?" would mean something.
        if (id is not null && !CalendlyUri.IsWellFormedId(id))
        {
            return new Failure(FailureCode.NotFound);
        }

        using var request = new HttpRequestMessage(method, QueryHelpers.AddQueryString(path.Replace("{id}", id, StringComparison.Ordinal), query));
        request.Content = content;
        var call = new CalendlyCall($"{method} /{template ?? path}", owner.UserId) { Once = owner.Once, FormerToken = owner.FormerToken };
        call.AttachTo(request);
        var result = await AnswerAsync(request, read, refusal, cancellationToken);
        result.Succeeded(out _, out var failure);
        if (owner.FormerToken is null)
        {
            weather.Report(owner.UserId, failure);
            records.Note(owner.UserId, call.Operation, failure, Activity.Current?.TraceId.ToHexString());
        }

        return result;
    }

    private async Task<Result<T>> AnswerAsync<T>(
        HttpRequestMessage request, BodyReader<T> read, Func<HttpResponseMessage, Failure?>? refusal, CancellationToken cancellationToken)
        where T : notnull
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? read(CappedContent.Of(response)) : refusal?.Invoke(response) ?? CalendlyFailures.Of(response, time.Provider);
        }
        catch (Exception trouble) when (CalendlyFailures.Of(trouble) is { } failure)
        {
            return failure;
        }
    }

    private static Result<T> Resource<T>(ReadOnlySpan<byte> body, JsonTypeInfo<CalendlyResource<T>> resource)
        where T : notnull =>
        JsonSerializer.Deserialize(body, resource) is { } answer ? answer.Resource : new Failure(FailureCode.CalendlyBadResponse);

    private static Result<IReadOnlyList<T>> Collection<T>(ReadOnlySpan<byte> body, JsonTypeInfo<CalendlyCollection<T>> list)
        where T : notnull
    {
        Result<CalendlyCollection<T>> whole = JsonSerializer.Deserialize(body, list) is { } answer ? answer : new Failure(FailureCode.CalendlyBadResponse);
        return whole.Map(collection => collection.Collection);
    }

    private static Result<CalendlyPage<T>> Page<T>(ReadOnlySpan<byte> body, JsonTypeInfo<CalendlyPage<T>> page, JsonTypeInfo<T> item)
        where T : notnull
    {
        try
        {
            return JsonSerializer.Deserialize(body, page) is { } answer ? answer : new Failure(FailureCode.CalendlyBadResponse);
        }
        catch (JsonException)
        {
            return ReadableItems(body, item);
        }
    }

    // One broken item must not hide the other ninety-nine.
    private static Result<CalendlyPage<T>> ReadableItems<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> item)
        where T : notnull
    {
        var unread = JsonSerializer.Deserialize(body, CalendlyJson.Default.UnreadItems)!;
        var items = new List<T>(unread.Collection.Count);
        foreach (var element in unread.Collection)
        {
            try
            {
                if (element.Deserialize(item) is { } readable)
                {
                    items.Add(readable);
                }
            }
            catch (JsonException)
            {
                // Counted below.
            }
        }

        return items.Count > 0
            ? new CalendlyPage<T>(items, unread.Pagination) { Skipped = unread.Collection.Count - items.Count }
            : new Failure(FailureCode.CalendlyBadResponse);
    }

    private delegate Result<T> BodyReader<T>(ReadOnlySpan<byte> body)
        where T : notnull;
}
