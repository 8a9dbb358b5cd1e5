using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.EventTypes;

/// <param name="Active">What the switch should say afterwards.</param>
internal sealed record ActivationCommand(long UserId, string Id, bool Active);

/// <summary>What the switch says now, as Calendly told us.</summary>
/// <param name="Unsettled">Calendly's first answer was lost, and it is not what was asked for.</param>
/// <param name="StayBooked">"7 sessions stay booked"; null when there are none, or nobody knows.</param>
internal sealed record ActivationOutcome(EventType Type, bool Unsettled, string? StayBooked);

/// <summary>Turns an event type on or off at Calendly, with one request that is never repeated: where its answer is lost,
/// the event type itself is asked.</summary>
internal sealed class ActivationHandler(OwnEventType types, ICalendlyApi calendly, IConnections connections, ReadCache cache, Changes changes, TimeProvider clock)
{
    private const int MostCounted = 100;

    /// <summary>Also fails with <c>CalendlyForbidden</c> for event types that Calendly does not let applications change.</summary>
    public async Task<Result<ActivationOutcome>> HandleAsync(ActivationCommand command, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(command.UserId, cancellationToken);
        if (!connection.IsUsable(EventTypesHandler.SwitchScope, out var failure)
            || !(await types.FindAsync(command.UserId, command.Id, cancellationToken)).Succeeded(out var type, out failure))
        {
            return failure;
        }

        if (EventTypeWords.WhyNotSwitched(type) is { } reason)
        {
            return new Failure(FailureCode.CalendlyForbidden, reason);
        }

        // Side by side with the change, which does not touch sessions. From here on nobody's leaving stops anything.
        var staying = command.Active ? Task.FromResult<string?>(null) : CountAsync(connection, type);
        var sent = await SendAsync(command);
        cache.Forget(command.UserId);
        await changes.TryAddAsync(command.UserId, ChangeKind.EventType, command.Id);
        return sent.Succeeded(out var seen, out failure)
            ? new ActivationOutcome(seen, seen.Active != command.Active, await staying)
            : failure;
    }

    private async Task<Result<EventType>> SendAsync(ActivationCommand command)
    {
        var sent = await calendly.UpdateEventTypeAsync(command.Id, new EventTypeChange(command.Active), CancellationToken.None);
        if (sent.Succeeded(out _, out var failure) || !failure.IsOutage || failure.Code == FailureCode.RateLimited)
        {
            return sent;
        }

        var read = await calendly.GetEventTypeAsync(command.Id, CancellationToken.None);
        return read.Succeeded(out var seen, out _) ? seen : failure with
        {
            Message = $"Calendly did not confirm, so this may {(command.Active ? "already be on" : "already be off")}. Look again in a minute before you try once more.",
        };
    }

    // Only ever a remark: where it cannot be made, it is left out.
    private async Task<string?> CountAsync(Connection connection, EventType type)
    {
        if (!connection.Allows("scheduled_events:read"))
        {
            return null;
        }

        var query = new ScheduledEventsQuery(connection.CalendlyUserUri, "active", clock.GetUtcNow(), Count: MostCounted);
        if (!(await calendly.ListScheduledEventsAsync(query, CancellationToken.None)).Succeeded(out var page, out _))
        {
            return null;
        }

        var count = page.Collection.Count(session => session.EventType == type.Uri);
        var more = page.Pagination.NextPageToken is null ? string.Empty : "+";
        return count == 0 ? null : count == 1 && more.Length == 0 ? "1 session stays booked" : $"{count}{more} sessions stay booked";
    }
}
