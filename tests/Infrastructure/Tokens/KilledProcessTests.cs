using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class KilledProcessOnSqliteTests() : KilledProcessTests(Engine.Sqlite);

public sealed class KilledProcessOnPostgreSqlTests() : KilledProcessTests(Engine.PostgreSql);

/// <summary>Real processes, ended by SIGKILL at every step of a refresh, and what the others make of what they leave.</summary>
public abstract class KilledProcessTests(Engine engine)
{
    // Milliseconds after which something is taken to have been lost for good, and not to be slow.
    private const int Patience = 240_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, bool> Deaths
    {
        get
        {
            var deaths = new TheoryData<string, bool, bool>();
            foreach (var moment in (string[])["BeforeTheLease", "LeasedNotSent", "SentNotRead", "ReadNotJournaled", "JournaledNotSaved", "SavedNotPublished", "WhileRevoking"])
            {
                deaths.AddRange((moment, true, true), (moment, true, false), (moment, false, true), (moment, false, false));
            }

            return deaths;
        }
    }

    [Theory(Timeout = Patience)]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_is_killed_costs_a_reconnect_only_where_the_answer_died_with_it(string moment, bool reuseRevokes, bool oldAccessLives)
    {
        using var rig = NewRig();
        await using var calendly = await EmulatorServer.StartAsync(rig.Clock);
        calendly.Emulator.Options.ReuseRevokesFamily = reuseRevokes;
        calendly.Emulator.Options.OldAccessTokenLivesOn = oldAccessLives;
        var oauth = EmulatorServer.OAuth(calendly.Emulator);
        var survivor = rig.Tokens(oauth);
        var grant = calendly.Grant("ana");
        var userId = await rig.PersonAsync("ana");
        await rig.Store.ConnectAsync(userId, grant, Cancel);
        if (moment == "WhileRevoking")
        {
            await rig.Store.DisconnectAsync(userId, Cancel);
        }

        await using (var victim = TokenHostProcess.Start(rig, calendly.Address, moment))
        {
            if (moment != "WhileRevoking")
            {
                await victim.ReadyAsync();
                victim.Ask(userId, 1, 1);
            }

            Assert.Equal(137, await victim.EndedAsync());
        }

        // The victim lived by the real clock; ours stood still meanwhile.
        rig.Clock.Set(TimeProvider.System.GetUtcNow());

        switch (moment)
        {
            case "BeforeTheLease" or "LeasedNotSent":
                Assert.Equal(1, Version(await survivor.GetAsync(userId, Cancel)));
                rig.Clock.Advance(TimeSpan.FromSeconds(31));
                Assert.Equal(2, Version(await survivor.NewerThanAsync(userId, 1, Cancel)));
                await AssertAliveAsync(2);
                break;

            case "SentNotRead" or "ReadNotJournaled":
                Assert.Equal(1, Version(await survivor.GetAsync(userId, Cancel)));
                rig.Clock.Advance(TimeSpan.FromMinutes(97));
                Assert.Equal(1, Version(await survivor.GetAsync(userId, Cancel)));
                await StatusAsync(ConnectionStatus.Degraded);
                rig.Clock.Advance(TimeSpan.FromMinutes(30));
                var answer = await survivor.GetAsync(userId, Cancel);
                while (answer.Succeeded(out _, out _))
                {
                    // The refresh that found it out has marked the row, and may still be on its way out with what was good then.
                    await Task.Delay(20, Cancel);
                    answer = await survivor.GetAsync(userId, Cancel);
                }

                Assert.True(!answer.Succeeded(out _, out var failure) && failure.Code == FailureCode.ReconnectRequired);
                Assert.Equal("refresh_lost", (await rig.Store.ReadAsync(userId, Cancel))!.Connection.StatusReason);
                break;

            case "JournaledNotSaved":
                Assert.Equal(1, Version(await survivor.GetAsync(userId, Cancel)));
                await using (var restarted = TokenHostProcess.Start(rig, calendly.Address))
                {
                    await restarted.ReadyAsync();
                    await AssertAliveAsync(2);
                }

                break;

            case "SavedNotPublished":
                await AssertAliveAsync(2);
                break;

            case "WhileRevoking":
                rig.Clock.Advance(TimeSpan.FromSeconds(61));
                await rig.Revoker(oauth).WorkAsync(Cancel);
                Assert.Equal(0, await rig.Revocations.CountAsync(userId, Cancel));
                Assert.Equal((false, false), (await oauth.IntrospectAsync(grant.RefreshToken!, Cancel), await oauth.IntrospectAsync(grant.AccessToken, Cancel)));
                break;
        }

        Assert.Equal(moment == "WhileRevoking" ? 0 : 1, calendly.Emulator.TokenCalls);
        Assert.Equal(0, calendly.Emulator.SpentRefreshTokensPresented);

        async Task AssertAliveAsync(long version)
        {
            var stored = await rig.Store.ReadAsync(userId, Cancel);
            while (stored!.Version < version)
            {
                await Task.Delay(20, Cancel);
                stored = await rig.Store.ReadAsync(userId, Cancel);
            }

            Assert.Equal((version, ConnectionStatus.Connected), (stored.Version, stored.Connection.Status));
            Assert.Equal((true, true), (await oauth.IntrospectAsync(stored.RefreshToken, Cancel), await oauth.IntrospectAsync(stored.AccessToken, Cancel)));
        }

        async Task StatusAsync(ConnectionStatus status)
        {
            while ((await rig.Store.ReadAsync(userId, Cancel))!.Connection.Status != status)
            {
                await Task.Delay(20, Cancel);
            }
        }
    }

    [Fact(Timeout = Patience)]
    public async Task A_holder_that_is_stopped_past_its_lease_presents_nothing_when_it_wakes_up()
    {
        using var rig = NewRig();
        await using var calendly = await EmulatorServer.StartAsync(rig.Clock);
        var userId = await rig.PersonAsync("ana");
        await rig.Store.ConnectAsync(userId, calendly.Grant("ana"), Cancel);
        await using var sleeper = TokenHostProcess.Start(rig, calendly.Address, "StallsWithTheLease");
        await sleeper.ReadyAsync();
        sleeper.Ask(userId, 1, 20);
        Assert.Equal("stalled", await sleeper.ReadAsync());
        await sleeper.SignalAsync("STOP");

        // For everybody else half a minute passes, and one of them takes over.
        rig.Clock.Set(TimeProvider.System.GetUtcNow());
        rig.Clock.Advance(TimeSpan.FromSeconds(35));
        var other = rig.Tokens(EmulatorServer.OAuth(calendly.Emulator));
        Assert.Equal(2, Version(await other.NewerThanAsync(userId, 1, Cancel)));

        // Longer than a lease; by its own clocks.
        await Task.Delay(TimeSpan.FromSeconds(40), Cancel);
        await sleeper.SignalAsync("CONT");

        // They have waited too long; but the flight goes on, and whoever comes now sits in it until it has landed.
        await sleeper.AnsweredInTimeAsync(20);
        sleeper.Ask(userId, 1, 1);
        Assert.Equal("1 0", await sleeper.ReadAsync());
        Assert.Equal(0, calendly.Emulator.SpentRefreshTokensPresented);
        Assert.Equal(1, calendly.Emulator.TokenCalls);
    }

    [Fact(Timeout = Patience)]
    public async Task Four_processes_with_a_thousand_callers_between_them_make_one_call_a_round()
    {
        const int Rounds = 20;
        using var rig = NewRig();
        await using var calendly = await EmulatorServer.StartAsync(rig.Clock);
        var userId = await rig.PersonAsync("ana");
        var folders = Enumerable.Range(0, 4).Select(number => engine == Engine.Sqlite ? rig.Folder : Path.Combine(rig.Folder, $"machine-{number}"));
        var hosts = folders.Select(folder => TokenHostProcess.Start(rig, calendly.Address, folder: folder)).ToList();
        try
        {
            await Task.WhenAll(hosts.Select(host => host.ReadyAsync()));
            for (var round = 1; round <= Rounds; round++)
            {
                var connected = await rig.Store.ConnectAsync(userId, calendly.Grant("ana"), Cancel);
                hosts.ForEach(host => host.Ask(userId, connected!.Version, 250));
                foreach (var host in hosts)
                {
                    Assert.Equal("250 0", await host.ReadAsync());
                }

                Assert.Equal((round, 0), (calendly.Emulator.TokenCalls, calendly.Emulator.SpentRefreshTokensPresented));
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private TokenStoreRig NewRig()
    {
        Assert.True(TokenKeys.TryParse(TokenHostProcess.Keys, out var keys, out _));
        return new TokenStoreRig(engine, keys: keys, mode: new CalendlyMode(IsReal: true), clock: new FakeClock(TimeProvider.System.GetUtcNow()));
    }

    private static long Version(Result<AccessToken> answer) =>
        answer.Succeeded(out var token, out var failure) ? token.Version : throw new InvalidOperationException(failure.Code.ToString());
}
