using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>When each coach can be booked next. One call for a coach and a minute, whoever looks and however many, and
/// whether it succeeds or not.</summary>
internal sealed class SoonestTimes(CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache, TimeProvider clock, WireTime wire)
    : IDisposable
{
    /// <summary>How far ahead is looked: as far as one call reaches.</summary>
    public static readonly TimeSpan Looked = CalendlyLimits.AvailableTimesRange;

    // Enough to still know the next ones when the first have passed.
    private const int KeptStarts = 64;

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(60);

    // Beyond this an old free time says nothing any more.
    private static readonly TimeSpan StaleFor = TimeSpan.FromMinutes(15);

    // Many coaches at once, and not so many that other pages wait behind them.
    private readonly SemaphoreSlim _turns = new(16);

    /// <summary>The event type that stands for the coach: the shortest, which is open most often. Null without one.</summary>
    public static ListedEventType? TypeOf(ListedCoach coach) =>
        coach.EventTypes.OrderBy(type => type.DurationMinutes).ThenBy(type => type.Id, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>What is in memory; null when nothing is. Costs nothing.</summary>
    public Soonest? Known(ListedCoach coach)
    {
        if (TypeOf(coach) is not { } type || cache.Peek<Attempt>(coach.UserId, AttemptKey(type), FreshFor, StaleFor) is not { } kept)
        {
            return null;
        }

        var (attempt, now) = (kept.Reading.Value, clock.GetUtcNow());
        return new Soonest(type, attempt.Starts?.Where(start => start > now).ToList(), attempt.ReadAt, attempt.Problem, kept.IsFresh);
    }

    /// <summary>Asks about those of whom nothing fresh is known, and waits no longer than the patience. What comes later is
    /// kept as well: see <see cref="Known"/>.</summary>
    public async Task ReadAsync(IEnumerable<ListedCoach> coaches, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reads = coaches.Select(ReadAsync).ToList();
        try
        {
            await Task.WhenAll(reads).WaitAsync(patience, wire.Provider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The others go on.
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task ReadAsync(ListedCoach coach)
    {
        if (TypeOf(coach) is { } type)
        {
            await cache.GetAsync(
                coach.UserId, AttemptKey(type), FreshFor, TimeSpan.Zero, cancellation => AttemptAsync(type, cancellation), CancellationToken.None);
        }
    }

    private static string AttemptKey(ListedEventType type) => $"soonest attempt {type.Id}";

    // A failure is an answer as well: otherwise everybody who looks during an outage would call.
    private async Task<Result<Attempt>> AttemptAsync(ListedEventType type, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var connection = await connections.FindAsync(type.OwnerId, cancellationToken);
            if (!connection.IsUsable(AvailableTimeReads.Scope, out var hindrance))
            {
                return new Attempt(null, clock.GetUtcNow(), hindrance);
            }

            var result = await cache.GetAsync(
                type.OwnerId, $"soonest {type.Id}", TimeSpan.Zero, StaleFor, cancellation => ListAsync(type, cancellation), cancellationToken);
            return result.Succeeded(out var reading, out var failure)
                ? new Attempt(reading.Value, reading.ReadAt, reading.Trouble)
                : new Attempt(null, clock.GetUtcNow(), failure);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<Result<IReadOnlyList<DateTimeOffset>>> ListAsync(ListedEventType type, CancellationToken cancellationToken)
    {
        var from = clock.GetUtcNow() + CalendlyLimits.FutureMargin;
        var query = new AvailableTimesQuery(CalendlyUri.For("event_types", type.Id), from, from + Looked);
        return (await calendlyFor(new ConnectionOwner(type.OwnerId)).ListAvailableTimesAsync(query, cancellationToken))
            .Map<IReadOnlyList<DateTimeOffset>>(times => [.. times.Select(time => time.StartTime).Distinct().Order().Take(KeptStarts)]);
    }

    private sealed record Attempt(IReadOnlyList<DateTimeOffset>? Starts, DateTimeOffset ReadAt, Failure? Problem);
}
