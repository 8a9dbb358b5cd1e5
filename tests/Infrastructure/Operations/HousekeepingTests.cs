using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Operations;

public sealed class HousekeepingOnSqliteTests() : HousekeepingTests(Engine.Sqlite);

public sealed class HousekeepingOnPostgreSqlTests() : HousekeepingTests(Engine.PostgreSql);

public abstract class HousekeepingTests(Engine engine) : IDisposable
{
    private readonly TokenStoreRig _rig = new(engine);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_had_its_time_goes_and_the_rest_stays_whatever_the_database_thinks_of_the_time(bool clockIsVirtual)
    {
        using var rig = new TokenStoreRig(engine, clockIsVirtual: clockIsVirtual);
        var userId = await rig.ConnectedPersonAsync();
        await using var connection = await rig.Database.OpenConnectionAsync(Cancel);
        foreach (var (name, expiresAt) in new[] { ("ended", rig.Clock.GetUtcNow().AddSeconds(-1)), ("running", rig.Clock.GetUtcNow().AddHours(1)) })
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO session_ticket (key_hash, user_id, ticket, expires_at, ends_at) VALUES (@name, @userId, @bytes, @expiresAt, @expiresAt);
                INSERT INTO authorization_request (nonce_hash, starter, expires_at) VALUES (@name, @name, @expiresAt);
                INSERT INTO idempotency_key (user_id, route, name, body_hash, claim, expires_at) VALUES (@userId, 'route', @name, 'hash', 'claim', @expiresAt);
                INSERT INTO delegation_invitation (token_hash, coach_id, expires_at) VALUES (@name, @userId, @expiresAt)
                """,
                new { name, userId, bytes = new byte[] { 1 }, expiresAt });
        }

        await rig.Housekeeping().WorkAsync(Cancel);

        foreach (var (table, column) in new[] { ("session_ticket", "key_hash"), ("authorization_request", "nonce_hash"), ("idempotency_key", "name"), ("delegation_invitation", "token_hash") })
        {
            Assert.Equal(["running"], await connection.QueryAsync<string>($"SELECT {column} FROM {table}"));
        }
    }

    [Fact]
    public async Task The_diary_goes_back_ninety_days()
    {
        await _rig.Events.AddAsync(TokenEventKind.Operated, null);
        _rig.Clock.Advance(TimeSpan.FromDays(89));
        await _rig.Events.AddAsync(TokenEventKind.Restored, null);
        _rig.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        await _rig.Housekeeping().WorkAsync(Cancel);

        Assert.Equal([TokenEventKind.Restored], await _rig.DiaryAsync());
    }

    [Fact]
    public async Task A_grant_that_nobody_decided_about_is_revoked()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await _rig.Switches().KeepAsync(userId, TokenStoreRig.Pair(7));
        var oauth = new ScriptedOAuth();

        await _rig.Housekeeping().WorkAsync(Cancel);
        var whileItWaits = await _rig.Revoker(oauth).WorkAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        await _rig.Housekeeping().WorkAsync(Cancel);
        await _rig.Revoker(oauth).WorkAsync(Cancel);

        Assert.Equal(0, whileItWaits);
        Assert.Equal(["refresh-7", "access-7"], oauth.Revoked);
        Assert.Contains(TokenEventKind.Orphaned, await _rig.DiaryAsync());
        Assert.Equal("refresh-1", (await _rig.Store.ReadAsync(userId, Cancel))!.RefreshToken.Reveal());
    }

    [Fact]
    public async Task Of_two_grants_that_wait_for_one_decision_the_later_one_is_asked_about_and_the_earlier_one_revoked()
    {
        var userId = await _rig.ConnectedPersonAsync();
        var oauth = new ScriptedOAuth();

        await _rig.Switches().KeepAsync(userId, TokenStoreRig.Pair(7));
        await _rig.Switches().KeepAsync(userId, TokenStoreRig.Pair(8));
        await _rig.Revoker(oauth).WorkAsync(Cancel);

        Assert.Equal(["refresh-7", "access-7"], oauth.Revoked);
        Assert.Equal("refresh-8", (await _rig.Switches().TakeAsync(userId))!.RefreshToken!.Reveal());
    }

    [Fact]
    public async Task Of_twenty_grants_that_come_at_once_one_waits_and_all_others_are_revoked()
    {
        var userId = await _rig.ConnectedPersonAsync();

        await Task.WhenAll(Enumerable.Range(2, 20).Select(number => Task.Run(() => _rig.Switches().KeepAsync(userId, TokenStoreRig.Pair(number)))));

        Assert.Equal(19, await _rig.Revocations.CountAsync(userId, Cancel));
        Assert.True(await _rig.Switches().WaitsAsync(userId, Cancel));
    }

    [Fact]
    public async Task A_grant_that_cannot_be_opened_stays_and_keeps_nothing_else_from_going()
    {
        var first = await _rig.ConnectedPersonAsync();
        var second = await _rig.ConnectedPersonAsync("persona:edda", "another");
        await _rig.Switches().KeepAsync(first, TokenStoreRig.Pair(7));
        await _rig.Switches().KeepAsync(second, TokenStoreRig.Pair(8));
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("UPDATE pending_switch SET envelope = 'v1.mock.x.y.z' WHERE user_id = @first", new { first });
        _rig.Clock.Advance(TimeSpan.FromHours(2));

        await _rig.Housekeeping().WorkAsync(Cancel);

        Assert.Equal([first], await connection.QueryAsync<long>("SELECT user_id FROM pending_switch"));
        Assert.Equal([second], await connection.QueryAsync<long>("SELECT user_id FROM pending_revocation"));
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }
}
