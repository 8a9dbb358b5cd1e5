using CalendlySlices.Infrastructure.Calendly.Emulator;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

public sealed class MockClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clock_given_an_instant_stands_still()
    {
        var clock = new MockClock(Start);
        Assert.True(clock.IsFrozen);
        Assert.Equal(Start, clock.GetUtcNow());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Start.AddHours(1), clock.GetUtcNow());
        clock.Set(Start.AddDays(-1));
        Assert.Equal(Start.AddDays(-1), clock.GetUtcNow());
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void A_clock_given_nothing_tells_the_machines_time_until_it_is_set()
    {
        var clock = new MockClock();
        Assert.False(clock.IsFrozen);
        Assert.Equal(TimeProvider.System.GetUtcNow(), clock.GetUtcNow(), TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.False(clock.IsFrozen);
        Assert.Equal(TimeProvider.System.GetUtcNow().AddDays(2), clock.GetUtcNow(), TimeSpan.FromSeconds(10));
        clock.Set(Start);
        Assert.True(clock.IsFrozen);
        Assert.Equal(Start, clock.GetUtcNow());
        clock.Tick();
        Assert.False(clock.IsFrozen);
        Assert.InRange(clock.GetUtcNow(), Start, Start.AddSeconds(10));
    }

    [Fact]
    public void Timers_fire_in_due_order_at_their_own_time_before_the_move_is_over()
    {
        var clock = new MockClock(Start);
        var fired = new List<(string Name, TimeSpan At)>();
        using var late = Timer("late", 30);
        using var early = Timer("early", 10);
        using var twin = Timer("twin", 10);
        using var never = Timer("never", 61);
        using var every = clock.CreateTimer(_ => Fired("every"), null, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            [("early", 10), ("twin", 10), ("every", 15), ("late", 30), ("every", 35), ("every", 55)],
            fired.Select(entry => (entry.Name, (int)entry.At.TotalSeconds)));
        Assert.Equal(Start.AddMinutes(1), clock.GetUtcNow());

        ITimer Timer(string name, int seconds) => clock.CreateTimer(_ => Fired(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        void Fired(string name) => fired.Add((name, clock.GetUtcNow() - Start));
    }

    [Fact]
    public void A_timer_that_is_changed_or_disposed_forgets_what_it_was()
    {
        var clock = new MockClock(Start);
        var fired = 0;
        using var changed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        var disposed = clock.CreateTimer(_ => fired += 100, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        Assert.True(changed.Change(TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan));
        disposed.Dispose();
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, fired);
        clock.Set(Start.AddMinutes(5));
        Assert.Equal(1, fired);
    }

    [Fact]
    public async Task A_delay_ends_when_a_frozen_clock_is_moved_past_it()
    {
        var clock = new MockClock(Start);
        var delay = Task.Delay(TimeSpan.FromHours(1), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_delay_ends_by_itself_when_the_clock_ticks()
    {
        var clock = new MockClock(Start);
        var delay = Task.Delay(TimeSpan.FromMilliseconds(20), clock, TestContext.Current.CancellationToken);
        var longer = Task.Delay(TimeSpan.FromDays(30), clock, TestContext.Current.CancellationToken);
        clock.Tick();
        await delay.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(longer.IsCompleted);
        clock.Advance(TimeSpan.FromDays(31));
        await longer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_timer_due_at_once_fires_without_a_move()
    {
        var fired = new TaskCompletionSource();
        using var timer = new MockClock(Start).CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
