namespace CalendlySlices.Infrastructure.Data;

/// <summary>
/// The database's time, as it was when a row was last read plus what has passed since. Ends of tokens and leases are
/// compared with it, so that a machine whose clock is wrong, or is being set, neither refreshes too early nor too late.
/// </summary>
/// <param name="isVirtual">True where testers move the time; it is then the same as the application's.</param>
internal sealed class DatabaseClock(TimeProvider clock, bool isVirtual)
{
    private Reading? _last;

    public DateTimeOffset Now => _last is { } last && !isVirtual ? last.Database + clock.GetElapsedTime(last.At) : clock.GetUtcNow();

    /// <summary>How far the application's clock is behind the database's; zero until a row was read.</summary>
    public TimeSpan Offset => Now - clock.GetUtcNow();

    /// <summary>What the database called now a moment ago.</summary>
    public void Note(DateTimeOffset databaseNow) => _last = new Reading(databaseNow, clock.GetTimestamp());

    private sealed record Reading(DateTimeOffset Database, long At);
}
