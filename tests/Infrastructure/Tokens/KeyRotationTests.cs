using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class KeyRotationOnSqliteTests() : KeyRotationTests(Engine.Sqlite);

public sealed class KeyRotationOnPostgreSqlTests() : KeyRotationTests(Engine.PostgreSql);

public abstract class KeyRotationTests : IDisposable
{
    private static readonly string Old = "old:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string New = "new:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly TokenStoreRig _before;

    protected KeyRotationTests(Engine engine) => _before = new TokenStoreRig(engine, keys: Ring(Old));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_calendly_delivered_and_what_people_were_told_change_their_key_too()
    {
        var userId = await _before.ConnectedPersonAsync();
        var inbox = new WebhookInbox(_before.Database, _before.Dialect, _before.Envelope, _before.Clock);
        var named = new WebhookEnvelope("invitee.created", TokenStoreRig.Owner, "S", "I", null);
        await inbox.ReceiveAsync(new CalendlySlices.Infrastructure.Webhooks.ReceivedDelivery("ab12", _before.Clock.GetUtcNow(), false, 1, named, "the body"), Cancel);
        await using var connection = await _before.Database.OpenConnectionAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await new Notices(_before.Database, _before.Envelope, new Changes(_before.Database, _before.Clock), _before.Clock)
                .TryAddAsync(connection, transaction, userId, "booked/I", NoticeKind.Booked, "S", new NoticeFacts("Noor"));
            await transaction.CommitAsync(Cancel);
        }

        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));
        Assert.Equal(2, (await new KeyUse(after.Database, after.Dialect).CountAsync(Cancel)).Where(count => count.Place is "webhook_delivery" or "notice").Sum(count => count.Envelopes));
        await after.Rotation().WalkAsync(Cancel);

        using var later = new TokenStoreRig(another: _before, keys: Ring(New));
        Assert.All(await new KeyUse(later.Database, later.Dialect).CountAsync(Cancel), count => Assert.Equal("new", count.KeyId));
        Assert.Equal("the body", later.Envelope.Open((await connection.ExecuteScalarAsync<string>("SELECT body FROM webhook_delivery"))!, SealedBody.BelongsTo("ab12")));
        Assert.Equal("Noor", Assert.Single(await new Notices(later.Database, later.Envelope, new Changes(later.Database, later.Clock), later.Clock).ListAsync(userId, 10, Cancel)).Facts!.Who);
    }

    [Fact]
    public async Task Ten_thousand_pairs_change_their_key_while_they_are_read_and_refreshed_and_no_version_grows()
    {
        const int People = 10_000;
        var first = await SeedAsync(People);
        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));
        using var notYetRestarted = new TokenStoreRig(another: _before, keys: Ring(Old, New));
        var (reads, refreshes, failures) = (0, 0, 0);

        var walk = after.Rotation().WalkAsync(Cancel);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                while (!walk.IsCompleted)
                {
                    var rig = Random.Shared.Next(2) == 0 ? after : notYetRestarted;
                    var tokens = await rig.Store.ReadAsync(first + Random.Shared.Next(People), Cancel);
                    try
                    {
                        Assert.StartsWith("access-", tokens!.AccessToken.Reveal(), StringComparison.Ordinal);
                        Assert.StartsWith("refresh-", tokens.RefreshToken.Reveal(), StringComparison.Ordinal);
                        Interlocked.Increment(ref reads);
                    }
                    catch (CryptographicException)
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            },
            Cancel)).ToList();
        var refresher = Task.Run(
            async () =>
            {
                for (var userId = first; !walk.IsCompleted && userId < first + People; userId += 7)
                {
                    var rig = userId % 2 == 0 ? after : notYetRestarted;
                    if (await rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel) is null)
                    {
                        Interlocked.Increment(ref failures);
                    }

                    refreshes++;
                }
            },
            Cancel);
        var rotated = await walk;
        await Task.WhenAll([refresher, .. readers]);

        // What was stored meanwhile by an instance that still writes with the old key.
        var second = await after.Rotation().WalkAsync(Cancel);

        Assert.Equal((0, true, 0), (failures, rotated.Finished, rotated.Unreadable + second.Unreadable));
        Assert.True(reads >= 100 && refreshes >= 100, $"Only {reads} reads and {refreshes} refreshes went on meanwhile.");
        Assert.All(await new KeyUse(after.Database, after.Dialect).CountAsync(Cancel), count => Assert.Equal("new", count.KeyId));
        await using var connection = await after.Database.OpenConnectionAsync(Cancel);
        Assert.Equal(refreshes, await connection.ExecuteScalarAsync<long>("SELECT sum(token_version - 1) FROM calendly_connection"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM calendly_connection WHERE lease_owner IS NOT NULL OR status <> 'connected'"));

        // Every pair still opens, with the new key alone, and is the last one that was stored.
        using var later = new TokenStoreRig(another: _before, keys: Ring(New));
        for (var userId = first; userId < first + People; userId++)
        {
            var tokens = await later.Store.ReadAsync(userId, Cancel);
            Assert.Equal($"refresh-{tokens!.Version}", tokens.RefreshToken.Reveal());
        }
    }

    [Fact]
    public async Task A_pair_that_was_refreshed_after_it_was_read_is_not_overwritten()
    {
        // The walk rests after every twenty rows, and has read the later ones by then.
        var first = await SeedAsync(40);
        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));
        var clock = new FakeClock();
        using var rotation = after.Rotation(new(clock));
        var walk = rotation.WalkAsync(Cancel);
        await UntilRestingAsync(clock, walk);

        await _before.Store.ReplaceAsync(first + 39, 1, TokenStoreRig.Pair(2), Cancel);
        while (!walk.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var tokens = await after.Store.ReadAsync(first + 39, Cancel);
        Assert.Equal(("access-2", "refresh-2"), (tokens!.AccessToken.Reveal(), tokens.RefreshToken.Reveal()));
        Assert.Equal(39, (await walk).Rows);
    }

    [Fact]
    public async Task What_waits_in_other_tables_changes_its_key_too()
    {
        var userId = await _before.ConnectedPersonAsync();
        await _before.Revocations.QueueOrphanAsync(userId, TokenStoreRig.Pair(7));
        await _before.Switches().KeepAsync(userId, TokenStoreRig.Pair(8));
        new DatabaseKeyRing(_before.Database, _before.Envelope).StoreElement(new("key", "ring"), "key-1");
        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));

        var rotated = await after.Rotation().WalkAsync(Cancel);

        using var later = new TokenStoreRig(another: _before, keys: Ring(New));
        Assert.Equal((4, 0), (rotated.Rows, rotated.Unreadable));
        Assert.Equal("refresh-8", (await later.Switches().TakeAsync(userId))!.RefreshToken!.Reveal());
        Assert.Equal("ring", Assert.Single(new DatabaseKeyRing(later.Database, later.Envelope).GetAllElements()).Value);
        var oauth = new ScriptedOAuth();
        Assert.Equal(1, await later.Revoker(oauth).WorkAsync(Cancel));
        Assert.Equal(["refresh-7", "access-7"], oauth.Revoked);
        Assert.Single(await later.DiaryAsync(), TokenEventKind.KeyRotated);
    }

    [Fact]
    public async Task A_pair_that_cannot_be_opened_stays_as_it_is_and_is_counted()
    {
        var userId = await _before.ConnectedPersonAsync();
        await using var connection = await _before.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("""UPDATE "User" SET "calendlyRefreshToken" = "calendlyAccessToken" """);
        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));

        var rotated = await after.Rotation().WalkAsync(Cancel);

        Assert.Equal((0, 1), (rotated.Rows, rotated.Unreadable));
        Assert.StartsWith("v1.old.", await connection.ExecuteScalarAsync<string>("""SELECT "calendlyAccessToken" FROM "User" WHERE "id" = @userId""", new { userId }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_key_can_be_taken_away_when_it_seals_nothing_any_more_and_not_before()
    {
        await _before.ConnectedPersonAsync();
        await Canaries(_before).CheckAsync();
        using var after = new TokenStoreRig(another: _before, keys: Ring(New, Old));
        await Canaries(after).CheckAsync();
        using var later = new TokenStoreRig(another: _before, keys: Ring(New));

        var problems = await Assert.ThrowsAsync<SettingsException>(() => Canaries(later).CheckAsync());
        await after.Rotation().WalkAsync(Cancel);
        await Canaries(later).CheckAsync();

        Assert.Contains("'old'", problems.Message, StringComparison.Ordinal);
        await using var connection = await later.Database.OpenConnectionAsync(Cancel);
        Assert.Equal(["new"], await connection.QueryAsync<string>("SELECT key_id FROM token_key"));
    }

    public void Dispose()
    {
        _before.Dispose();
        GC.SuppressFinalize(this);
    }

    private static TokenKeys Ring(params string[] keys)
    {
        Assert.True(TokenKeys.TryParse(string.Join(',', keys), out var ring, out _));
        return ring!;
    }

    private static KeyCanaries Canaries(TokenStoreRig rig) => new(rig.Database, rig.Keys, rig.Envelope);

    private static async Task UntilRestingAsync(FakeClock clock, Task walk)
    {
        while (clock.UntilNextTimer is null)
        {
            Assert.False(walk.IsCompleted, "The walk has ended without a rest.");
            await Task.Yield();
        }
    }

    // Ids in a row, each person with the pair access-1, refresh-1.
    private async Task<long> SeedAsync(int people)
    {
        var first = await _before.PersonAsync("seed:first");
        await using var connection = await _before.Database.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        foreach (var few in Enumerable.Range(1, people - 1).Chunk(200))
        {
            await connection.ExecuteAsync(
                $"""INSERT INTO "User" ("id", "userId") VALUES {string.Join(',', few.Select(number => $"({first + number}, 'seed:{number}')"))}""", transaction: transaction);
        }

        foreach (var few in Enumerable.Range(0, people).Chunk(200))
        {
            var pairs = string.Join(',', few.Select(number => $"({first + number}, '{_before.Seal.SealAccess(first + number, new("access-1"))}', '{_before.Seal.SealRefresh(first + number, new("refresh-1"))}')"));
            await connection.ExecuteAsync(
                $"""
                WITH pair (id, access, refresh) AS (VALUES {pairs})
                UPDATE "User" SET "calendlyAccessToken" = pair.access, "calendlyRefreshToken" = pair.refresh, "calendlyExpiresAt" = {_before.Dialect.Later("7200")}
                  FROM pair WHERE "User"."id" = pair.id
                """,
                new { now = _before.Clock.GetUtcNow() },
                transaction);
        }

        await connection.ExecuteAsync(
            $"""
            INSERT INTO calendly_connection (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, token_version, refresh_after, connected_at, refreshed_at)
            SELECT "id", 'mock', 'connected', {_before.Dialect.Now}, 'owner-of-' || "id", 'organization', 'users:read', 1, {_before.Dialect.Later("6000")}, {_before.Dialect.Now}, {_before.Dialect.Now}
              FROM "User"
            """,
            new { now = _before.Clock.GetUtcNow() },
            transaction);
        await transaction.CommitAsync(Cancel);
        return first;
    }
}
