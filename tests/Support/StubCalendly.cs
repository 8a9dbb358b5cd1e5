using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Tests.Support;

/// <summary>
/// Calendly as a dictionary, for tests of handlers: it holds events and invitees, keeps a journal of calls, and gives the
/// answers that a test queues in place of the usual ones.
/// </summary>
internal sealed class StubCalendly(TimeProvider clock) : ICalendlyApi
{
    private readonly Lock _lock = new();
    private readonly List<(int Calls, TaskCompletionSource Reached)> _waiting = [];
    private int _running;

    public Dictionary<string, ScheduledEvent> Events { get; } = [];

    public Dictionary<string, IReadOnlyList<Invitee>> Invitees { get; } = [];

    public List<EventType> EventTypes { get; } = [];

    /// <summary>Calls so far, such as <c>get 1</c> or <c>cancel 1 reason</c>.</summary>
    public List<string> Calls { get; } = [];

    public List<ScheduledEventsQuery> ListQueries { get; } = [];

    /// <summary>Replaces every list's answer while set.</summary>
    public Failure? ListFailure { get; set; }

    public Failure? InviteesFailure { get; set; }

    /// <summary>What one invitee is found to be, time after time.</summary>
    public Queue<Invitee> InviteeReads { get; } = [];

    /// <summary>Answers to the next reads of an event; null means the usual one.</summary>
    public Queue<Func<ScheduledEvent?, Result<ScheduledEvent>>?> Reads { get; } = new();

    /// <summary>Answers to the next cancellations; null means the usual one. Each gets the way to cancel for real.</summary>
    public Queue<Func<Func<Result<Cancellation>>, Result<Cancellation>>?> Cancels { get; } = new();

    /// <summary>While set, every call waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>The most calls that were under way at one moment.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Completes when so many calls are under way.</summary>
    public Task RunningAsync(int calls)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running >= calls)
            {
                reached.SetResult();
            }
            else
            {
                _waiting.Add((calls, reached));
            }

            return reached.Task;
        }
    }

    public string? NextPageToken { get; set; }

    public int CountOf(string call) => Calls.Count(made => made.StartsWith(call, StringComparison.Ordinal));

    /// <summary>What Calendly has been asked to tell; a test may change it.</summary>
    public List<WebhookSubscription> Subscriptions { get; } = [];

    public List<WebhookSubscriptionRequest> SubscriptionRequests { get; } = [];

    /// <summary>Answers to the next wishes to be told; null means the usual one. Each gets the way to make it for real.</summary>
    public Queue<Func<Func<Result<WebhookSubscription>>, Result<WebhookSubscription>>?> Subscribes { get; } = new();

    public Task<Result<WebhookSubscription>> CreateWebhookSubscriptionAsync(WebhookSubscriptionRequest request, CancellationToken cancellationToken) =>
        AnswerAsync("subscribe", () =>
        {
            Result<WebhookSubscription> ForReal()
            {
                if (Subscriptions.Exists(one => one.CallbackUrl == request.Url))
                {
                    return CalendlyFailures.OfSubscribing(new HttpResponseMessage(System.Net.HttpStatusCode.Conflict))!;
                }

                var made = new WebhookSubscription(
                    $"https://api.calendly.com/webhook_subscriptions/W{SubscriptionRequests.Count}", request.Url, null, "active", request.Events, request.User);
                Subscriptions.Add(made);
                return made;
            }

            SubscriptionRequests.Add(request);
            return Subscribes.TryDequeue(out var scripted) && scripted is not null ? scripted(ForReal) : ForReal();
        });

    public Task<Result<CalendlyPage<WebhookSubscription>>> ListWebhookSubscriptionsAsync(WebhookSubscriptionsQuery query, CancellationToken cancellationToken) =>
        AnswerAsync<CalendlyPage<WebhookSubscription>>("subscriptions", () => ListFailure is { } failure
            ? failure
            : new CalendlyPage<WebhookSubscription>([.. Subscriptions], new Pagination(Subscriptions.Count, null, null)));

    public Task<Result<string>> DeleteWebhookSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken) =>
        AnswerAsync<string>($"unsubscribe {subscriptionId}", () =>
        {
            Subscriptions.RemoveAll(one => one.Id == subscriptionId);
            return subscriptionId;
        });

    public Task<Result<Invitee>> GetInviteeAsync(string eventId, string inviteeId, CancellationToken cancellationToken) =>
        AnswerAsync($"invitee {inviteeId}", () => InviteeReads.TryDequeue(out var scripted) ? (Result<Invitee>)scripted : new Failure(FailureCode.NotFound));

    public Task<Result<Invitee>> CreateInviteeAsync(InviteeRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<CalendlyUser>> GetCurrentUserAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<CalendlyUser>> GetUserAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<CalendlyPage<EventType>>> ListEventTypesAsync(EventTypesQuery query, CancellationToken cancellationToken) =>
        AnswerAsync<CalendlyPage<EventType>>("types", () => new CalendlyPage<EventType>(EventTypes, new Pagination(EventTypes.Count, null, null)));

    public Task<Result<EventType>> GetEventTypeAsync(string eventTypeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<EventType>> UpdateEventTypeAsync(string eventTypeId, EventTypeChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<IReadOnlyList<AvailableTime>>> ListAvailableTimesAsync(AvailableTimesQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<IReadOnlyList<BusyTime>>> ListBusyTimesAsync(BusyTimesQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<IReadOnlyList<AvailabilitySchedule>>> ListSchedulesAsync(string userUri, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<AvailabilitySchedule>> GetScheduleAsync(string scheduleId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<AvailabilitySchedule>> UpdateScheduleAsync(string scheduleId, AvailabilityScheduleChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<IReadOnlyList<EventTypeAvailability>>> ListEventTypeSchedulesAsync(string eventTypeUri, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<EventTypeAvailability>> UpdateEventTypeScheduleAsync(string eventTypeUri, EventTypeAvailabilityChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<SchedulingLink>> CreateSchedulingLinkAsync(string eventTypeUri, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<CalendlyPage<ScheduledEvent>>> ListScheduledEventsAsync(ScheduledEventsQuery query, CancellationToken cancellationToken) =>
        AnswerAsync<CalendlyPage<ScheduledEvent>>("list", () =>
        {
            ListQueries.Add(query);
            if (ListFailure is { } failure)
            {
                return failure;
            }

            var found = Events.Values
                .Where(session => query.Status is null || session.Status == query.Status)
                .Where(session => query.MinStartTime is not { } min || session.StartTime >= min)
                .Where(session => query.MaxStartTime is not { } max || session.StartTime <= max)
                .OrderBy(session => query.Ascending ? session.StartTime.UtcTicks : -session.StartTime.UtcTicks)
                .Take(query.Count)
                .ToList();
            return new CalendlyPage<ScheduledEvent>(found, new Pagination(found.Count, NextPageToken, null));
        });

    public Task<Result<ScheduledEvent>> GetScheduledEventAsync(string eventId, CancellationToken cancellationToken) =>
        AnswerAsync($"get {eventId}", () =>
        {
            var known = Events.GetValueOrDefault(eventId);
            return Reads.TryDequeue(out var scripted) && scripted is not null ? scripted(known)
                : known is not null ? known
                : new Failure(FailureCode.NotFound);
        });

    public Task<Result<CalendlyPage<Invitee>>> ListInviteesAsync(string eventId, InviteesQuery query, CancellationToken cancellationToken) =>
        AnswerAsync<CalendlyPage<Invitee>>($"invitees {eventId}", () =>
        {
            var people = Invitees.GetValueOrDefault(eventId, []);
            return InviteesFailure is { } failure ? failure : new CalendlyPage<Invitee>(people, new Pagination(people.Count, null, null));
        });

    public Task<Result<Cancellation>> CancelEventAsync(string eventId, string? reason, CancellationToken cancellationToken) =>
        AnswerAsync($"cancel {eventId} {reason}", () =>
        {
            Result<Cancellation> ForReal()
            {
                var cancellation = new Cancellation("Ana Ruiz", reason, "host", clock.GetUtcNow());
                Events[eventId] = Events[eventId] with { Status = "canceled", Cancellation = cancellation };
                return cancellation;
            }

            return Cancels.TryDequeue(out var scripted) && scripted is not null ? scripted(ForReal) : ForReal();
        });

    private async Task<Result<T>> AnswerAsync<T>(string call, Func<Result<T>> answer)
        where T : notnull
    {
        lock (_lock)
        {
            Calls.Add(call);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
            foreach (var (calls, reached) in _waiting)
            {
                if (_running >= calls)
                {
                    reached.TrySetResult();
                }
            }
        }

        if (Gate is { } gate)
        {
            await gate.Task;
        }

        lock (_lock)
        {
            _running--;
            return answer();
        }
    }
}
