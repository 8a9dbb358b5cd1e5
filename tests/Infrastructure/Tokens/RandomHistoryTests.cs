using System.Diagnostics;
using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class RandomHistoryOnSqliteTests() : RandomHistoryTests(Engine.Sqlite);

public sealed class RandomHistoryOnPostgreSqlTests() : RandomHistoryTests(Engine.PostgreSql);

/// <summary>
/// Three processes over one database, and a history that nobody planned: refreshes, kills, pauses, people who leave and
/// come back. What must hold in the end holds whatever happened. HISTORY_SECONDS makes it longer.
/// </summary>
public abstract class RandomHistoryTests(Engine engine)
{
    // Milliseconds after which something is taken to have been lost for good, and not to be slow.
    private const int Patience = 600_000;

    private static readonly string[] Accounts = ["ana", "ana-home", "priya", "tom", "mei", "olu"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = Patience)]
    public async Task Whatever_happens_no_spent_token_is_presented_and_what_is_stored_is_what_calendly_takes()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("HISTORY_SECONDS") ?? "20", CultureInfo.InvariantCulture);
        var random = new Random(11);
        Assert.True(TokenKeys.TryParse(TokenHostProcess.Keys, out var keys, out _));
        using var rig = new TokenStoreRig(engine, keys: keys, mode: new CalendlyMode(IsReal: true), clock: new FakeClock(TimeProvider.System.GetUtcNow()), clockIsVirtual: false);
        await using var calendly = await EmulatorServer.StartAsync(TimeProvider.System);

        // What this application never does itself, lest it end the new grant: so that nothing is left of the old ones.
        calendly.Emulator.Options.NewConsentEndsEarlier = true;
        var oauth = EmulatorServer.OAuth(calendly.Emulator);
        var people = new List<long>();
        foreach (var account in Accounts)
        {
            people.Add(await rig.PersonAsync(account));
            await rig.Store.ConnectAsync(people[^1], calendly.Grant(account), Cancel);
        }

        var folders = Enumerable.Range(0, 3).Select(number => engine == Engine.Sqlite ? rig.Folder : Path.Combine(rig.Folder, $"machine-{number}")).ToList();
        var hosts = folders.Select(folder => TokenHostProcess.Start(rig, calendly.Address, folder: folder)).ToList();
        var versions = people.ToDictionary(userId => userId, _ => 0L);
        try
        {
            await Task.WhenAll(hosts.Select(host => host.ReadyAsync()));
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;)
            {
                var number = random.Next(hosts.Count);
                var person = random.Next(people.Count);
                switch (random.Next(20))
                {
                    case 0:
                        await hosts[number].SignalAsync("KILL");
                        await hosts[number].EndedAsync();
                        await hosts[number].DisposeAsync();
                        hosts[number] = TokenHostProcess.Start(rig, calendly.Address, folder: folders[number]);
                        await hosts[number].ReadyAsync();
                        break;
                    case 1:
                        await hosts[number].SignalAsync("STOP");
                        await Task.Delay(random.Next(400), Cancel);
                        await hosts[number].SignalAsync("CONT");
                        break;
                    case 2:
                        await rig.Store.DisconnectAsync(people[person], Cancel);
                        break;
                    case 3 or 4:
                        await rig.Store.ConnectAsync(people[person], calendly.Grant(Accounts[person]), Cancel);
                        break;
                    default:
                        if (await rig.Store.ReadAsync(people[person], Cancel) is { } stored)
                        {
                            hosts.ForEach(host => host.Ask(people[person], stored.Version, 3));
                        }

                        await Task.Delay(random.Next(60), Cancel);
                        break;
                }

                foreach (var userId in people)
                {
                    var version = (await rig.Store.ReadAsync(userId, Cancel))?.Version ?? versions[userId];
                    Assert.True(version >= versions[userId], "A version has gone back.");
                    versions[userId] = version;
                }
            }

            // One more start each, so that whatever a journal holds is stored; then whoever has left is gone at Calendly too.
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }

            hosts = [.. folders.Select(folder => TokenHostProcess.Start(rig, calendly.Address, folder: folder))];
            await Task.WhenAll(hosts.Select(host => host.ReadyAsync()));
            while (await rig.Revocations.CountAsync(null, Cancel) > 0)
            {
                await Task.Delay(100, Cancel);
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }

        Assert.Equal(0, calendly.Emulator.SpentRefreshTokensPresented);
        Assert.InRange(calendly.Emulator.TokenCalls, 1, long.MaxValue);
        foreach (var (userId, account) in people.Zip(Accounts))
        {
            var stored = await rig.Store.ReadAsync(userId, Cancel);
            if (stored is null)
            {
                Assert.Equal(0, calendly.Emulator.LiveTokens(account));
            }
            else if (stored.Connection.Status == ConnectionStatus.Connected && await oauth.IntrospectAsync(stored.RefreshToken, Cancel) != true)
            {
                // A process died between Calendly's answer and its own disk. Nobody else has noticed yet, but the row says so.
                Assert.True(await IsInDoubtAsync(rig, userId), $"The pair of {account} is dead at Calendly, and nothing here says that it might be.");
            }
        }
    }

    private static async Task<bool> IsInDoubtAsync(TokenStoreRig rig, long userId)
    {
        await using var connection = await rig.Database.OpenConnectionAsync(Cancel);
        return await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT count(*) FROM calendly_connection WHERE user_id = @userId AND lease_owner IS NOT NULL", new { userId }) == 1;
    }
}
