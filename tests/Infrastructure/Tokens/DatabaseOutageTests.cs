using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class DatabaseOutageOnSqliteTests() : DatabaseOutageTests(Engine.Sqlite);

public sealed class DatabaseOutageOnPostgreSqlTests() : DatabaseOutageTests(Engine.PostgreSql);

/// <summary>The database goes at the worst moment: when Calendly has spent the old token and its answer is on the way.
/// OUTAGE_SECONDS makes it stay away longer than until everybody has been answered.</summary>
public abstract class DatabaseOutageTests(Engine engine) : IDisposable
{
    // Milliseconds after which something is taken to have been lost for good, and not to be slow.
    private const int Patience = 240_000;

    private readonly PostgreSqlCluster? _cluster = engine == Engine.PostgreSql ? new PostgreSqlCluster() : null;
    private SqliteConnection? _lock;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = Patience)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pair_that_could_not_be_stored_is_stored_when_the_database_is_back(bool killedMeanwhile)
    {
        Assert.True(TokenKeys.TryParse(TokenHostProcess.Keys, out var keys, out _));
        using var rig = new TokenStoreRig(engine, keys: keys, mode: new CalendlyMode(IsReal: true), clock: new FakeClock(TimeProvider.System.GetUtcNow()), address: _cluster?.NewDatabase());
        await using var calendly = await EmulatorServer.StartAsync(TimeProvider.System);
        var oauth = EmulatorServer.OAuth(calendly.Emulator);
        var userId = await rig.PersonAsync("ana");
        await rig.Store.ConnectAsync(userId, calendly.Grant("ana"), Cancel);
        calendly.BeforeTokenAnswer = () => TakeAwayAsync(rig);
        await using var host = TokenHostProcess.Start(rig, calendly.Address);
        await host.ReadyAsync();

        host.Ask(userId, 1, 5);
        if (killedMeanwhile)
        {
            // Not before the pair is on its disk.
            await host.JournaledAsync();
            await host.SignalAsync("KILL");
            await host.EndedAsync();
        }
        else
        {
            // Everybody is answered from memory while the database is away, or told in time that it is.
            Assert.Matches("^(5 0|0 5 [A-Za-z]+)$", await host.ReadAsync());
            host.Ask(userId, 1, 5);
            Assert.Equal("5 0", await host.ReadAsync());
        }

        await Task.Delay(TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("OUTAGE_SECONDS") ?? "0", CultureInfo.InvariantCulture)), Cancel);
        GiveBack();
        await using var next = killedMeanwhile ? TokenHostProcess.Start(rig, calendly.Address) : null;
        StoredTokens? stored = null;
        while (stored is not { Version: 2 })
        {
            await Task.Delay(100, Cancel);
            stored = await TryReadAsync(rig, userId);
        }

        Assert.Equal(ConnectionStatus.Connected, stored.Connection.Status);
        Assert.Equal((true, true), (await oauth.IntrospectAsync(stored.RefreshToken, Cancel), await oauth.IntrospectAsync(stored.AccessToken, Cancel)));
        Assert.Equal((1, 0), (calendly.Emulator.TokenCalls, calendly.Emulator.SpentRefreshTokensPresented));
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _cluster?.Dispose();
    }

    private Task TakeAwayAsync(TokenStoreRig rig)
    {
        if (_cluster is not null)
        {
            _cluster.Stop();
            return Task.CompletedTask;
        }

        // A file cannot be stopped; but nobody writes to it while somebody holds it.
        _lock = new SqliteConnection($"Data Source={rig.Address};Pooling=false");
        _lock.Open();
        using var command = _lock.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    private void GiveBack()
    {
        _cluster?.Start();
        _lock?.Dispose();
        _lock = null;
    }

    private static async Task<StoredTokens?> TryReadAsync(TokenStoreRig rig, long userId)
    {
        try
        {
            return await rig.Store.ReadAsync(userId, Cancel);
        }
        catch (System.Data.Common.DbException)
        {
            return null;
        }
    }
}
