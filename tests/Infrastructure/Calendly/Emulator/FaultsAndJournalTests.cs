using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

public sealed class FaultsAndJournalTests
{
    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task A_fault_ends_after_its_times_and_meets_only_what_fits()
    {
        _world.Emulator.Faults.Add(new Fault("/users", FaultKind.Status) { Method = "GET", Status = 503, RetryAfter = TimeSpan.FromSeconds(1.5), Times = 2 });
        Assert.Equal(404, (await _world.Get("/nothing")).Status);
        var first = await _world.Get("/users/me");
        Assert.Equal((503, "2", 0), (first.Status, first.Header("Retry-After"), first.Body.Length));
        Assert.Equal(1, Assert.Single(_world.Emulator.Faults.Pending).Times);
        Assert.Equal(503, (await _world.Get("/users/me")).Status);
        Assert.Equal(200, (await _world.Get("/users/me")).Status);
        Assert.Empty(_world.Emulator.Faults.Pending);
    }

    [Theory]
    [InlineData(nameof(FaultKind.Status), false)]
    [InlineData(nameof(FaultKind.BadJson), true)]
    [InlineData(nameof(FaultKind.EmptyBody), true)]
    [InlineData(nameof(FaultKind.Drop), true)]
    [InlineData(nameof(FaultKind.DropBefore), false)]
    [InlineData(nameof(FaultKind.Refuse), false)]
    public async Task Whether_a_spoilt_cancellation_happened_depends_on_the_fault(string fault, bool happens)
    {
        var kind = Enum.Parse<FaultKind>(fault);
        _world.Emulator.Faults.Add(new Fault("/scheduled_events", kind) { Method = "POST" });
        try
        {
            var answer = await _world.Cancel("tomorrow-nine");
            Assert.True(kind is FaultKind.Status or FaultKind.BadJson or FaultKind.EmptyBody);
            Assert.ThrowsAny<System.Text.Json.JsonException>(() => Json(answer));
        }
        catch (HttpRequestException lost)
        {
            Assert.Equal(kind == FaultKind.Refuse ? HttpRequestError.ConnectionError : HttpRequestError.ResponseEnded, lost.HttpRequestError);
        }

        var status = Json(await _world.Get(Session("tomorrow-nine"))).GetProperty("resource").GetProperty("status").GetString();
        Assert.Equal(happens ? "canceled" : "active", status);
        Assert.Equal(kind, _world.Emulator.Journal[0].Fault);
    }

    [Fact]
    public async Task A_delay_is_measured_on_the_emulators_clock_and_a_hang_ends_only_by_giving_up()
    {
        _world.Emulator.Faults.Add(new Fault("/users", FaultKind.Delay) { Delay = TimeSpan.FromSeconds(5) });
        var slow = _world.Get("/users/me");
        _world.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(slow.IsCompleted);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await slow).Status);

        _world.Emulator.Faults.Add(new Fault("/users", FaultKind.Hang));
        using var patience = new CancellationTokenSource();
        var hanging = _world.Emulator.HandleAsync(new EmulatorCall("GET", "/users/me") { Authorization = $"Bearer {_world.AnaToken}" }, patience.Token);
        _world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(hanging.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task The_journal_tells_what_was_called_and_no_secret()
    {
        var grant = _world.Emulator.Grant("ana");
        var code = await _world.Code();
        await _world.PostForm("/oauth/token", Exchange(code));
        await _world.Refresh(grant.RefreshToken.Reveal());
        await _world.PostForm("/oauth/revoke", new() { ["client_id"] = "mock-client", ["client_secret"] = "mock-secret", ["token"] = grant.AccessToken.Reveal() });
        await _world.Cancel("tomorrow-nine", """{"reason":"Storm & wind"}""");
        await _world.Get(Sessions("&count=5"));
        await _world.Get($"/users/me?token={grant.RefreshToken.Reveal()}&code={code}&x={grant.AccessToken.Reveal()}");

        var journal = _world.Emulator.Journal;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], journal.Select(entry => entry.Sequence));
        Assert.Equal(("POST", "/oauth/token", 200), (journal[1].Method, journal[1].Path, journal[1].Status));
        Assert.Contains("grant_type=refresh_token", journal[2].Body, StringComparison.Ordinal);
        Assert.Equal("""{"reason":"Storm & wind"}""", journal[4].Body);
        Assert.Equal(201, journal[4].Status);
        Assert.Contains("count=5", journal[5].Query, StringComparison.Ordinal);
        var everything = new StringBuilder().AppendJoin('\n', journal).ToString();
        foreach (var secret in (string[])[code, Verifier, grant.AccessToken.Reveal(), grant.RefreshToken.Reveal(), "mock-secret", "st%2F1"])
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_journal_keeps_the_last_two_thousand_and_can_be_cleared()
    {
        for (var call = 0; call < 2_003; call++)
        {
            await _world.Get("/users/me", "mock_at_unknown");
        }

        Assert.Equal((2_000, 4), (_world.Emulator.Journal.Count, (int)_world.Emulator.Journal[0].Sequence));
        _world.Emulator.ClearJournal();
        Assert.Empty(_world.Emulator.Journal);
    }

    [Fact]
    public async Task A_reset_makes_the_world_new_at_the_clocks_quarter_hour()
    {
        _world.Emulator.Faults.Add(new Fault("/nothing", FaultKind.Hang));
        await _world.Cancel("tomorrow-nine");
        var old = _world.AnaToken;
        _world.Clock.Set(Start.AddMinutes(52));
        _world.Emulator.Reset();
        Assert.Equal(Start.AddMinutes(45), _world.Emulator.WorldStart);
        Assert.Empty(_world.Emulator.Journal);
        Assert.Empty(_world.Emulator.Faults.Pending);
        Assert.Equal(401, (await _world.Get("/users/me", old)).Status);
        var token = _world.Emulator.Grant("ana").AccessToken.Reveal();
        Assert.NotEqual(old, token);
        Assert.Equal("active", Json(await _world.Get(Session("tomorrow-nine"), token)).GetProperty("resource").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Many_callers_at_once_get_whole_answers()
    {
        _world.Emulator.Options.PaidCallsPerMinute = 100_000;
        var token = _world.AnaToken;
        var cancellationToken = TestContext.Current.CancellationToken;
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(
            () => number % 50 == 0 ? _world.Cancel("group", null, token) : _world.Get(Sessions("&count=25"), token), cancellationToken)));
        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.Equal(3, answers.Count(answer => answer.Status == 403));
        Assert.All(answers.Where(answer => answer.Status == 200), answer => Assert.Equal(25, Rows(answer).Count));
        Assert.Equal(200, _world.Emulator.Journal.Count);
    }
}
