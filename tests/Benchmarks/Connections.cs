using System.Diagnostics;
using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CalendlySlices.Benchmarks;

/// <summary>What one connection costs among a thousand and among a million, in PostgreSQL: to read it, to refresh it, and to
/// start an instance on it. Makes two databases and leaves them there.</summary>
internal sealed class Connections(NpgsqlDataSource database, int count)
{
    private const int WarmUps = 200;
    private const int Samples = 1_001;

    private readonly Dialect _dialect = new PostgreSqlDialect(clockIsVirtual: false);
    private readonly Random _random = new(count);

    /// <param name="address">A server on which databases may be made, in Npgsql's form.</param>
    public static async Task PrintAsync(string address)
    {
        var few = await MakeAsync(address, 1_000);
        var many = await MakeAsync(address, 1_000_000);
        await few.MeasureAsync(WarmUps);
        await many.MeasureAsync(WarmUps);
        var (fewReads, fewRefreshes, manyReads, manyRefreshes) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());

        // In turns, so that a busy moment of the machine meets both.
        for (var round = 0; round < 11; round++)
        {
            Add(await few.MeasureAsync(Samples / 11), fewReads, fewRefreshes);
            Add(await many.MeasureAsync(Samples / 11), manyReads, manyRefreshes);
        }

        Line("read one", Median(fewReads), Median(manyReads));
        Line("refresh one (lease and store)", Median(fewRefreshes), Median(manyRefreshes));
        Line("start (schema, mode, keys)", await few.StartAsync(), await many.StartAsync());
        await many.PlansAsync();
    }

    private static async Task<Connections> MakeAsync(string address, int count)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"connections_{count}");
        await using (var server = new NpgsqlConnection(address))
        {
            await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name}");
            await server.ExecuteAsync($"CREATE DATABASE {name}");
        }

        var database = PostgreSql.Open(new NpgsqlConnectionStringBuilder(address) { Database = name }.ConnectionString);
        var made = new Connections(database, count);
        new Migrations(database, made._dialect, NullLogger<Migrations>.Instance).Apply();
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            SET statement_timeout = 0;
            INSERT INTO "User" ("id", "userId", "calendlyAccessToken", "calendlyRefreshToken", "calendlyExpiresAt", "updatedAt")
            SELECT n, 'https://api.calendly.com/users/' || md5(n::text), 'v1.mock.' || repeat(md5(n::text), 6), 'v1.mock.' || repeat(md5(n::text), 2), now() + interval '2 hours', now()
              FROM generate_series(1, @count) n;
            INSERT INTO calendly_connection (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, profile_name, profile_email, profile_timezone, profile_scheduling_url, token_version, refresh_after, connected_at, refreshed_at)
            SELECT n, 'mock', CASE WHEN n % 50 = 0 THEN 'needs_reconnect' ELSE 'connected' END, now(), 'https://api.calendly.com/users/' || md5(n::text), 'https://api.calendly.com/organizations/' || md5(n::text),
                   'users:read event_types:write', 'Somebody', 'somebody@example.com', 'Etc/UTC', 'https://calendly.com/somebody', 1, now() + interval '90 minutes', now(), now()
              FROM generate_series(1, @count) n;
            ANALYZE
            """,
            new { count },
            commandTimeout: 1_800);
        return made;
    }

    /// <summary>Milliseconds of each read and of each refresh.</summary>
    private async Task<(List<double> Reads, List<double> Refreshes)> MeasureAsync(int samples)
    {
        var instance = Instance.ThisProcess();
        var clock = TimeProvider.System;
        var events = new TokenEvents(database, _dialect, instance, new Changes(database, clock), clock);
        var mode = new CalendlyMode(IsReal: false);
        var seal = new PairSeal(new Envelope(TokenKeys.Mock), mode);
        var store = new TokenStore(database, _dialect, seal, mode, new DatabaseClock(clock, isVirtual: false), events, new Revocations(database, _dialect, seal, events, clock), clock);
        var leases = new RefreshLeases(database, _dialect, instance, clock);
        var pair = new IssuedTokens(new Secret("mock_at_" + new string('a', 43)), new Secret("mock_rt_" + new string('b', 43)), [], TimeSpan.FromHours(2), string.Empty, string.Empty);
        var (reads, refreshes) = (new List<double>(), new List<double>());
        while (refreshes.Count < samples)
        {
            var userId = _random.Next(1, count + 1);
            var started = Stopwatch.GetTimestamp();
            var tokens = (await store.ReadAsync(userId, CancellationToken.None))!;
            reads.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (tokens.Connection.Status != ConnectionStatus.Connected)
            {
                continue;
            }

            started = Stopwatch.GetTimestamp();
            if ((await leases.TakeAsync(userId, tokens.Version)).Owner is not null)
            {
                await store.ReplaceAsync(userId, tokens.Version, pair, CancellationToken.None);
                refreshes.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return (reads, refreshes);
    }

    private async Task<double> StartAsync()
    {
        var samples = new List<double>();
        for (var round = 0; round < 11; round++)
        {
            var started = Stopwatch.GetTimestamp();
            new Migrations(database, _dialect, NullLogger<Migrations>.Instance).Apply();
            await new KeyCanaries(database, TokenKeys.Mock, new Envelope(TokenKeys.Mock)).CheckAsync();
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Median(samples);
    }

    private async Task PlansAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var (name, sql) in ((string, string)[])
        [
            ("read one", """SELECT c.*, u."calendlyAccessToken" FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id WHERE c.user_id = 500000"""),
            ("lease one", "UPDATE calendly_connection SET lease_owner = 'x' WHERE user_id = 500000 AND token_version = 1 AND status = 'connected' AND (lease_until IS NULL OR lease_until < clock_timestamp())"),
            ("who has this Calendly user", "SELECT 1 FROM calendly_connection WHERE calendly_user_uri = 'x' AND status <> 'disconnected'"),
            ("what is not sealed", """SELECT "id" FROM "User" WHERE "calendlyAccessToken" IS NOT NULL AND "calendlyAccessToken" NOT LIKE 'v1.%' ORDER BY "id" LIMIT 100"""),
        ])
        {
            Console.WriteLine($"\n{name}");
            foreach (var line in await connection.QueryAsync<string>("EXPLAIN " + sql))
            {
                Console.WriteLine($"  {line}");
            }
        }
    }

    private static void Add((List<double> Reads, List<double> Refreshes) from, List<double> reads, List<double> refreshes)
    {
        reads.AddRange(from.Reads);
        refreshes.AddRange(from.Refreshes);
    }

    private static double Median(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);

    private static void Line(string what, double few, double many) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-32} {few,8:N2} ms among 1,000   {many,8:N2} ms among 1,000,000   ratio {many / few:N2}"));
}
