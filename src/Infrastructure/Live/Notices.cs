using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Live;

/// <summary>What a notice can tell; the names stand in the database.</summary>
internal static class NoticeKind
{
    public const string Booked = "booked";
    public const string Canceled = "canceled";
    public const string Moved = "moved";
    public const string NoShow = "no-show";

    /// <summary>Calendly had stopped telling us, and what was missed has been read.</summary>
    public const string GapFilled = "gap-filled";

    /// <summary>Calendly cannot tell us, or we cannot use the connection; the person may have to do something.</summary>
    public const string UpdatesOff = "updates-off";
}

/// <summary>What a notice is put into words from: sealed where it is kept, since it names people.</summary>
/// <param name="Who">The invitee's name.</param>
/// <param name="What">The event type's name.</param>
/// <param name="Start">The session's start, or the gap's; a UTC instant.</param>
/// <param name="End">The gap's end.</param>
/// <param name="From">Where a moved session was before.</param>
/// <param name="By">Who canceled.</param>
/// <param name="ByHost">True when the host canceled.</param>
/// <param name="Count">Sessions that had changed meanwhile.</param>
internal sealed record NoticeFacts(
    string? Who = null, string? What = null, DateTimeOffset? Start = null, DateTimeOffset? End = null, DateTimeOffset? From = null, string? By = null, bool ByHost = false, int Count = 0);

/// <param name="Name">Its key; the person's id and what it is about.</param>
/// <param name="Kind">One of <see cref="NoticeKind"/>.</param>
/// <param name="SessionId">The session's id at Calendly, where there is one to open.</param>
/// <param name="Facts">Null when they cannot be opened.</param>
internal sealed record Notice(string Name, string Kind, string? SessionId, NoticeFacts? Facts, DateTimeOffset At, bool IsRead);

/// <summary>What people are told in the bell. Each thing is told once, however often we hear of it.</summary>
internal sealed class Notices(DbDataSource database, Envelope envelope, Changes changes, TimeProvider clock)
{
    /// <summary>How long a notice stands, and is known to have been told.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>In the transaction that settles what it tells of; whoever commits it wakes <see cref="Changes"/>. False when the
    /// person has been told of this topic already.</summary>
    /// <param name="topic">What makes it the same notice, for example <c>canceled/{invitee id}</c>.</param>
    public async Task<bool> TryAddAsync(
        DbConnection connection, DbTransaction transaction, long userId, string topic, string kind, string? sessionId, NoticeFacts facts)
    {
        var name = Name(userId, topic);
        var now = clock.GetUtcNow();
        var added = await connection.ExecuteAsync(
            """
            INSERT INTO notice (name, user_id, kind, session_id, facts, at, expires_at) VALUES (@name, @userId, @kind, @sessionId, @facts, @now, @expiresAt)
            ON CONFLICT (name) DO NOTHING
            """,
            new { name, userId, kind, sessionId, facts = envelope.Seal(JsonSerializer.Serialize(facts), BelongsTo(name)), now, expiresAt = now + Kept },
            transaction) == 1;
        if (added)
        {
            await changes.AddAsync(connection, transaction, userId, ChangeKind.Notices);
        }

        return added;
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Notice>> ListAsync(long userId, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            $"""
            SELECT name AS Name, kind AS Kind, session_id AS SessionId, facts AS Facts, at AS At, read_at AS ReadAt
              FROM notice WHERE user_id = @userId ORDER BY at DESC, id DESC LIMIT {most}
            """,
            new { userId });
        return [.. rows.Select(row => new Notice(row.Name, row.Kind, row.SessionId, Open(row), row.At, row.ReadAt is not null))];
    }

    public async Task<long> CountUnreadAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM notice WHERE user_id = @userId AND read_at IS NULL", new { userId });
    }

    /// <summary>Marks those as read that had come by then, so that one that comes just now is not lost.</summary>
    public async Task MarkReadAsync(long userId, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var read = await connection.ExecuteAsync(
                "UPDATE notice SET read_at = @now WHERE user_id = @userId AND read_at IS NULL AND at <= @upTo", new { userId, upTo, now = clock.GetUtcNow() }, transaction);
            if (read > 0)
            {
                await changes.AddAsync(connection, transaction, userId, ChangeKind.Notices);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        changes.Wake();
    }

    /// <summary>The key of what this person is told of a topic.</summary>
    public static string Name(long userId, string topic) => string.Create(CultureInfo.InvariantCulture, $"{userId}/{topic}");

    public static string[] BelongsTo(string name) => ["notice", name];

    private NoticeFacts? Open(Row row)
    {
        try
        {
            return JsonSerializer.Deserialize<NoticeFacts>(envelope.Open(row.Facts, BelongsTo(row.Name)));
        }
        catch (CryptographicException)
        {
            // Its key is gone; that something happened is still true.
            return null;
        }
    }

    private sealed record Row(string Name, string Kind, string? SessionId, string Facts, DateTimeOffset At, DateTimeOffset? ReadAt);
}
