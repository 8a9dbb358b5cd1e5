using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

public sealed class ReadCacheTests
{
    private const long Ana = 1;
    private const long Tom = 2;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stale = TimeSpan.FromHours(24);
    private static readonly Failure Outage = new(FailureCode.CalendlyUnavailable);

    private readonly FakeClock _clock = new();
    private readonly ReadCache _cache;
    private int _reads;

    public ReadCacheTests() => _cache = new ReadCache(_clock);

    [Fact]
    public async Task A_fresh_value_is_not_read_again()
    {
        await ReadAsync("one");
        _clock.Advance(Fresh - TimeSpan.FromTicks(1));

        var reading = Value(await ReadAsync("two"));

        Assert.Equal(("one", _clock.GetUtcNow() - Fresh + TimeSpan.FromTicks(1), null), (reading.Value, reading.ReadAt, reading.Trouble));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        Func<CancellationToken, Task<Result<string>>> read = _ => Task.FromResult<Result<string>>("one");
        Task<Result<Reading<string>>> Hit() => _cache.GetAsync(Ana, "key", Fresh, Stale, read, CancellationToken.None);
        await Hit();
        await Hit();

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Hit();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task An_old_value_is_read_again()
    {
        await ReadAsync("one");
        _clock.Advance(Fresh);

        Assert.Equal("two", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task Renewing_reads_again_however_fresh_the_value_is()
    {
        await ReadAsync("one");

        Assert.Equal("two", Value(await ReadAsync("two", renew: true)).Value);
        Assert.Equal("two", Value(await ReadAsync("three")).Value);
    }

    [Fact]
    public async Task What_has_expired_for_one_is_read_again_and_stands_in_during_an_outage()
    {
        await ReadAsync("one");
        await ReadAsync("one", Tom);
        _cache.Expire(Ana);

        var result = await _cache.GetAsync<string>(Ana, "key", Fresh, Stale, _ => Task.FromResult<Result<string>>(Outage), CancellationToken.None);

        Assert.Equal(("one", Outage.Code), (Value(result).Value, Value(result).Trouble!.Code));
        Assert.Equal("one", Value(await ReadAsync("two", Tom)).Value);
        Assert.Equal("two", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task A_read_that_began_before_something_changed_is_neither_shared_nor_kept_after_it()
    {
        var early = new TaskCompletionSource<Result<string>>();
        var before = _cache.GetAsync(Ana, "key", Fresh, Stale, _ => early.Task, CancellationToken.None);
        _cache.Expire(Ana);

        var after = await ReadAsync("two");
        early.SetResult("one");

        Assert.Equal("one", Value(await before).Value);
        Assert.Equal("two", Value(after).Value);
        Assert.Equal("two", Value(await ReadAsync("three")).Value);
    }

    [Fact]
    public async Task A_clock_set_back_does_not_make_a_value_fresh()
    {
        await ReadAsync("one");
        _clock.Set(_clock.GetUtcNow() - TimeSpan.FromHours(1));

        Assert.Equal("two", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task Users_and_keys_do_not_meet()
    {
        await ReadAsync("one");

        Assert.Equal("two", Value(await ReadAsync("two", Tom)).Value);
        Assert.Equal("three", Value(await ReadAsync("three", key: "other")).Value);
        Assert.Equal("one", Value(await ReadAsync("four")).Value);
    }

    [Theory]
    [InlineData(nameof(FailureCode.CalendlyUnavailable))]
    [InlineData(nameof(FailureCode.CalendlyTimeout))]
    [InlineData(nameof(FailureCode.CalendlyBadResponse))]
    [InlineData(nameof(FailureCode.RateLimited))]
    public async Task During_an_outage_the_last_good_value_stands_in_with_the_trouble(string code)
    {
        var failure = new Failure(Enum.Parse<FailureCode>(code));
        var readAt = _clock.GetUtcNow();
        await ReadAsync("one");
        _clock.Advance(Stale - TimeSpan.FromTicks(1));

        Assert.Equal(new Reading<string>("one", readAt, failure), Value(await ReadAsync(failure)));
        Assert.Equal("two", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task A_value_too_old_to_show_is_not_shown()
    {
        await ReadAsync("one");
        _clock.Advance(Stale);

        Assert.Equal(Outage, Trouble(await ReadAsync(Outage)));
    }

    [Fact]
    public async Task A_refusal_is_passed_on_even_where_an_older_value_is_known()
    {
        await ReadAsync("one");
        _clock.Advance(Fresh);

        Assert.Equal(FailureCode.ReconnectRequired, Trouble(await ReadAsync(new Failure(FailureCode.ReconnectRequired))).Code);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await ReadAsync(Outage);

        Assert.Equal("two", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_one_read()
    {
        var gate = new TaskCompletionSource<Result<string>>();
        var callers = Enumerable.Range(0, 20).Select(_ => ReadAsync(gate.Task)).ToList();

        gate.SetResult("one");

        Assert.All(await Task.WhenAll(callers), answer => Assert.Equal("one", Value(answer).Value));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_read_for_nobody_else()
    {
        using var leaving = new CancellationTokenSource();
        var gate = new TaskCompletionSource<Result<string>>();
        var first = _cache.GetAsync(Ana, "key", Fresh, Stale, token => gate.Task.WaitAsync(token), leaving.Token);
        var second = ReadAsync("never");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult("one");

        Assert.Equal("one", Value(await second).Value);
        Assert.Equal("one", Value(await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task A_bug_in_a_read_reaches_everybody_who_waits_and_is_not_kept()
    {
        var gate = new TaskCompletionSource<Result<string>>();
        var first = ReadAsync(gate.Task);
        var second = ReadAsync(gate.Task);

        gate.SetException(new InvalidOperationException("bug"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        Assert.Equal("one", Value(await ReadAsync("one")).Value);
    }

    [Fact]
    public async Task Forgetting_a_user_drops_what_that_user_has_read_and_nothing_else()
    {
        await ReadAsync("ana's");
        await ReadAsync("tom's", Tom);

        _cache.Forget(Ana);

        Assert.Equal("new", Value(await ReadAsync("new")).Value);
        Assert.Equal("tom's", Value(await ReadAsync("new", Tom)).Value);
    }

    [Fact]
    public async Task A_read_under_way_when_its_user_is_forgotten_is_neither_kept_nor_shared()
    {
        var gate = new TaskCompletionSource<Result<string>>();
        var before = ReadAsync(gate.Task);

        _cache.Forget(Ana);
        var after = await ReadAsync("new");
        gate.SetResult("old");

        Assert.Equal("old", Value(await before).Value);
        Assert.Equal("new", Value(after).Value);
        Assert.Equal("new", Value(await ReadAsync("newer")).Value);
    }

    [Fact]
    public async Task What_was_read_before_everything_expired_is_read_again_but_still_stands_in()
    {
        await ReadAsync("old");

        _cache.Expire();

        Assert.Equal("new", Value(await ReadAsync("new")).Value);
    }

    [Fact]
    public async Task A_read_under_way_when_everything_expires_does_not_land_as_fresh()
    {
        var gate = new TaskCompletionSource<Result<string>>();
        var before = ReadAsync(gate.Task);

        _cache.Expire();
        gate.SetResult("old");
        await before;

        Assert.Equal("new", Value(await ReadAsync("new")).Value);
    }

    [Fact]
    public async Task A_read_that_fails_after_its_user_was_forgotten_does_not_take_the_new_readers_value()
    {
        await ReadAsync("one");
        var gate = new TaskCompletionSource<Result<string>>();
        var before = _cache.GetAsync(Ana, "key", Fresh, Stale, _ => gate.Task, TestContext.Current.CancellationToken, renew: true);

        _cache.Forget(Ana);
        await ReadAsync("two");
        gate.SetResult(Outage);

        Assert.Equal(Outage, Trouble(await before));
    }

    [Fact]
    public async Task Clearing_drops_everything()
    {
        await ReadAsync("ana's");
        await ReadAsync("tom's", Tom);

        _cache.Clear();

        Assert.Equal("new", Value(await ReadAsync("new")).Value);
        Assert.Equal("new", Value(await ReadAsync("new", Tom)).Value);
    }

    [Fact]
    public async Task The_oldest_value_makes_room_when_the_cache_is_full()
    {
        for (var user = 1; user <= ReadCache.Capacity; user++)
        {
            await ReadAsync("old", user);
        }

        await ReadAsync("renewed", user: 1, renew: true);
        await ReadAsync("one too many", ReadCache.Capacity + 1);

        Assert.Equal("renewed", Value(await ReadAsync("new", user: 1)).Value);
        Assert.Equal("new", Value(await ReadAsync("new", user: 2)).Value);
    }

    private Task<Result<Reading<string>>> ReadAsync(Result<string> answer, long user = Ana, string key = "key", bool renew = false) =>
        ReadAsync(Task.FromResult(answer), user, key, renew);

    private Task<Result<Reading<string>>> ReadAsync(Task<Result<string>> answer, long user = Ana, string key = "key", bool renew = false) =>
        _cache.GetAsync(
            user,
            key,
            Fresh,
            Stale,
            _ =>
            {
                _reads++;
                return answer;
            },
            TestContext.Current.CancellationToken,
            renew);

    private static Reading<string> Value(Result<Reading<string>> result) =>
        result.Succeeded(out var reading, out var failure) ? reading : throw new InvalidOperationException(failure.ToString());

    private static Failure Trouble(Result<Reading<string>> result) =>
        result.Succeeded(out var reading, out var failure) ? throw new InvalidOperationException(reading.ToString()) : failure;
}
