using System.Net;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class TokenLifeOnSqliteTests() : TokenLifeTests(Engine.Sqlite);

public sealed class TokenLifeOnPostgreSqlTests() : TokenLifeTests(Engine.PostgreSql);

/// <summary>The promises about tokens, against an emulator that counts what it is shown.</summary>
public abstract class TokenLifeTests : IDisposable
{
    private readonly CapturedLog _log = new();
    private readonly TokenStoreRig _rig;
    private readonly CalendlyEmulator _emulator;
    private readonly ICalendlyOAuth _oauth;
    private readonly AccessTokens _tokens;

    protected TokenLifeTests(Engine engine)
    {
        _rig = new TokenStoreRig(engine, logging: LoggerFactory.Create(logging => logging.AddProvider(_log)));
        _emulator = new CalendlyEmulator(_rig.Clock);
        _emulator.Options.PaidCallsPerMinute = _emulator.Options.TokenCallsPerMinute = 1_000_000;
        _oauth = EmulatorServer.OAuth(_emulator);
        _tokens = _rig.Tokens(_oauth);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_calls_with_a_refused_token_make_one_refresh_and_are_all_answered_twenty_times_over()
    {
        const int Calls = 1_000;
        using var http = new HttpClient(new BearerTokenHandler(_tokens) { InnerHandler = new EmulatorMessageHandler(_emulator) }) { BaseAddress = new Uri("https://api.calendly.com") };
        _emulator.Options.OldAccessTokenLivesOn = false;
        var userId = await _rig.PersonAsync("ana");
        for (var round = 1; round <= 20; round++)
        {
            var connected = await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, "ana"), Cancel);

            // Somebody else's refresh has ended the access token at Calendly; nobody here knows.
            _emulator.EndAccessTokens("ana");
            var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => Task.Run(() => CallAsync(http, userId), Cancel)));

            Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal((round, 0), (_emulator.TokenCalls, _emulator.SpentRefreshTokensPresented));

            // And those who come with the old one when all is done cost nothing more.
            var late = await Task.WhenAll(Enumerable.Range(0, Calls / 2).Select(_ => Task.Run(() => _tokens.NewerThanAsync(userId, connected!.Version, Cancel), Cancel)));
            Assert.All(late, answer => Assert.True(answer.Succeeded(out _, out _)));
            Assert.Equal(round, _emulator.TokenCalls);
        }
    }

    [Fact]
    public async Task Of_a_thousand_callers_the_one_who_leaves_first_takes_nobody_along()
    {
        var userId = await ConnectAsync("ana");
        using var leaving = new CancellationTokenSource();
        var first = _tokens.NewerThanAsync(userId, 1, leaving.Token);
        var others = Enumerable.Range(0, 999).Select(_ => Task.Run(() => _tokens.NewerThanAsync(userId, 1, Cancel), Cancel)).ToList();
        await leaving.CancelAsync();

        Assert.All(await Task.WhenAll(others), answer => Assert.True(answer.Succeeded(out var token, out _) && token.Version == 2));
        Assert.Equal(1, _emulator.TokenCalls);
        try
        {
            await first;
        }
        catch (OperationCanceledException)
        {
            // It may as well have been answered before it left.
        }
    }

    [Fact]
    public async Task Wrong_credentials_of_ours_change_none_of_a_hundred_connections_and_are_told_once()
    {
        var oauth = new ScriptedOAuth { OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidClient)) };
        var tokens = _rig.Tokens(oauth);
        var people = await ConnectManyAsync(100);

        await Task.WhenAll(people.Select(userId => tokens.NewerThanAsync(userId, 1, Cancel)));

        Assert.Equal(100, await CountAsync("status = 'connected' AND token_version = 1"));
        Assert.Single(_log.Lines, line => line.Contains("own credentials", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_calendly_calls_fifty_of_fifty_dead_at_most_ten_are_believed()
    {
        var oauth = new ScriptedOAuth { OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidGrant)) };
        var tokens = _rig.Tokens(oauth);
        var people = await ConnectManyAsync(50);

        var codes = new List<FailureCode>();
        foreach (var userId in people)
        {
            Assert.False((await tokens.NewerThanAsync(userId, 1, Cancel)).Succeeded(out _, out var failure));
            codes.Add(failure!.Code);
        }

        Assert.Equal(10, await CountAsync("status = 'needs_reconnect'"));
        Assert.Equal(40, await CountAsync("status = 'connected'"));
        Assert.Equal(10, codes.Count(code => code == FailureCode.ReconnectRequired));
        Assert.Single(_log.Lines, line => line.Contains("no state is changed", StringComparison.Ordinal));

        // What was marked can be undone: the pairs are still there.
        Assert.Equal(50, await CountAsync("""user_id IN (SELECT "id" FROM "User" WHERE "calendlyRefreshToken" IS NOT NULL)"""));
    }

    [Fact]
    public async Task A_disconnect_wins_over_a_refresh_whenever_it_comes()
    {
        var userId = await _rig.PersonAsync("ana");
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            var grant = EmulatorServer.Grant(_emulator, "ana");
            var connected = await _rig.Store.ConnectAsync(userId, grant, Cancel);
            var refresh = Task.Run(() => _tokens.NewerThanAsync(userId, connected!.Version, Cancel), Cancel);
            for (var turn = random.Next(200); turn > 0; turn--)
            {
                await Task.Yield();
            }

            await _rig.Store.DisconnectAsync(userId, Cancel);
            await refresh;
            await WorkOffAsync();

            Assert.Null(await _rig.Store.ReadAsync(userId, Cancel));
            Assert.Equal(0, _emulator.LiveTokens("ana"));
        }
    }

    [Fact]
    public async Task Reconnecting_the_same_account_revokes_nothing_and_one_grant_is_alive()
    {
        var userId = await _rig.PersonAsync("ana");
        await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, "ana"), Cancel);
        var second = await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, "ana"), Cancel);
        await WorkOffAsync();

        Assert.DoesNotContain(_emulator.Journal, call => call.Path == "/oauth/revoke");
        Assert.Equal(true, await _oauth.IntrospectAsync(second!.RefreshToken, Cancel));
    }

    [Fact]
    public async Task Switching_to_another_account_revokes_the_first_one_s_last_pair()
    {
        var userId = await _rig.PersonAsync("ana");
        await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, "ana"), Cancel);
        await _tokens.NewerThanAsync(userId, 1, Cancel);
        var other = await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, "ana-home"), Cancel);
        await WorkOffAsync();

        Assert.Equal(0, _emulator.LiveTokens("ana"));
        Assert.Equal(true, await _oauth.IntrospectAsync(other!.RefreshToken, Cancel));
    }

    [Fact]
    public async Task A_hundred_forced_tries_in_a_minute_are_at_most_four_calls()
    {
        var userId = await ConnectAsync("ana");
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var stored = await _rig.Store.ReadAsync(userId, Cancel);
            await _tokens.NewerThanAsync(userId, stored!.Version, Cancel);
            _rig.Clock.Advance(TimeSpan.FromMilliseconds(590));
        }

        Assert.InRange(_emulator.TokenCalls, 1, 4);
        Assert.Equal(0, _emulator.SpentRefreshTokensPresented);
    }

    [Fact]
    public async Task A_lease_that_another_holds_makes_callers_wait_and_then_go_with_the_row_untouched()
    {
        var userId = await ConnectAsync("ana");
        Assert.NotNull((await _rig.Leases.TakeAsync(userId, 1)).Owner);
        using var other = new TokenStoreRig(another: _rig);

        // The other's patience is measured by a clock that runs ahead whenever it naps.
        var answer = await other.Tokens(_oauth, wireTime: new LeapingClock(_rig.Clock)).NewerThanAsync(userId, 1, Cancel);

        Assert.False(answer.Succeeded(out _, out var failure));
        Assert.Contains(failure!.Code, (FailureCode[])[FailureCode.CalendlyTimeout, FailureCode.CalendlyUnavailable]);
        Assert.Equal(0, _emulator.TokenCalls);
        Assert.Equal(1, await CountAsync("status = 'connected' AND token_version = 1 AND lease_owner IS NOT NULL"));
    }

    [Fact]
    public async Task A_lease_is_one_holder_s_until_it_ends_and_then_tells_who_never_gave_it_back()
    {
        var userId = await ConnectAsync("ana");
        using var other = new TokenStoreRig(another: _rig);
        var first = await _rig.Leases.TakeAsync(userId, 1);
        Assert.Equal((true, false), (first.Owner is not null, first.InDoubt));

        Assert.Null((await other.Leases.TakeAsync(userId, 1)).Owner);
        _rig.Clock.Advance(RefreshLeases.Life + TimeSpan.FromMilliseconds(1));
        var second = await other.Leases.TakeAsync(userId, 1);
        Assert.Equal((true, true), (second.Owner is not null, second.InDoubt));

        // What the first one does now is none of its business any longer.
        await _rig.Leases.ReleaseAsync(userId, 1, first, TimeSpan.Zero);
        Assert.False(await _rig.Store.MarkAsync(userId, 1, ConnectionStatus.NeedsReconnect, "revoked", first.Owner, Cancel));
        Assert.Null((await _rig.Leases.TakeAsync(userId, 1)).Owner);

        await other.Leases.ReleaseAsync(userId, 1, second, TimeSpan.Zero);
        Assert.False((await _rig.Leases.TakeAsync(userId, 1)).InDoubt);
        Assert.Null((await _rig.Leases.TakeAsync(userId, 2)).Owner);
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(-3.0)]
    [InlineData(0.0083)]
    public async Task A_clock_of_ours_that_is_wrong_neither_refreshes_nor_fails(double hours)
    {
        using var rig = new TokenStoreRig(_rig.Engine, clockIsVirtual: false, clock: new FakeClock(TimeProvider.System.GetUtcNow()));
        var emulator = new CalendlyEmulator(TimeProvider.System);
        var tokens = rig.Tokens(EmulatorServer.OAuth(emulator));
        var userId = await rig.PersonAsync("ana");
        await rig.Store.ConnectAsync(userId, EmulatorServer.Grant(emulator, "ana"), Cancel);

        // The clock is set; no time passes.
        var moved = new TokenStoreRig(another: rig, clockIsVirtual: false);
        rig.Clock.Set(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours));
        for (var call = 0; call < 20; call++)
        {
            Assert.True((await tokens.GetAsync(userId, Cancel)).Succeeded(out _, out _));
            Assert.True((await moved.Tokens(EmulatorServer.OAuth(emulator)).GetAsync(userId, Cancel)).Succeeded(out _, out _));
        }

        Assert.Equal(0, emulator.TokenCalls);
        Assert.Equal(1, (await rig.Store.ReadAsync(userId, Cancel))!.Version);
        Assert.InRange(moved.DatabaseClock.Offset.TotalHours + hours, -0.01, 0.01);
        moved.Dispose();
    }

    [Fact]
    public async Task A_wrong_key_on_one_of_two_instances_changes_no_row()
    {
        var people = await ConnectManyAsync(20);
        Assert.True(TokenKeys.TryParse("mock:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", out var wrong, out _));
        using var other = new TokenStoreRig(another: _rig, keys: wrong);
        var before = await RowsAsync();
        _rig.Clock.Advance(TimeSpan.FromHours(2));
        var mistaken = other.Tokens(_oauth);

        foreach (var userId in people)
        {
            Assert.False((await mistaken.GetAsync(userId, Cancel)).Succeeded(out _, out var failure));
            Assert.Equal(FailureCode.TokenUnreadable, failure!.Code);
            await mistaken.ReportRefusedAsync(userId, 1, Cancel);
        }

        Assert.Equal(before, await RowsAsync());
        Assert.Equal(0, _emulator.TokenCalls);
    }

    [Fact]
    public async Task An_instance_whose_key_is_another_than_the_database_s_does_not_start()
    {
        await new KeyCanaries(_rig.Database, TokenKeys.Mock, _rig.Envelope).CheckAsync();
        await new KeyCanaries(_rig.Database, TokenKeys.Mock, _rig.Envelope).CheckAsync();
        Assert.True(TokenKeys.TryParse("mock:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", out var wrong, out _));
        var other = Assert.ThrowsAsync<CalendlySlices.Infrastructure.Settings.SettingsException>(() => new KeyCanaries(_rig.Database, wrong!, new Envelope(wrong!)).CheckAsync());
        Assert.Contains("'mock'", (await other).Message, StringComparison.Ordinal);

        // A ring without the key is refused for as long as the key seals something.
        Assert.True(TokenKeys.TryParse("next:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", out var next, out _));
        var userId = await ConnectAsync("ana");
        var missing = Assert.ThrowsAsync<CalendlySlices.Infrastructure.Settings.SettingsException>(() => new KeyCanaries(_rig.Database, next!, new Envelope(next!)).CheckAsync());
        Assert.Contains("lacks key 'mock'", (await missing).Message, StringComparison.Ordinal);
        await _rig.Store.DisconnectAsync(userId, Cancel);
        await WorkOffAsync();
        await new KeyCanaries(_rig.Database, next!, new Envelope(next!)).CheckAsync();
    }

    public void Dispose() => _rig.Dispose();

    private async Task<long> ConnectAsync(string account)
    {
        var userId = await _rig.PersonAsync(account);
        await _rig.Store.ConnectAsync(userId, EmulatorServer.Grant(_emulator, account), Cancel);
        return userId;
    }

    private async Task<IReadOnlyList<long>> ConnectManyAsync(int count)
    {
        var people = new List<long>();
        for (var number = 0; number < count; number++)
        {
            people.Add(await _rig.ConnectedPersonAsync($"persona:{number}", $"https://api.calendly.com/users/{number}"));
        }

        return people;
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, long userId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/users/me");
        new CalendlyCall("GET /users/me", userId).AttachTo(request);
        using var response = await http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private async Task WorkOffAsync()
    {
        var worker = _rig.Revoker(_oauth);
        while (await worker.WorkAsync(Cancel) > 0)
        {
        }
    }

    private async Task<long> CountAsync(string condition)
    {
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM calendly_connection WHERE {condition}");
    }

    private async Task<string> RowsAsync()
    {
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        return string.Join('\n', (await connection.QueryAsync("""
            SELECT c.user_id, c.status, c.status_reason, c.token_version, u."calendlyAccessToken", u."calendlyRefreshToken"
              FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id ORDER BY c.user_id
            """)).Select(row => string.Join('|', ((IDictionary<string, object>)row).Values)));
    }

    /// <summary>A clock on which every nap takes as long as it should, at once.</summary>
    private sealed class LeapingClock(TimeProvider clock) : TimeProvider
    {
        private long _leaped;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp() + Interlocked.Read(ref _leaped);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _leaped, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }
}
