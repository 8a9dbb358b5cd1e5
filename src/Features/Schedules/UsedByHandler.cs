using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Schedules;

/// <summary>Event types, each with the way to its hours.</summary>
/// <param name="ScheduleId">Of the schedule that they use; null for those with hours of their own.</param>
internal sealed record EventTypeChips(string? ScheduleId, IReadOnlyList<EventTypeChip> Types, bool MoreExist)
{
    public string Names => HoursWords.List([.. Types.Select(type => type.Name)]);

    /// <summary>"3 event types"</summary>
    public string Count => Types is [_] && !MoreExist ? "1 event type" : $"{Types.Count}{(MoreExist ? "+" : string.Empty)} event types";
}

internal sealed record EventTypeChip(string Id, string Name, bool Active)
{
    public string HoursUrl => $"/schedules/event-types/{Id}/hours";
}

/// <summary>Which event types use which hours. Read after the page is there, kept for a minute and, while Calendly is down,
/// for a day.</summary>
internal sealed class UsedByHandler(ICalendlyApi calendly, SchedulesHandler schedules, EventTypeReads eventTypes, ReadCache cache)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    /// <summary>Fails with <c>NotFound</c> for a schedule that is not the person's.</summary>
    public async Task<Result<EventTypeChips>> HandleAsync(long userId, string scheduleId, CancellationToken cancellationToken)
    {
        if (!(await schedules.HandleAsync(userId, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return failure;
        }

        return reading.Find(scheduleId) is null ? new Failure(FailureCode.NotFound) : await ReadAsync(reading.Connection, scheduleId, cancellationToken);
    }

    /// <summary>Those that no schedule's list names: whose hours were changed for them alone.</summary>
    public async Task<Result<EventTypeChips>> ReadOwnAsync(long userId, CancellationToken cancellationToken)
    {
        if (!(await schedules.HandleAsync(userId, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return failure;
        }

        var all = eventTypes.ReadAsync(userId, cancellationToken);
        var lists = await Task.WhenAll(reading.Schedules.Value.Select(schedule => ReadAsync(reading.Connection, CalendlyUri.LastSegment(schedule.Uri), cancellationToken)));
        var used = new HashSet<string>();
        foreach (var list in lists)
        {
            if (!list.Succeeded(out var chips, out failure))
            {
                return failure;
            }

            used.UnionWith(chips.Types.Select(type => type.Id));
        }

        return (await all).Map(types => Chips(null, types.Value.Types.Where(type => !used.Contains(CalendlyUri.LastSegment(type.Uri))), types.Value.MoreExist));
    }

    private async Task<Result<EventTypeChips>> ReadAsync(Connection connection, string scheduleId, CancellationToken cancellationToken)
    {
        if (!connection.IsUsable(EventTypeReads.Scope, out var hindrance))
        {
            return hindrance;
        }

        var query = new EventTypesQuery(connection.CalendlyUserUri, ScheduleUri: CalendlyUri.For("user_availability_schedules", scheduleId));
        var result = await cache.GetAsync(
            connection.UserId, $"/event_types {query.ScheduleUri}", FreshFor, StaleFor, cancellation => calendly.ListEventTypesAsync(query, cancellation), cancellationToken);
        return result.Map(page => Chips(scheduleId, page.Value.Collection, page.Value.Pagination.NextPageToken is not null));
    }

    private static EventTypeChips Chips(string? scheduleId, IEnumerable<EventType> types, bool moreExist) => new(
        scheduleId,
        [.. types.Where(type => type.DeletedAt is null).Select(type => new EventTypeChip(CalendlyUri.LastSegment(type.Uri), type.Name ?? "Event type", type.Active))],
        moreExist);
}
