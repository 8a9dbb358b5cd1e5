using CalendlySlices.Features.Cancel;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Cancel;

public class CancelHandlerTests
{
    private static readonly Failure Timeout = new(FailureCode.CalendlyTimeout);

    private readonly FakeClock _clock = new();
    private readonly StubConnections _connections = new();
    private readonly StubCalendly _calendly;
    private readonly CancelHandler _handler;
    private readonly ReadCache _cache;

    public CancelHandlerTests()
    {
        _calendly = new StubCalendly(_clock);
        _cache = new ReadCache(_clock);
        _handler = new CancelHandler(_calendly, _connections, new CancelFlights(), _cache, new Changes(new SqliteDataSource(":memory:"), _clock), _clock);
        _calendly.Events["1"] = SampleSessions.Session("1", _clock.GetUtcNow().AddHours(2));
    }

    [Fact]
    public async Task A_cancellation_is_sent_once_with_the_clean_reason()
    {
        var outcome = await SucceedAsync("  Flight\u0007 delayed\r\n");

        Assert.False(outcome.Already);
        Assert.Equal("host", outcome.Cancellation?.CancelerType);
        Assert.Equal(["get 1", "cancel 1 Flight delayed"], _calendly.Calls);
    }

    [Theory]
    [InlineData(FailureCode.CalendlyTimeout)]
    [InlineData(FailureCode.CalendlyUnavailable)]
    [InlineData(FailureCode.CalendlyBadResponse)]
    internal async Task A_lost_answer_is_settled_by_reading_the_event_and_not_by_sending_again(FailureCode code)
    {
        _calendly.Cancels.Enqueue(cancel =>
        {
            cancel();
            return new Failure(code);
        });

        var outcome = await SucceedAsync();

        Assert.False(outcome.Already);
        Assert.Equal(1, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task A_lost_request_is_sent_once_more()
    {
        _calendly.Cancels.Enqueue(_ => Timeout);

        await SucceedAsync();

        Assert.Equal(["get 1", "cancel 1 ", "get 1", "cancel 1 "], _calendly.Calls);
    }

    [Fact]
    public async Task A_second_lost_answer_counts_only_when_the_event_is_seen_canceled()
    {
        _calendly.Cancels.Enqueue(_ => Timeout);
        _calendly.Cancels.Enqueue(cancel =>
        {
            cancel();
            return Timeout;
        });

        await SucceedAsync();

        Assert.Equal(2, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task An_event_that_stays_active_after_two_lost_posts_is_neither_success_nor_failure()
    {
        _calendly.Cancels.Enqueue(_ => Timeout);
        _calendly.Cancels.Enqueue(_ => Timeout);

        Assert.Equal(FailureCode.CancelOutcomeUnknown, await FailAsync());
        Assert.Equal(2, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_leaves_the_outcome_unknown()
    {
        _calendly.Reads.Enqueue(null);
        _calendly.Reads.Enqueue(_ => new Failure(FailureCode.CalendlyUnavailable));
        _calendly.Cancels.Enqueue(_ => Timeout);

        Assert.Equal(FailureCode.CancelOutcomeUnknown, await FailAsync());
        Assert.Equal(1, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task A_late_first_post_that_wins_over_the_second_is_our_own_success()
    {
        _calendly.Cancels.Enqueue(_ => Timeout);
        _calendly.Cancels.Enqueue(cancel =>
        {
            cancel();
            return new Failure(FailureCode.EventAlreadyCanceled);
        });

        Assert.False((await SucceedAsync()).Already);
    }

    [Fact]
    public async Task A_rate_limit_is_passed_on_without_another_post()
    {
        _calendly.Cancels.Enqueue(_ => new Failure(FailureCode.RateLimited) { RetryAfter = TimeSpan.FromSeconds(42) });

        Assert.Equal(FailureCode.RateLimited, await FailAsync());
        Assert.Equal(1, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task What_is_canceled_already_is_told_with_who_did_it_and_nothing_is_sent()
    {
        _calendly.Events["1"] = _calendly.Events["1"].Canceled("Ben Okoro", "invitee");

        var outcome = await SucceedAsync();

        Assert.True(outcome.Already);
        Assert.Equal("Ben Okoro", outcome.Cancellation?.CanceledBy);
        Assert.Equal(0, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task A_cancellation_by_somebody_else_between_look_and_post_is_told_as_theirs()
    {
        _calendly.Cancels.Enqueue(_ =>
        {
            _calendly.Events["1"] = _calendly.Events["1"].Canceled("Ben Okoro", "invitee");
            return new Failure(FailureCode.EventAlreadyCanceled);
        });

        var outcome = await SucceedAsync();

        Assert.True(outcome.Already);
        Assert.Equal("Ben Okoro", outcome.Cancellation?.CanceledBy);
    }

    [Fact]
    public async Task A_session_that_has_started_is_refused_before_anything_is_sent()
    {
        _clock.Advance(TimeSpan.FromMinutes(124));

        var result = await RunAsync();

        Assert.False(result.Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.EventInPast, failure.Code);
        Assert.Equal("Not canceled: it started 4 min ago.", failure.Message);
        Assert.Equal(0, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task A_session_of_another_host_does_not_exist_even_if_calendly_would_let_us()
    {
        _calendly.Events["1"] = SampleSessions.Session("1", _clock.GetUtcNow().AddHours(2), host: "https://api.calendly.com/users/PRIYA");

        Assert.Equal(FailureCode.NotFound, await FailAsync());
        Assert.Equal(0, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task Without_the_scope_nothing_is_asked_of_calendly()
    {
        _connections.Current = _connections.Current! with { Scopes = ["scheduled_events:read"] };

        Assert.Equal(FailureCode.ScopeMissing, await FailAsync());
        Assert.Empty(_calendly.Calls);
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_asked_of_calendly()
    {
        _connections.Current = null;
        Assert.Equal(FailureCode.NotConnected, await FailAsync());

        _connections.Current = new StubConnections().Current! with { Status = ConnectionStatus.NeedsReconnect };
        Assert.Equal(FailureCode.ReconnectRequired, await FailAsync());
        Assert.Empty(_calendly.Calls);
    }

    [Fact]
    public async Task A_double_click_and_a_second_tab_send_one_post_and_get_one_answer()
    {
        _calendly.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Enumerable.Range(0, 20).Select(_ => RunAsync()).ToList();
        _calendly.Gate.SetResult();

        var results = await Task.WhenAll(running);

        Assert.All(results, result => Assert.True(result.Succeeded(out var outcome, out _) && !outcome.Already));
        Assert.Equal(1, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task Somebody_who_leaves_does_not_stop_a_cancellation_that_others_wait_for()
    {
        _calendly.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var first = _handler.HandleAsync(1, new CancelCommand("1", null), leaving.Token);
        var second = RunAsync();
        await leaving.CancelAsync();
        _calendly.Gate.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True((await second).Succeeded(out _, out _));
        Assert.Equal(1, _calendly.CountOf("cancel"));
    }

    [Fact]
    public async Task After_a_cancellation_kept_lists_are_read_anew()
    {
        var reads = 0;
        Task<Result<string>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<Result<string>>($"{++reads}");
        Task<Result<Reading<string>>> AskAsync() => _cache.GetAsync(
            1, "a list", TimeSpan.FromHours(1), TimeSpan.FromHours(1), ReadAsync, TestContext.Current.CancellationToken);
        await AskAsync();

        await SucceedAsync();
        await AskAsync();

        Assert.Equal(2, reads);
    }

    private Task<Result<CancelOutcome>> RunAsync(string? reason = null) =>
        _handler.HandleAsync(1, new CancelCommand("1", reason), TestContext.Current.CancellationToken);

    private async Task<CancelOutcome> SucceedAsync(string? reason = null)
    {
        Assert.True((await RunAsync(reason)).Succeeded(out var outcome, out var failure), failure?.Message);
        return outcome;
    }

    private async Task<FailureCode> FailAsync()
    {
        Assert.False((await RunAsync()).Succeeded(out _, out var failure));
        return failure.Code;
    }
}
