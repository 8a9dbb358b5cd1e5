using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <param name="Id">The delegate's <c>id</c> in the <c>User</c> table.</param>
/// <param name="Name">As it was when the invitation was accepted.</param>
internal sealed record Delegation(long Id, string Name, DateTimeOffset Since);

/// <summary>Who may look at whose calendar, and the links that invite to it. Whoever has a link may use it once.</summary>
internal sealed class Delegations(DbDataSource database, SessionTickets sessions, TimeProvider clock)
{
    public static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);

    private const int TokenBytes = 32;

    /// <summary>True for what may be an invitation's token.</summary>
    public static bool IsWellFormed(string? token) =>
        token?.Length == Base64Url.GetEncodedLength(TokenBytes) && Base64Url.IsValid(token, out var bytes) && bytes == TokenBytes;

    /// <summary>Ends the coach's earlier invitation.</summary>
    /// <returns>The token, which is nowhere else: only its hash is stored.</returns>
    public async Task<string> InviteAsync(long coachId, CancellationToken cancellationToken)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            DELETE FROM delegation_invitation WHERE coach_id = @coachId;
            INSERT INTO delegation_invitation (token_hash, coach_id, expires_at) VALUES (@hash, @coachId, @expiresAt)
            """,
            new { coachId, hash = StoredHash.Of(token), expiresAt = now + InvitationLife },
            transaction);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }

    /// <summary>The coach who invites; null when the invitation is unknown, used, ended or too old.</summary>
    public async Task<WatchedCoach?> FindInviterAsync(string token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(long Id, string UserId, string? Name)?>(
            """
            SELECT coach."id", coach."userId", calendly_connection.profile_name
              FROM delegation_invitation
              JOIN "User" coach ON coach."id" = delegation_invitation.coach_id
              LEFT JOIN calendly_connection ON calendly_connection.user_id = coach."id"
             WHERE token_hash = @hash AND expires_at > @now
            """,
            new { hash = StoredHash.Of(token), now = clock.GetUtcNow() });
        return row is { } coach ? new WatchedCoach(coach.Id, Roles.Named(coach.Name, coach.UserId)) : null;
    }

    /// <summary>Uses the invitation up and makes the person a delegate, or neither.</summary>
    /// <returns>False when the invitation does not hold, is the person's own, or the person is somebody's delegate.</returns>
    public async Task<bool> AcceptAsync(string token, long userId, string name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var coachId = await connection.QuerySingleOrDefaultAsync<long?>(
            "DELETE FROM delegation_invitation WHERE token_hash = @hash AND expires_at > @now AND coach_id <> @userId RETURNING coach_id",
            new { hash = StoredHash.Of(token), now, userId },
            transaction);
        if (coachId is null || !await AddAsync(connection, transaction, coachId.Value, userId, name, now))
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        sessions.Forget(userId);
        return true;
    }

    /// <summary>The coach's delegates, the earliest first.</summary>
    public async Task<IReadOnlyList<Delegation>> OfCoachAsync(long coachId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, string Name, DateTimeOffset Since)>(
            "SELECT user_id, name, since FROM delegation WHERE coach_id = @coachId ORDER BY since, user_id", new { coachId });
        return [.. rows.Select(row => new Delegation(row.Id, row.Name, row.Since))];
    }

    /// <summary>Ends the delegation, and with it the delegate's sessions: here at once, in other processes within the few
    /// seconds for which they remember a session. False when that person is not this coach's delegate.</summary>
    public async Task<bool> RemoveAsync(long coachId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var removed = await connection.ExecuteAsync(
            "DELETE FROM delegation WHERE coach_id = @coachId AND user_id = @userId", new { coachId, userId });
        sessions.Forget(userId);
        return removed == 1;
    }

    /// <summary>As a mock world begins: these delegations, and no invitation.</summary>
    public async Task BeginAsync(IEnumerable<(long CoachId, long UserId, string Name)> delegations, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM delegation_invitation; DELETE FROM delegation", transaction: transaction);
        foreach (var (coachId, userId, name) in delegations)
        {
            await AddAsync(connection, transaction, coachId, userId, name, clock.GetUtcNow());
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> AddAsync(DbConnection connection, DbTransaction transaction, long coachId, long userId, string name, DateTimeOffset since) =>
        await connection.ExecuteAsync(
            "INSERT INTO delegation (user_id, coach_id, name, since) VALUES (@userId, @coachId, @name, @since) ON CONFLICT (user_id) DO NOTHING",
            new { userId, coachId, name, since },
            transaction) == 1;
}
