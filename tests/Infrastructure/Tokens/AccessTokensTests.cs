using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class AccessTokensOnSqliteTests() : AccessTokensTests(Engine.Sqlite);

public sealed class AccessTokensOnPostgreSqlTests() : AccessTokensTests(Engine.PostgreSql);

public abstract class AccessTokensTests : IDisposable
{
    private static readonly TimeSpan PastLife = TimeSpan.FromHours(2);

    private readonly TokenStoreRig _rig;
    private readonly ScriptedOAuth _oauth = new();
    private readonly AccessTokens _tokens;

    protected AccessTokensTests(Engine engine)
    {
        _rig = new TokenStoreRig(engine);
        _tokens = _rig.Tokens(_oauth);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_young_token_is_handed_out_without_a_refresh()
    {
        var userId = await _rig.ConnectedPersonAsync();

        Assert.Equal("access-1", await RevealAsync(userId));
        Assert.Empty(_oauth.Presented);
    }

    [Fact]
    public async Task An_ended_token_is_refreshed_and_the_new_pair_is_stored_before_anybody_sees_it()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _rig.Clock.Advance(PastLife);

        Assert.Equal("access-2", await RevealAsync(userId));
        Assert.Equal("refresh-2", (await _rig.Store.ReadAsync(userId, Cancel))!.RefreshToken.Reveal());
    }

    [Fact]
    public async Task A_token_past_four_fifths_of_its_life_is_refreshed_while_the_caller_goes_on_with_it()
    {
        var userId = await _rig.ConnectedPersonAsync();
        var refreshed = new TaskCompletionSource();
        _oauth.OnRefresh = call =>
        {
            refreshed.SetResult();
            return Task.FromResult(new OAuthAnswer(OAuthOutcome.Issued, TokenStoreRig.Pair(call + 1)));
        };
        _rig.Clock.Advance(TimeSpan.FromMinutes(97));

        Assert.Equal("access-1", await RevealAsync(userId));
        await refreshed.Task.WaitAsync(Cancel);
        Assert.Equal("access-2", Reveal(await _tokens.NewerThanAsync(userId, 1, Cancel)));
        Assert.Equal(["refresh-1"], _oauth.Presented);
    }

    [Fact]
    public async Task A_thousand_callers_with_a_refused_token_make_one_refresh()
    {
        var userId = await _rig.ConnectedPersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => _tokens.NewerThanAsync(userId, 1, Cancel), Cancel)));

        Assert.All(answers, answer => Assert.Equal("access-2", Reveal(answer)));
        Assert.Equal(["refresh-1"], _oauth.Presented);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_refresh_for_nobody()
    {
        var userId = await _rig.ConnectedPersonAsync();
        var answer = new TaskCompletionSource<OAuthAnswer>();
        _oauth.OnRefresh = _ => answer.Task;
        using var leaving = new CancellationTokenSource();

        var first = _tokens.NewerThanAsync(userId, 1, leaving.Token);
        var second = _tokens.NewerThanAsync(userId, 1, Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new OAuthAnswer(OAuthOutcome.Issued, TokenStoreRig.Pair(2)));

        Assert.Equal("access-2", Reveal(await second));
        Assert.Single(_oauth.Presented);
    }

    [Fact]
    public async Task A_late_refusal_of_the_old_token_does_not_refresh_again()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await _tokens.NewerThanAsync(userId, 1, Cancel);

        Assert.Equal("access-2", Reveal(await _tokens.NewerThanAsync(userId, 1, Cancel)));
        Assert.Single(_oauth.Presented);
    }

    [Fact]
    public async Task A_pair_that_another_process_has_refreshed_is_adopted_without_a_call()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await _rig.StoreOf(new CalendlyMode(IsReal: false)).ReplaceAsync(userId, 1, TokenStoreRig.Pair(7), Cancel);

        Assert.Equal("access-7", Reveal(await _tokens.NewerThanAsync(userId, 1, Cancel)));
        Assert.Empty(_oauth.Presented);
    }

    [Fact]
    public async Task A_dead_refresh_token_ends_in_reconnect_needed()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidGrant));
        _rig.Clock.Advance(PastLife);

        Assert.Equal(FailureCode.ReconnectRequired, Code(await _tokens.GetAsync(userId, Cancel)));
        var connection = await _rig.Store.FindAsync(userId, Cancel);
        Assert.Equal((ConnectionStatus.NeedsReconnect, "revoked"), (connection!.Status, connection.StatusReason));
        Assert.Equal(FailureCode.ReconnectRequired, Code(await _tokens.GetAsync(userId, Cancel)));
        Assert.Single(_oauth.Presented);
    }

    [Fact]
    public async Task While_the_access_token_lives_a_dead_refresh_token_only_degrades()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidGrant));
        _rig.Clock.Advance(TimeSpan.FromMinutes(97));
        await RevealAsync(userId);
        while ((await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status == ConnectionStatus.Connected)
        {
            await Task.Yield();
        }

        Assert.Equal("access-1", await RevealAsync(userId));
        _rig.Clock.Advance(TimeSpan.FromMinutes(30));
        var answer = await _tokens.GetAsync(userId, Cancel);
        while (answer.Succeeded(out _, out _))
        {
            // The refresh that found it out has marked the row, and may still be on its way out with what was good then.
            await Task.Yield();
            answer = await _tokens.GetAsync(userId, Cancel);
        }

        Assert.Equal(FailureCode.ReconnectRequired, Code(answer));
    }

    [Fact]
    public async Task A_grant_ended_at_calendly_ends_here_although_the_clock_still_calls_the_token_good()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidGrant));

        Assert.Equal(FailureCode.ReconnectRequired, Code(await _tokens.NewerThanAsync(userId, 1, Cancel)));
        Assert.Equal(ConnectionStatus.NeedsReconnect, (await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);
    }

    [Theory]
    [InlineData((int)OAuthOutcome.InvalidClient)]
    [InlineData((int)OAuthOutcome.NotProcessed)]
    [InlineData((int)OAuthOutcome.Rejected)]
    [InlineData((int)OAuthOutcome.InDoubt)]
    public async Task What_says_nothing_about_the_token_changes_no_row(int outcome)
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer((OAuthOutcome)outcome));
        _rig.Clock.Advance(PastLife);

        Assert.Equal(FailureCode.CalendlyUnavailable, Code(await _tokens.GetAsync(userId, Cancel)));
        var stored = await _rig.Store.ReadAsync(userId, Cancel);
        Assert.Equal((ConnectionStatus.Connected, 1L), (stored!.Connection.Status, stored.Version));
    }

    [Fact]
    public async Task After_a_lost_answer_the_token_is_asked_about_and_never_presented_again()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InDoubt));
        _rig.Clock.Advance(PastLife);
        await _tokens.GetAsync(userId, Cancel);

        _oauth.OnIntrospect = () => false;
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(FailureCode.ReconnectRequired, Code(await _tokens.GetAsync(userId, Cancel)));
        Assert.Equal("refresh_lost", (await _rig.Store.FindAsync(userId, Cancel))!.StatusReason);
        Assert.Single(_oauth.Presented);
    }

    [Fact]
    public async Task A_doubt_that_is_not_acted_on_because_calendly_calls_too_many_dead_stays_a_doubt()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InDoubt));
        _rig.Clock.Advance(PastLife);
        await _tokens.GetAsync(userId, Cancel);
        _oauth.OnIntrospect = () => false;
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var refused = 0; refused < 20; refused++)
        {
            await _rig.Events.AddAsync(TokenEventKind.Refused, userId + 1 + refused, 1);
        }

        Assert.Equal(FailureCode.AuthIncident, Code(await _tokens.GetAsync(userId, Cancel)));
        _rig.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(FailureCode.ReconnectRequired, Code(await _tokens.GetAsync(userId, Cancel)));
        Assert.Single(_oauth.Presented);
    }

    [Fact]
    public async Task After_a_lost_answer_a_token_that_is_still_alive_is_refreshed()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = call => Task.FromResult(call == 1 ? new OAuthAnswer(OAuthOutcome.InDoubt) : new OAuthAnswer(OAuthOutcome.Issued, TokenStoreRig.Pair(2)));
        _rig.Clock.Advance(PastLife);
        await _tokens.GetAsync(userId, Cancel);

        _oauth.OnIntrospect = () => true;
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("access-2", await RevealAsync(userId));
    }

    [Fact]
    public async Task Refused_credentials_of_ours_pause_everybody_for_a_minute()
    {
        var dana = await _rig.ConnectedPersonAsync();
        var eve = await _rig.PersonAsync("persona:eve");
        await _rig.Store.ConnectAsync(eve, TokenStoreRig.Pair(9, "https://api.calendly.com/users/EVE"), Cancel);
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.InvalidClient));
        _rig.Clock.Advance(PastLife);

        await _tokens.GetAsync(dana, Cancel);
        await _tokens.GetAsync(eve, Cancel);
        Assert.Single(_oauth.Presented);

        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await _tokens.GetAsync(eve, Cancel);
        Assert.Equal(2, _oauth.Presented.Count);
    }

    [Fact]
    public async Task A_connection_is_tried_at_most_four_times_a_minute()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = _ => Task.FromResult(new OAuthAnswer(OAuthOutcome.NotProcessed, RetryAfter: TimeSpan.FromSeconds(1)));
        _rig.Clock.Advance(PastLife);

        for (var second = 0; second < 59; second++)
        {
            await _tokens.GetAsync(userId, Cancel);
            _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, _oauth.Presented.Count);
    }

    [Fact]
    public async Task A_pair_that_arrives_after_a_disconnect_is_revoked()
    {
        var userId = await _rig.ConnectedPersonAsync();
        _oauth.OnRefresh = async _ =>
        {
            await _rig.Store.DisconnectAsync(userId, Cancel);
            return new OAuthAnswer(OAuthOutcome.Issued, TokenStoreRig.Pair(2));
        };

        Assert.Equal(FailureCode.NotConnected, Code(await _tokens.NewerThanAsync(userId, 1, Cancel)));
        await _rig.Revoker(_oauth).WorkAsync(Cancel);
        Assert.Equal(["refresh-1", "access-1", "refresh-2", "access-2"], _oauth.Revoked);
        Assert.Null(await _rig.Store.ReadAsync(userId, Cancel));
    }

    [Fact]
    public async Task Two_refusals_of_a_fresh_token_a_minute_apart_end_in_reconnect_needed()
    {
        var userId = await _rig.ConnectedPersonAsync();

        await _tokens.ReportRefusedAsync(userId, 1, Cancel);
        _rig.Clock.Advance(TimeSpan.FromSeconds(59));
        await _tokens.ReportRefusedAsync(userId, 1, Cancel);
        Assert.Equal(ConnectionStatus.Connected, (await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);

        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await _tokens.ReportRefusedAsync(userId, 1, Cancel);
        Assert.Equal(ConnectionStatus.NeedsReconnect, (await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);
    }

    [Fact]
    public async Task A_pair_that_cannot_be_opened_is_said_to_be_unreadable_and_stays_as_it_is()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await using (var connection = await _rig.Database.OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("""UPDATE "User" SET "calendlyAccessToken" = 'v1.mock.AAAA.AAAA.AAAA', "calendlyRefreshToken" = 'v1.mock.AAAA.AAAA.AAAA'""");
        }

        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(FailureCode.TokenUnreadable, Code(await _tokens.GetAsync(userId, Cancel)));
        _rig.Clock.Advance(PastLife);
        Assert.Equal(FailureCode.TokenUnreadable, Code(await _tokens.GetAsync(userId, Cancel)));
        await using var check = await _rig.Database.OpenConnectionAsync(Cancel);
        Assert.Equal("connected", await check.ExecuteScalarAsync<string>("SELECT status FROM calendly_connection"));
    }

    [Fact]
    public async Task Who_never_connected_is_told_so() =>
        Assert.Equal(FailureCode.NotConnected, Code(await _tokens.GetAsync(await _rig.PersonAsync("persona:mei"), Cancel)));

    [Fact]
    public void A_secret_prints_as_stars()
    {
        var pair = TokenStoreRig.Pair(1);

        Assert.DoesNotContain("access-1", $"{pair} {pair.AccessToken}", StringComparison.Ordinal);
        Assert.DoesNotContain("access-1", System.Text.Json.JsonSerializer.Serialize(new { pair.AccessToken }), StringComparison.Ordinal);
    }

    public void Dispose() => _rig.Dispose();

    private async Task<string> RevealAsync(long userId) => Reveal(await _tokens.GetAsync(userId, Cancel));

    private static string Reveal(Result<AccessToken> answer) =>
        answer.Succeeded(out var token, out var failure) ? token.Value.Reveal() : throw new InvalidOperationException(failure.Code.ToString());

    private static FailureCode Code(Result<AccessToken> answer) =>
        answer.Succeeded(out _, out var failure) ? throw new InvalidOperationException("It succeeded.") : failure.Code;
}
