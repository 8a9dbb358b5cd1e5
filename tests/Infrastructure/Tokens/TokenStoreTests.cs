using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class TokenStoreOnSqliteTests() : TokenStoreTests(Engine.Sqlite)
{
    [Fact]
    public async Task No_token_is_readable_in_the_database_file()
    {
        var userId = await Rig.ConnectedPersonAsync();
        await Rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel);

        await using var connection = await Rig.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        var file = await File.ReadAllTextAsync(connection.DataSource, System.Text.Encoding.Latin1, Cancel);

        Assert.Contains("v1.mock.", file, StringComparison.Ordinal);
        Assert.DoesNotContain("access-", file, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_connection_writes_through_to_the_disk()
    {
        await using var connection = await Rig.Database.OpenConnectionAsync(Cancel);

        Assert.Equal(2, await connection.ExecuteScalarAsync<long>("PRAGMA synchronous"));
        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
    }
}

public sealed class TokenStoreOnPostgreSqlTests() : TokenStoreTests(Engine.PostgreSql);

public abstract class TokenStoreTests(Engine engine) : IDisposable
{
    private readonly TokenStoreRig _rig = new(engine);

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected TokenStoreRig Rig => _rig;

    [Fact]
    public async Task A_stored_pair_comes_back_with_what_is_known_of_it()
    {
        var userId = await _rig.ConnectedPersonAsync();

        var stored = await _rig.Store.ReadAsync(userId, Cancel);

        Assert.Equal(("access-1", "refresh-1", 1), (stored!.AccessToken.Reveal(), stored.RefreshToken.Reveal(), stored.Version));
        Assert.Equal(ConnectionStatus.Connected, stored.Connection.Status);
        Assert.Equal(_rig.Clock.GetUtcNow().AddHours(2), stored.Connection.ExpiresAt);
        Assert.InRange(stored.Connection.RefreshAfter - _rig.Clock.GetUtcNow(), TimeSpan.FromMinutes(84), TimeSpan.FromMinutes(96));
        Assert.True(stored.Connection.Allows("scheduled_events:read"));
        Assert.False(stored.Connection.Allows("webhooks:read"));
    }

    [Fact]
    public async Task A_successor_of_an_older_version_is_not_stored()
    {
        var userId = await _rig.ConnectedPersonAsync();
        Assert.NotNull(await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel));

        Assert.Null(await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(3), Cancel));
        Assert.Equal("access-2", (await _rig.Store.ReadAsync(userId, Cancel))!.AccessToken.Reveal());
    }

    [Fact]
    public async Task An_answer_without_a_refresh_token_keeps_the_old_one()
    {
        var userId = await _rig.ConnectedPersonAsync();

        var stored = await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2) with { RefreshToken = null }, Cancel);

        Assert.Equal(("access-2", "refresh-1"), (stored!.AccessToken.Reveal(), stored.RefreshToken.Reveal()));
    }

    [Fact]
    public async Task After_a_disconnect_nothing_is_left_and_no_refresh_can_bring_it_back()
    {
        var userId = await _rig.ConnectedPersonAsync();

        Assert.True(await _rig.Store.DisconnectAsync(userId, Cancel));

        var pending = Assert.Single(await _rig.Revocations.ClaimAsync(10, Cancel));
        Assert.Equal("refresh-1", _rig.Seal.OpenRefresh(userId, pending.RefreshToken).Reveal());
        Assert.Null(await _rig.Store.FindAsync(userId, Cancel));
        Assert.Null(await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel));
        Assert.Null(await _rig.Store.ReadAsync(userId, Cancel));
    }

    [Fact]
    public async Task A_pair_swapped_between_two_people_does_not_open_and_changes_nothing()
    {
        var dana = await _rig.ConnectedPersonAsync();
        var eve = await _rig.PersonAsync("persona:eve");
        await _rig.Store.ConnectAsync(eve, TokenStoreRig.Pair(9, "https://api.calendly.com/users/EVE"), Cancel);
        await using (var connection = await _rig.Database.OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync(
                """
                UPDATE "User" SET "calendlyAccessToken" = (SELECT "calendlyAccessToken" FROM "User" WHERE "id" = @dana) WHERE "id" = @eve
                """,
                new { dana, eve });
        }

        var swapped = await _rig.Store.ReadAsync(eve, Cancel);
        Assert.ThrowsAny<CryptographicException>(() => swapped!.AccessToken);
        await using var check = await _rig.Database.OpenConnectionAsync(Cancel);
        Assert.Equal("connected", await check.ExecuteScalarAsync<string>("SELECT status FROM calendly_connection WHERE user_id = @eve", new { eve }));
    }

    [Fact]
    public async Task A_pair_of_mock_mode_does_not_open_in_real_mode()
    {
        var userId = await _rig.ConnectedPersonAsync();

        var stored = await _rig.StoreOf(new CalendlyMode(IsReal: true)).ReadAsync(userId, Cancel);
        Assert.ThrowsAny<CryptographicException>(() => stored!.AccessToken);
    }

    [Fact]
    public async Task One_calendly_user_cannot_be_connected_to_two_people()
    {
        await _rig.ConnectedPersonAsync();
        var eve = await _rig.PersonAsync("persona:eve");

        Assert.Null(await _rig.Store.ConnectAsync(eve, TokenStoreRig.Pair(2), Cancel));
        Assert.Null(await _rig.Store.FindAsync(eve, Cancel));
    }

    [Fact]
    public async Task A_mark_meant_for_an_older_version_is_not_set()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel);

        await _rig.Store.MarkAsync(userId, 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);

        Assert.Equal(ConnectionStatus.Connected, (await _rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);
    }

    [Fact]
    public async Task Connecting_another_account_forgets_who_the_first_one_was()
    {
        var userId = await _rig.ConnectedPersonAsync();
        await _rig.Store.KeepProfileAsync(userId, new CalendlyProfile("Dana", "dana@tidewater.example", "Europe/Lisbon", "https://calendly.com/dana"), Cancel);
        await _rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(2), Cancel);
        Assert.Equal("Dana", (await _rig.Store.FindAsync(userId, Cancel))!.Profile!.Name);

        await _rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(3, "https://api.calendly.com/users/OTHER"), Cancel);

        Assert.Null((await _rig.Store.FindAsync(userId, Cancel))!.Profile);
    }

    [Fact]
    public async Task A_change_by_another_process_is_seen_within_five_seconds()
    {
        var userId = await _rig.ConnectedPersonAsync();
        var other = _rig.StoreOf(new CalendlyMode(IsReal: false));
        Assert.Equal(1, (await other.RecallAsync(userId, Cancel))!.Version);
        await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel);

        Assert.Equal(1, (await other.RecallAsync(userId, Cancel))!.Version);
        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await other.RecallAsync(userId, Cancel))!.Version);
    }

    [Fact]
    public async Task A_switch_or_a_disconnect_in_another_process_is_told_to_whoever_keeps_what_was_read()
    {
        var userId = await _rig.ConnectedPersonAsync();
        var other = _rig.StoreOf(new CalendlyMode(IsReal: false));
        var told = 0;
        other.OwnerChanged += _ => told++;
        await other.ReadAsync(userId, Cancel);
        await _rig.Store.ReplaceAsync(userId, 1, TokenStoreRig.Pair(2), Cancel);
        await other.ReadAsync(userId, Cancel);
        Assert.Equal(0, told);

        await _rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(3, "https://api.calendly.com/users/OTHER"), Cancel);
        await other.ReadAsync(userId, Cancel);
        Assert.Equal(1, told);

        await _rig.Store.DisconnectAsync(userId, Cancel);
        await other.ReadAsync(userId, Cancel);
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task Migrations_run_once_however_often_they_are_applied()
    {
        new Migrations(_rig.Database, _rig.Dialect, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrations>.Instance).Apply();

        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        var files = typeof(Migrations).Assembly.GetManifestResourceNames().Count(name => name.Contains(_rig.Dialect.MigrationFolder, StringComparison.Ordinal));
        Assert.Equal(files, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM schema_migration"));
    }

    public void Dispose() => _rig.Dispose();
}
