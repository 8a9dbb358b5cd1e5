namespace CalendlySlices.Tests.Support;

/// <summary>Tells the time of another clock, but waits for nothing: whoever waits goes on at once, after others had a turn.</summary>
internal sealed class HurriedClock(TimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
}
