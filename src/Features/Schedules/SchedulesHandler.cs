using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Schedules;

/// <param name="Schedules">As Calendly orders them. The rules of each make sense, and its zone is known.</param>
internal sealed record SchedulesReading(Connection Connection, Reading<IReadOnlyList<AvailabilitySchedule>> Schedules)
{
    public AvailabilitySchedule? Find(string scheduleId) =>
        Schedules.Value.FirstOrDefault(schedule => CalendlyUri.LastSegment(schedule.Uri) == scheduleId);
}

/// <summary>A coach's named schedules, kept for a minute and, while Calendly is down, for a day. One call.</summary>
internal sealed class SchedulesHandler(ICalendlyApi calendly, IConnections connections, ReadCache cache)
{
    public const string Scope = "availability:read";

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StaleFor = TimeSpan.FromHours(24);

    public async Task<Result<SchedulesReading>> HandleAsync(long userId, CancellationToken cancellationToken, bool renew = false)
    {
        var connection = await connections.FindAsync(userId, cancellationToken);
        if (!connection.IsUsable(Scope, out var hindrance))
        {
            return hindrance;
        }

        var userUri = connection.CalendlyUserUri;
        var result = await cache.GetAsync(
            userId, "/user_availability_schedules", FreshFor, StaleFor, cancellation => ReadAsync(userUri, cancellation), cancellationToken, renew);
        return result.Map(reading => new SchedulesReading(connection, reading));
    }

    // Looked through before it is kept, so that nonsense does not take the place of the last good answer.
    private async Task<Result<IReadOnlyList<AvailabilitySchedule>>> ReadAsync(string userUri, CancellationToken cancellationToken)
    {
        var result = await calendly.ListSchedulesAsync(userUri, cancellationToken);
        return result.Succeeded(out var schedules, out _) && !schedules.All(schedule => MakesSense(schedule.Timezone, schedule.Rules))
            ? new Failure(FailureCode.CalendlyBadResponse)
            : result;
    }

    /// <summary>The zone is known and every rule can be read.</summary>
    public static bool MakesSense(string timezone, IReadOnlyList<AvailabilityRule> rules) => ReaderZone.Find(timezone) is not null && Hours.Of(rules) is not null;
}
