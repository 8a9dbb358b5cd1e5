using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class QuarantineOnSqliteTests() : QuarantineTests(Engine.Sqlite);

public sealed class QuarantineOnPostgreSqlTests() : QuarantineTests(Engine.PostgreSql);

public abstract class QuarantineTests(Engine engine) : IDisposable
{
    private readonly TokenStoreRig _rig = new(engine);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_was_called_dead_since_the_given_instant_is_believed_again()
    {
        var earlier = await DeadAsync("earlier", ConnectionStatus.NeedsReconnect, "revoked");
        _rig.Clock.Advance(TimeSpan.FromMinutes(30));
        var since = _rig.Clock.GetUtcNow();
        var ended = await DeadAsync("ended", ConnectionStatus.NeedsReconnect, "rejected_after_refresh");
        var ending = await DeadAsync("ending", ConnectionStatus.Degraded, "refresh_lost");
        var otherwise = await DeadAsync("otherwise", ConnectionStatus.NeedsReconnect, "account_in_use");
        var well = await _rig.ConnectedPersonAsync("well", "well");

        var restored = await _rig.Quarantine().RestoreAsync(since, Cancel);

        Assert.Equal(2, restored);
        Assert.Equal(2, (await _rig.DiaryAsync()).Count(kind => kind == TokenEventKind.Restored));
        foreach (var (userId, status) in new[]
        {
            (earlier, ConnectionStatus.NeedsReconnect), (ended, ConnectionStatus.Connected), (ending, ConnectionStatus.Connected),
            (otherwise, ConnectionStatus.NeedsReconnect), (well, ConnectionStatus.Connected),
        })
        {
            var tokens = await _rig.Store.ReadAsync(userId, Cancel);
            Assert.Equal((status, 1, "refresh-1"), (tokens!.Connection.Status, tokens.Version, tokens.RefreshToken.Reveal()));
        }
    }

    [Fact]
    public async Task A_restored_connection_refreshes_at_once_whatever_held_it_back_before()
    {
        var userId = await DeadAsync("ended", ConnectionStatus.NeedsReconnect, "revoked");
        await using (var connection = await _rig.Database.OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync(
                $"UPDATE calendly_connection SET lease_owner = 'gone', prev_owner = 'gone', lease_until = {_rig.Dialect.Later("30")}, next_attempt_at = {_rig.Dialect.Later("300")}, fail_count = 3",
                new { now = _rig.Clock.GetUtcNow() });
        }

        await _rig.Quarantine().RestoreAsync(_rig.Clock.GetUtcNow(), Cancel);

        var answer = await _rig.Tokens(new ScriptedOAuth()).NewerThanAsync(userId, 1, Cancel);
        Assert.True(answer.Succeeded(out var token, out _));
        Assert.Equal(("access-2", 2), (token.Value.Reveal(), token.Version));
    }

    [Fact]
    public async Task A_pair_is_kept_for_a_day_and_deleted_then()
    {
        var userId = await DeadAsync("ended", ConnectionStatus.NeedsReconnect, "revoked");
        _rig.Clock.Advance(TimeSpan.FromHours(23));
        var young = await DeadAsync("young", ConnectionStatus.NeedsReconnect, "revoked");
        var early = await _rig.Quarantine().PurgeAsync(Cancel);
        _rig.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        var purged = await _rig.Quarantine().PurgeAsync(Cancel);
        var again = await _rig.Quarantine().PurgeAsync(Cancel);
        var restored = await _rig.Quarantine().RestoreAsync(_rig.Clock.GetUtcNow().AddDays(-3), Cancel);

        Assert.Equal((0, 1, 0, 1), (early, purged, again, restored));
        Assert.Single(await _rig.DiaryAsync(), TokenEventKind.Purged);
        Assert.Equal(ConnectionStatus.NeedsReconnect, (await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);
        Assert.Equal("refresh-1", (await _rig.Store.ReadAsync(young, Cancel))!.RefreshToken.Reveal());
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("""SELECT count(*) FROM "User" WHERE "calendlyAccessToken" IS NULL AND "calendlyRefreshToken" IS NULL"""));
    }

    [Fact]
    public async Task Whoever_has_connected_again_keeps_the_new_pair()
    {
        var userId = await DeadAsync("ended", ConnectionStatus.NeedsReconnect, "revoked");
        _rig.Clock.Advance(TimeSpan.FromDays(2));
        await _rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(2, "ended"), Cancel);

        Assert.Equal(0, await _rig.Quarantine().PurgeAsync(Cancel));
        Assert.Equal("refresh-2", (await _rig.Store.ReadAsync(userId, Cancel))!.RefreshToken.Reveal());
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<long> DeadAsync(string name, ConnectionStatus status, string reason)
    {
        var userId = await _rig.ConnectedPersonAsync(name, name);
        Assert.True(await _rig.Store.MarkAsync(userId, 1, status, reason, null, Cancel));
        return userId;
    }
}
