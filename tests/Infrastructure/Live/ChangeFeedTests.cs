using System.Collections.Concurrent;
using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalendlySlices.Tests.Infrastructure.Live;

public sealed class ChangeFeedOnSqliteTests() : ChangeFeedTests(Engine.Sqlite);

public sealed class ChangeFeedOnPostgreSqlTests() : ChangeFeedTests(Engine.PostgreSql)
{
    [Fact(Timeout = Patience)]
    public async Task A_change_that_is_numbered_first_is_told_first_although_it_is_committed_last()
    {
        using var rig = new TokenStoreRig(Engine.PostgreSql);
        await using var listener = await Listener.StartAsync(rig);
        var writer = new Changes(rig.Database, rig.Clock);
        await using var connection = await rig.Database.OpenConnectionAsync(Cancel);
        await using var slow = await connection.BeginTransactionAsync(Cancel);
        await writer.AddAsync(connection, slow, Ana, ChangeKind.Session, "slow");

        var quick = writer.AddAsync(Ana, ChangeKind.Session, "quick");
        while (!quick.IsCompleted && !await IsSomebodyWaitingAsync(rig.Database))
        {
            await Task.Delay(5, Cancel);
        }

        await slow.CommitAsync(Cancel);
        await quick;

        Assert.Equal(["slow", "quick"], await listener.HeardAsync(2));
    }

    [Fact(Timeout = Patience)]
    public async Task What_happened_while_the_database_was_away_is_told_when_it_is_back()
    {
        using var cluster = new PostgreSqlCluster();
        using var rig = new TokenStoreRig(Engine.PostgreSql, address: cluster.NewDatabase());
        using var other = new TokenStoreRig(another: rig);
        await using var listener = await Listener.StartAsync(rig);
        var writer = new Changes(other.Database, other.Clock);
        await writer.AddAsync(Ana, ChangeKind.Session, "before");
        await listener.HeardAsync(1);

        cluster.Stop();
        cluster.Start();
        while (true)
        {
            try
            {
                await writer.AddAsync(Ana, ChangeKind.Session, "after");
                break;
            }
            catch (DbException)
            {
                // Connections that died with the server are met one by one.
            }
        }

        Assert.Equal(["before", "after"], await listener.HeardAsync(2));
    }

    private static async Task<bool> IsSomebodyWaitingAsync(DbDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0;
    }
}

/// <summary>Several processes over one database, each with a feed of its own.</summary>
public abstract class ChangeFeedTests(Engine engine)
{
    // Milliseconds after which something is taken to have been lost for good.
    protected const int Patience = 60_000;

    protected const long Ana = 1;
    private const long Tom = 2;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = Patience)]
    public async Task Every_instance_hears_of_each_change_once_and_in_order()
    {
        using var one = new TokenStoreRig(engine);
        using var two = new TokenStoreRig(another: one);
        await using var here = await Listener.StartAsync(one);
        await using var there = await Listener.StartAsync(two);
        var subjects = Enumerable.Range(1, 60).Select(number => $"{number}").ToList();

        // Added here and there in turn.
        foreach (var subject in subjects)
        {
            await (int.Parse(subject, null) % 2 == 0 ? here : there).Changes.AddAsync(Ana, ChangeKind.Session, subject);
        }

        Assert.Equal(subjects, await here.HeardAsync(subjects.Count));
        Assert.Equal(subjects, await there.HeardAsync(subjects.Count));
    }

    [Fact(Timeout = Patience)]
    public async Task What_was_there_before_a_feed_began_is_not_told()
    {
        using var rig = new TokenStoreRig(engine);
        var changes = new Changes(rig.Database, rig.Clock);
        await changes.AddAsync(Ana, ChangeKind.Session, "before");
        await using var listener = await Listener.StartAsync(rig);

        await changes.AddAsync(Ana, ChangeKind.Session, "after");

        Assert.Equal(["after"], await listener.HeardAsync(1));
    }

    [Fact(Timeout = Patience)]
    public async Task A_change_that_is_taken_back_is_never_told()
    {
        using var rig = new TokenStoreRig(engine);
        await using var listener = await Listener.StartAsync(rig);
        await using (var connection = await rig.Database.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await listener.Changes.AddAsync(connection, transaction, Ana, ChangeKind.Session, "taken back");
        }

        await listener.Changes.AddAsync(Ana, ChangeKind.Session, "kept");

        Assert.Equal(["kept"], await listener.HeardAsync(1));
    }

    [Fact(Timeout = Patience)]
    public async Task What_was_read_before_a_change_is_no_longer_fresh_when_it_is_told_and_nobody_elses_is_touched()
    {
        using var rig = new TokenStoreRig(engine);
        await using var listener = await Listener.StartAsync(rig);
        await ReadAsync(listener.Reads, Ana, "old");
        await ReadAsync(listener.Reads, Tom, "old");

        await listener.Changes.AddAsync(Ana, ChangeKind.Session, "one");
        await listener.HeardAsync(1);

        Assert.Equal("new", await ReadAsync(listener.Reads, Ana, "new"));
        Assert.Equal("old", await ReadAsync(listener.Reads, Tom, "new"));
    }

    [Fact]
    public async Task One_persons_changes_are_read_from_where_they_were_left()
    {
        using var rig = new TokenStoreRig(engine);
        var changes = new Changes(rig.Database, rig.Clock);
        await changes.AddAsync(Ana, ChangeKind.Session, "1");
        await changes.AddAsync(Tom, ChangeKind.Session, "2");
        await changes.AddAsync(Ana, ChangeKind.Notices);
        await changes.AddAsync(Ana, ChangeKind.Session, "4");

        var missed = await changes.ReadAsync(Ana, after: 1, most: 10, Cancel);

        Assert.Equal([(3, ChangeKind.Notices, null), (4, ChangeKind.Session, "4")], missed!.Select(change => (change.Id, change.Kind, change.Subject)));
        Assert.Equal(4, await changes.LastIdAsync(Cancel));
    }

    [Theory]
    [InlineData(1, 1)] // More came than are wanted.
    [InlineData(99, 10)] // A number that was never given: another database.
    public async Task Whoever_may_have_missed_something_is_told_to_read_all(long after, int most)
    {
        using var rig = new TokenStoreRig(engine);
        var changes = new Changes(rig.Database, rig.Clock);
        foreach (var subject in (string[])["1", "2", "3"])
        {
            await changes.AddAsync(Ana, ChangeKind.Session, subject);
        }

        Assert.Null(await changes.ReadAsync(Ana, after, most, Cancel));
    }

    [Fact]
    public async Task What_is_kept_no_longer_is_not_taken_for_nothing()
    {
        using var rig = new TokenStoreRig(engine);
        var changes = new Changes(rig.Database, rig.Clock);
        await changes.AddAsync(Ana, ChangeKind.Session, "1");
        await changes.AddAsync(Ana, ChangeKind.Session, "2");
        rig.Clock.Advance(TimeSpan.FromMinutes(61));
        await changes.AddAsync(Ana, ChangeKind.Session, "3");
        await rig.Housekeeping().WorkAsync(Cancel);

        Assert.Null(await changes.ReadAsync(Ana, after: 1, most: 10, Cancel));
        Assert.Equal(["3"], (await changes.ReadAsync(Ana, after: 2, most: 10, Cancel))!.Select(change => change.Subject));
        Assert.Empty((await changes.ReadAsync(Ana, after: 3, most: 10, Cancel))!);
    }

    private static async Task<string> ReadAsync(ReadCache reads, long userId, string value)
    {
        var result = await reads.GetAsync<string>(
            userId, "key", TimeSpan.FromHours(1), TimeSpan.FromHours(24), _ => Task.FromResult<CalendlySlices.Infrastructure.Result<string>>(value), Cancel);
        return result.Succeeded(out var reading, out _) ? reading.Value : throw new InvalidOperationException("Nothing fails here.");
    }

    protected sealed class Listener : IAsyncDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly ConcurrentQueue<string?> _heard = new();

        private Listener(TokenStoreRig rig)
        {
            Changes = new Changes(rig.Database, rig.Clock);
            Reads = new ReadCache(rig.Clock);

            // On SQLite the other process is found by looking again, which here is done without pause.
            _feed = new ChangeFeed(rig.Database, Changes, Reads, rig.Engine == Engine.Sqlite ? rig.Hurried() : new WireTime(TimeProvider.System), NullLogger<ChangeFeed>.Instance);
            _feed.Happened += change => _heard.Enqueue(change.Subject);
        }

        internal Changes Changes { get; }

        internal ReadCache Reads { get; }

        internal static async Task<Listener> StartAsync(TokenStoreRig rig)
        {
            var listener = new Listener(rig);
            await listener._feed.StartAsync(Cancel);

            // It begins with what comes after it has looked once.
            while (!listener._feed.HasBegun)
            {
                await Task.Delay(5, Cancel);
            }

            return listener;
        }

        public async Task<IReadOnlyList<string?>> HeardAsync(int count)
        {
            while (_heard.Count < count)
            {
                await Task.Delay(5, Cancel);
            }

            return [.. _heard];
        }

        public async ValueTask DisposeAsync()
        {
            await _feed.StopAsync(CancellationToken.None);
            _feed.Dispose();
        }
    }
}
