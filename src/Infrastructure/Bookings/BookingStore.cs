using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using Dapper;

namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>The attempts of everybody, always read with whose they are.</summary>
internal sealed class BookingStore(DbDataSource database, Changes changes, TimeProvider clock)
{
    /// <summary>How long an attempt is kept of which nothing has come. Its form is of no use any more when it is this old.</summary>
    public static readonly TimeSpan AttemptLife = TimeSpan.FromDays(3);

    private const int NonceBytes = 16;
    private const int MostRows = 200;

    private const string Select =
        """
        SELECT nonce AS Nonce, user_id AS UserId, coach_id AS CoachId, coach_slug AS CoachSlug, coach_name AS CoachName, coach_zone AS CoachZone,
               event_type_id AS EventTypeId, event_type_name AS EventTypeName, minutes AS Minutes, state AS State, created_at AS CreatedAt,
               expires_at AS ExpiresAt, starts_at AS StartsAt, ends_at AS EndsAt, moved_from AS MovedFrom, name AS Name, email AS Email,
               place AS Place, join_url AS JoinUrl, canceled_by AS CanceledBy, cancel_reason AS CancelReason, event_uri AS EventUri,
               invitee_uri AS InviteeUri, cancel_url AS CancelUrl, reschedule_url AS RescheduleUrl
        FROM booking
        """;

    /// <summary>True for what may be an attempt's nonce.</summary>
    public static bool IsWellFormed(string? nonce) =>
        nonce?.Length == Base64Url.GetEncodedLength(NonceBytes) && CalendlyUri.IsWellFormedId(nonce);

    /// <summary>For somebody who has opened a form.</summary>
    public async Task<BookingAttempt> AddAsync(BookingAttempt attempt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var added = attempt with { CreatedAt = now, ExpiresAt = now + AttemptLife };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO booking (nonce, user_id, coach_id, coach_slug, coach_name, coach_zone, event_type_id, event_type_name, minutes, state, created_at, expires_at, starts_at)
            VALUES (@Nonce, @UserId, @CoachId, @CoachSlug, @CoachName, @CoachZone, @EventTypeId, @EventTypeName, @Minutes, @State, @CreatedAt, @ExpiresAt, @StartsAt)
            """,
            Row(added));
        return added;
    }

    /// <summary>128 random bits.</summary>
    public static string NewNonce() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>Null for an attempt that is not there, or somebody else's.</summary>
    public async Task<BookingAttempt?> FindAsync(string nonce, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<BookingAttempt>($"{Select} WHERE nonce = @nonce AND user_id = @userId", new { nonce, userId });
    }

    /// <summary>What somebody has booked or tried to, the latest start first; forms that were only opened are left out.</summary>
    public async Task<IReadOnlyList<BookingAttempt>> OfUserAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<BookingAttempt>(
            $"{Select} WHERE user_id = @userId AND state <> 'opened' ORDER BY coalesce(starts_at, created_at) DESC, nonce LIMIT {MostRows}", new { userId })];
    }

    /// <summary>What somebody has booked with this coach and is still ahead.</summary>
    public async Task<IReadOnlyList<BookingAttempt>> AheadAsync(long userId, long coachId, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<BookingAttempt>(
            $"{Select} WHERE user_id = @userId AND coach_id = @coachId AND state = 'booked' AND starts_at > @now ORDER BY starts_at LIMIT @most",
            new { userId, coachId, most, now = clock.GetUtcNow() })];
    }

    /// <summary>With whom these people have booked what is not over.</summary>
    public async Task<IReadOnlyList<long>> CoachesOfAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(
            $"SELECT DISTINCT coach_id FROM booking WHERE user_id IN {SqlIds.In(userIds)} AND state = 'booked' AND ends_at > @now", new { now = clock.GetUtcNow() })];
    }

    /// <summary>True for an invitee whom this person is.</summary>
    public async Task<bool> IsKnownAsync(long userId, string inviteeUri, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM booking WHERE user_id = @userId AND invitee_uri = @inviteeUri", new { userId, inviteeUri }) > 0;
    }

    /// <summary>Who here has booked as this invitee, or as the one it was before a move, and with which nonces. A nonce proves
    /// nothing: good for looking again, not for more.</summary>
    public static async Task<IReadOnlyList<(long UserId, string Nonce)>> OfInviteeAsync(DbConnection connection, DbTransaction transaction, Invitee invitee) =>
        [.. await connection.QueryAsync<(long UserId, string Nonce)>(
            "SELECT user_id, nonce FROM booking WHERE nonce = @UtmContent OR invitee_uri IN (@Uri, @OldInvitee)",
            new { invitee.Tracking.UtmContent, invitee.Uri, invitee.OldInvitee },
            transaction)];

    /// <summary>The address with which this person booked last.</summary>
    public async Task<string?> LastEmailAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<string>(
            "SELECT email FROM booking WHERE user_id = @userId AND email IS NOT NULL ORDER BY created_at DESC LIMIT 1", new { userId });
    }

    /// <summary>Takes an open attempt for sending, so that it is sent once. False when it is settled or being sent; also for good
    /// when whoever sent it has ended meanwhile: it may be booked.</summary>
    public async Task<bool> TryTakeAsync(BookingAttempt attempt, DateTimeOffset start, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            UPDATE booking SET state = 'sending', sent_at = @now, starts_at = @start
             WHERE nonce = @Nonce AND user_id = @UserId AND state = 'opened'
            """,
            new { attempt.Nonce, attempt.UserId, start, now = clock.GetUtcNow() }) == 1;
    }

    /// <summary>Nothing was booked: the form may be sent again.</summary>
    public Task ReleaseAsync(BookingAttempt attempt) => SetAsync(attempt, "state = 'opened'", "state = 'sending'");

    /// <summary>It may be booked; only Calendly can say.</summary>
    public Task DoubtAsync(BookingAttempt attempt) => SetAsync(attempt, "state = 'unconfirmed'", "state IN ('opened', 'sending')");

    /// <summary>Keeps what Calendly says of a booking, and has the booker's pages and the coach's hear of it.</summary>
    public async Task SettleAsync(BookingAttempt attempt)
    {
        await using (var connection = await database.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await SettleAsync(connection, transaction, attempt);
            await changes.AddAsync(connection, transaction, attempt.UserId, ChangeKind.Booking, attempt.Nonce);
            var known = CalendlyUri.TryGetId(attempt.EventUri, "scheduled_events", out var session);
            await changes.AddAsync(connection, transaction, attempt.CoachId, known ? ChangeKind.Session : ChangeKind.Sessions, known ? session : null);
            await transaction.CommitAsync(CancellationToken.None);
        }

        changes.Wake();
    }

    private static Task<int> SettleAsync(DbConnection connection, DbTransaction transaction, BookingAttempt attempt) =>
        connection.ExecuteAsync(
            """
            UPDATE booking SET state = @State, expires_at = NULL, starts_at = @StartsAt, ends_at = @EndsAt, moved_from = @MovedFrom, name = @Name, email = @Email,
                   event_type_name = @EventTypeName, place = @Place, join_url = @JoinUrl, canceled_by = @CanceledBy, cancel_reason = @CancelReason,
                   event_uri = @EventUri, invitee_uri = @InviteeUri, cancel_url = @CancelUrl, reschedule_url = @RescheduleUrl
             WHERE nonce = @Nonce AND user_id = @UserId
            """,
            Row(attempt),
            transaction);

    // From here on nobody may leave halfway.
    private async Task SetAsync(BookingAttempt attempt, string change, string from)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync($"UPDATE booking SET {change} WHERE nonce = @Nonce AND user_id = @UserId AND {from}", new { attempt.Nonce, attempt.UserId });
    }

    private static object Row(BookingAttempt attempt) => new
    {
        attempt.Nonce,
        attempt.UserId,
        attempt.CoachId,
        attempt.CoachSlug,
        attempt.CoachName,
        attempt.CoachZone,
        attempt.EventTypeId,
        attempt.EventTypeName,
        attempt.Minutes,
        State = Word(attempt.State),
        attempt.CreatedAt,
        attempt.ExpiresAt,
        attempt.StartsAt,
        attempt.EndsAt,
        attempt.MovedFrom,
        attempt.Name,
        attempt.Email,
        attempt.Place,
        attempt.JoinUrl,
        attempt.CanceledBy,
        attempt.CancelReason,
        attempt.EventUri,
        attempt.InviteeUri,
        attempt.CancelUrl,
        attempt.RescheduleUrl,
    };

    private static string Word(BookingState state) => state switch
    {
        BookingState.Opened => "opened",
        BookingState.Sending => "sending",
        BookingState.Unconfirmed => "unconfirmed",
        BookingState.Booked => "booked",
        BookingState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
