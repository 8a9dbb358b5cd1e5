using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Live;

public sealed class NoticesOnSqliteTests() : NoticesTests(Engine.Sqlite);

public sealed class NoticesOnPostgreSqlTests() : NoticesTests(Engine.PostgreSql);

public abstract class NoticesTests(Engine engine) : IDisposable
{
    private readonly TokenStoreRig _rig = new(engine);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Changes Changes => new(_rig.Database, _rig.Clock);

    private Notices Notices => new(_rig.Database, _rig.Envelope, Changes, _rig.Clock);

    [Fact]
    public async Task A_topic_is_told_once_to_each_person_however_often_it_comes()
    {
        var (ana, tom) = (await _rig.PersonAsync("ana"), await _rig.PersonAsync("tom"));

        Assert.True(await AddAsync(ana, "canceled/1"));
        Assert.False(await AddAsync(ana, "canceled/1"));
        Assert.True(await AddAsync(ana, "canceled/2"));
        Assert.True(await AddAsync(tom, "canceled/1"));

        Assert.Equal((2, 1), (await Notices.CountUnreadAsync(ana, Cancel), await Notices.CountUnreadAsync(tom, Cancel)));
        Assert.Equal([ana, ana, tom], (await Changes.ReadAsync(0, 10, Cancel)).Select(change => change.UserId));
        Assert.Equal([$"{ana}/canceled/2", $"{ana}/canceled/1"], (await Notices.ListAsync(ana, 20, Cancel)).Select(notice => notice.Name));
    }

    [Fact]
    public async Task A_notice_says_what_it_was_given_and_lies_sealed()
    {
        var ana = await _rig.PersonAsync("ana");
        await AddAsync(ana, "canceled/1", new NoticeFacts("Grace Murray Hopper", "Discovery call", _rig.Clock.GetUtcNow(), By: "Grace Murray Hopper"));

        var notice = Assert.Single(await Notices.ListAsync(ana, 20, Cancel));

        Assert.Equal(("Grace Murray Hopper", "Discovery call", _rig.Clock.GetUtcNow()), (notice.Facts!.Who, notice.Facts.What, notice.Facts.Start));
        Assert.Equal((NoticeKind.Canceled, "session-1", false), (notice.Kind, notice.SessionId, notice.IsRead));
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        Assert.DoesNotContain("Grace", await connection.ExecuteScalarAsync<string>("SELECT facts FROM notice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_that_was_moved_to_somebody_else_does_not_open()
    {
        var (ana, tom) = (await _rig.PersonAsync("ana"), await _rig.PersonAsync("tom"));
        await AddAsync(ana, "canceled/1");
        await using (var connection = await _rig.Database.OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("UPDATE notice SET user_id = @tom, name = @name", new { tom, name = $"{tom}/canceled/1" });
        }

        Assert.Null(Assert.Single(await Notices.ListAsync(tom, 20, Cancel)).Facts);
    }

    [Fact]
    public async Task Reading_marks_what_was_shown_and_not_what_came_since()
    {
        var ana = await _rig.PersonAsync("ana");
        await AddAsync(ana, "canceled/1");
        var shown = _rig.Clock.GetUtcNow();
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(ana, "canceled/2");

        await Notices.MarkReadAsync(ana, shown, Cancel);

        Assert.Equal([(false, "2"), (true, "1")], (await Notices.ListAsync(ana, 20, Cancel)).Select(notice => (notice.IsRead, notice.Name[^1..])));
        Assert.Equal(1, await Notices.CountUnreadAsync(ana, Cancel));
    }

    public void Dispose() => _rig.Dispose();

    private async Task<bool> AddAsync(long userId, string topic, NoticeFacts? facts = null)
    {
        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var added = await Notices.TryAddAsync(connection, transaction, userId, topic, NoticeKind.Canceled, "session-1", facts ?? new NoticeFacts("Maya Chen"));
        await transaction.CommitAsync(Cancel);
        return added;
    }
}
