using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Instances;

/// <summary>Open pages of one person, on both instances and through nginx.</summary>
[Collection(typeof(OnTwoInstances))]
public sealed class LiveStreamsTests(TwoInstances two, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_told_on_both_instances_once_and_in_order()
    {
        await using var database = PostgreSql.Open(two.Database);
        var (cookie, userId) = await ConnectAsync("ana", database);
        var changes = new Changes(database, TimeProvider.System);
        var since = await changes.LastIdAsync(Cancel);
        await using var one = await LiveListener.StartAsync(two.Instance(1), cookie, since);
        await using var other = await LiveListener.StartAsync(two.Instance(2), cookie, since);

        var told = new List<(string Subject, long At)>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var number = 0; number < 40 * Proofs.Rounds; number++)
        {
            await pace.WaitForNextTickAsync(Cancel);
            var subject = Guid.NewGuid().ToString();
            await changes.AddAsync(userId, ChangeKind.Session, subject);
            told.Add((subject, Stopwatch.GetTimestamp()));
        }

        foreach (var listener in new[] { one, other })
        {
            await listener.UntilAsync(heard => heard.Count(known => known.Event == "session") >= told.Count);
            var sessions = listener.All.Where(known => known.Event == "session").ToList();
            Assert.Equal(told.Select(change => change.Subject), sessions.Select(known => known.Data));
            Assert.Equal(1, listener.Streams);
            var delays = sessions.Zip(told, (heard, change) => Math.Max(0, Stopwatch.GetElapsedTime(change.At, heard.At).TotalMilliseconds)).Order().ToList();
            output.WriteLine($"{delays.Count} changes, p50 {delays[delays.Count / 2]:F0} ms, p99 {delays[delays.Count * 99 / 100]:F0} ms from commit to page");
        }
    }

    [Fact]
    public async Task What_happens_at_calendly_is_told_to_the_pages_on_both_instances()
    {
        await using var pages = await OpenOnBothAsync("ana");
        using var hooks = two.Hooks();

        // The same time again and again: booked, canceled, and free once more.
        var delays = new List<double>();
        using var pace = new PeriodicTimer(Proofs.BetweenEvents);
        while (delays.Count < Proofs.Events)
        {
            await pace.WaitForNextTickAsync(Cancel);
            var began = Stopwatch.GetTimestamp();
            var session = await BookAsync(hooks);
            delays.Add(await ToldAsync(session, 1, began, pages));
            began = Stopwatch.GetTimestamp();
            await HappenAsync(hooks, "/test/calendly/cancel", new { @event = session, reason = "Ill" });
            delays.Add(await ToldAsync(session, 2, began, pages));
        }

        delays.Sort();
        output.WriteLine($"{delays.Count} events, p50 {delays[delays.Count / 2]:F0} ms, p99 {delays[delays.Count * 99 / 100]:F0} ms from Calendly to the last page");
        Assert.Equal((1, 1), (pages.One.Streams, pages.Other.Streams));
    }

    [Fact]
    public async Task One_instance_is_killed_and_its_pages_go_on_at_the_other_and_miss_nothing()
    {
        await using var database = PostgreSql.Open(two.Database);
        var (cookie, userId) = await ConnectAsync("priya", database);
        var changes = new Changes(database, TimeProvider.System);
        var since = await changes.LastIdAsync(Cancel);

        // As many as one person may have; nginx gives them to the instances in turn.
        var pages = new List<LiveListener>();
        for (var page = 0; page < 3; page++)
        {
            pages.Add(await LiveListener.StartAsync(two.Address, cookie, since));
        }

        using var end = new CancellationTokenSource();
        var making = MakeChangesAsync(changes, userId, end.Token);
        for (var round = 0; round < Proofs.Rounds; round++)
        {
            var number = 1 + (round % 2);
            await two.KillAsync(number);
            await two.RestartAsync(number);
        }

        await end.CancelAsync();
        var made = await making;
        var ids = (await ReadAsync(database, userId, since)).ToList();
        Assert.Equal(made, ids.Count);
        foreach (var page in pages)
        {
            await page.UntilAsync(_ => ids.TrueForAll(page.Knows));
            var sessions = page.All.Where(known => known.Event == "session").Select(known => known.Id).ToList();
            Assert.Equal(sessions.Distinct().Order(), sessions);
        }

        output.WriteLine($"{made} changes; {string.Join(", ", pages.Select(page => $"{page.Streams} streams, {page.All.Count(known => known.Event == "catch-up")} catch-ups"))}");
        Assert.Contains(pages, page => page.Streams > 1);
        foreach (var page in pages)
        {
            await page.DisposeAsync();
        }
    }

    [Fact]
    public async Task Pages_outlast_an_outage_of_the_database_and_hear_then_what_happened_meanwhile()
    {
        await using var pages = await OpenOnBothAsync("ana");
        using var hooks = two.Hooks();
        var session = await BookAsync(hooks);
        await ToldAsync(session, 1, Stopwatch.GetTimestamp(), pages);

        await two.StopDatabaseAsync();
        try
        {
            await HappenAsync(hooks, "/test/calendly/cancel", new { @event = session, reason = "Ill" });
            await Task.Delay(Proofs.DatabaseOutage, TimeProvider.System, Cancel);
        }
        finally
        {
            await two.StartDatabaseAsync();
        }

        var back = Stopwatch.GetTimestamp();
        await two.UntilAsync(1, "/health/ready", HttpStatusCode.OK);
        await two.UntilAsync(2, "/health/ready", HttpStatusCode.OK);

        // By then Calendly has come again with what it could not deliver.
        using (var later = await hooks.PostAsJsonAsync("/test/clock", new { advance = "PT1M" }, Cancel))
        {
            later.EnsureSuccessStatusCode();
        }

        var last = await ToldAsync(session, 2, back, pages);
        output.WriteLine($"told {last / 1000:F1} s after the database was back; {pages.One.Streams} and {pages.Other.Streams} streams");
        Assert.Equal((1, 1), (pages.One.Streams, pages.Other.Streams));
    }

    [Fact]
    public async Task One_instance_stops_and_says_when_to_come_back()
    {
        await using var database = PostgreSql.Open(two.Database);
        var (cookie, _) = await ConnectAsync("olu", database);
        await using var page = await LiveListener.StartAsync(two.Instance(2), cookie, await new Changes(database, TimeProvider.System).LastIdAsync(Cancel));

        await two.RestartAsync(2);

        await page.UntilAsync(heard => heard.Count(known => known.Event == "live") == 2);
        Assert.Equal(["live", "end", "live"], page.All.Where(known => known.Event is "live" or "end").Select(known => known.Event));
    }

    private static async Task SubscribedAsync(DbDataSource database, long userId)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await connection.ExecuteScalarAsync<string>("SELECT state FROM webhook_subscription WHERE user_id = @userId", new { userId }) != "active")
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    // A page on each instance, of somebody about whom Calendly tells us.
    private async Task<PagesOnBoth> OpenOnBothAsync(string account)
    {
        await using var database = PostgreSql.Open(two.Database);
        var (cookie, userId) = await ConnectAsync(account, database);
        await SubscribedAsync(database, userId);
        var since = await new Changes(database, TimeProvider.System).LastIdAsync(Cancel);
        return new PagesOnBoth(await LiveListener.StartAsync(two.Instance(1), cookie, since), await LiveListener.StartAsync(two.Instance(2), cookie, since));
    }

    // The first time that is free.
    private static async Task<string> BookAsync(HttpClient hooks)
    {
        var times = await hooks.GetStringAsync("/mock-widget/ana/discovery-call", Cancel);
        var start = Regex.Match(times, "/mock-widget/ana/discovery-call/([0-9TZ:-]+)").Groups[1].Value;
        return await HappenAsync(hooks, "/test/calendly/sessions", new { account = "ana", eventType = "discovery-call", start, name = "Luca Ferri", email = "luca@ferri.example" });
    }

    private static async Task<string> HappenAsync(HttpClient hooks, string hook, object what)
    {
        using var answer = await hooks.PostAsJsonAsync(hook, what, Cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.JsonAsync()).GetProperty("event").GetString()!.Split('/')[^1];
    }

    // In milliseconds, until the later of the two knows it.
    private static async Task<double> ToldAsync(string session, int times, long began, PagesOnBoth pages)
    {
        var latest = 0.0;
        foreach (var page in new[] { pages.One, pages.Other })
        {
            await page.UntilAsync(heard => heard.Count(known => known.Data == session) >= times);
            latest = Math.Max(latest, Stopwatch.GetElapsedTime(began, page.All.Where(known => known.Data == session).ElementAt(times - 1).At).TotalMilliseconds);
        }

        return latest;
    }

    private static async Task<int> MakeChangesAsync(Changes changes, long userId, CancellationToken end)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var made = 0;
        while (!end.IsCancellationRequested)
        {
            await changes.AddAsync(userId, ChangeKind.Session, Guid.NewGuid().ToString());
            made++;
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return made;
    }

    private static async Task<IEnumerable<long>> ReadAsync(DbDataSource database, long userId, long since)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        return await connection.QueryAsync<long>("SELECT id FROM page_change WHERE user_id = @userId AND id > @since AND kind = 'session' ORDER BY id", new { userId, since });
    }

    private async Task<(string Cookie, long UserId)> ConnectAsync(string account, DbDataSource database)
    {
        var cookies = new CookieContainer();
        using var browser = two.Browser(cookies);
        await two.ConnectAsync(browser, account, form: two.Address, back: two.Address);
        await using var connection = await database.OpenConnectionAsync(Cancel);
        var userId = await connection.QuerySingleAsync<long>("SELECT user_id FROM calendly_connection ORDER BY connected_at DESC LIMIT 1");
        return (cookies.GetCookieHeader(two.Address), userId);
    }

    private sealed record PagesOnBoth(LiveListener One, LiveListener Other) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
