using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Schedules;

/// <summary>Reads the hours that the editor is about. What is not the person's own is not found, so that ids cannot be
/// probed.</summary>
internal sealed class HoursHandler(ICalendlyApi calendly, IConnections connections, EventTypeReads eventTypes, ReadCache cache)
{
    public const string Scope = "availability:write";

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(60);

    // The form is only redrawn with these; what is saved is compared with a new reading.
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    /// <summary>For drawing: a kept answer will do.</summary>
    public Task<Result<HoursSubject>> HandleAsync(long userId, HoursTarget target, CancellationToken cancellationToken) =>
        GuardedAsync(userId, async connection =>
        {
            var result = await cache.GetAsync(
                userId, $"{(target.IsEventType ? "/event_type_availability_schedules" : "/user_availability_schedules")} {target.Uri}", FreshFor, StaleFor,
                cancellation => ReadAsync(connection, target, cancellation), cancellationToken);
            return result.Map(reading => reading.Value);
        }, cancellationToken);

    /// <summary>For deciding: as Calendly has them at this moment.</summary>
    public Task<Result<HoursSubject>> ReadNowAsync(long userId, HoursTarget target, CancellationToken cancellationToken) =>
        GuardedAsync(userId, connection => ReadAsync(connection, target, cancellationToken), cancellationToken);

    private async Task<Result<HoursSubject>> GuardedAsync(
        long userId, Func<Connection, Task<Result<HoursSubject>>> readAsync, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(userId, cancellationToken);
        return connection.IsUsable(Scope, out var hindrance) ? await readAsync(connection) : hindrance;
    }

    private Task<Result<HoursSubject>> ReadAsync(Connection connection, HoursTarget target, CancellationToken cancellationToken) =>
        target.IsEventType ? ReadEventTypeAsync(connection, target, cancellationToken) : ReadScheduleAsync(connection, target, cancellationToken);

    private async Task<Result<HoursSubject>> ReadScheduleAsync(Connection connection, HoursTarget target, CancellationToken cancellationToken)
    {
        var result = await calendly.GetScheduleAsync(target.Id, cancellationToken);
        if (!result.Succeeded(out var schedule, out var failure))
        {
            return failure;
        }

        return schedule.User != connection.CalendlyUserUri ? new Failure(FailureCode.NotFound)
            : !SchedulesHandler.MakesSense(schedule.Timezone, schedule.Rules) ? new Failure(FailureCode.CalendlyBadResponse)
            : new HoursSubject(target, schedule.Name, null, schedule.Timezone, schedule.Rules);
    }

    private async Task<Result<HoursSubject>> ReadEventTypeAsync(Connection connection, HoursTarget target, CancellationToken cancellationToken)
    {
        if (!(await eventTypes.ReadAsync(connection.UserId, cancellationToken)).Succeeded(out var types, out var failure))
        {
            return failure;
        }

        if (types.Value.Find(target.Id) is not { } type)
        {
            return new Failure(FailureCode.NotFound);
        }

        if (!(await calendly.ListEventTypeSchedulesAsync(type.Uri, cancellationToken)).Succeeded(out var hosts, out failure))
        {
            return failure;
        }

        // One entry for each host; where there is only one, it may not say whose it is.
        var own = hosts.Select(host => host.AvailabilityRule).FirstOrDefault(hours => hours?.User == connection.CalendlyUserUri)
            ?? (hosts is [{ AvailabilityRule: { User: null } only }] ? only : null);
        return own is { Timezone: { } timezone, Rules: { } rules } && SchedulesHandler.MakesSense(timezone, rules)
            ? new HoursSubject(target, type.Name ?? "Event type", own.Uri is null ? null : own.Name ?? "a named schedule", timezone, rules)
            : new Failure(FailureCode.CalendlyBadResponse);
    }
}
