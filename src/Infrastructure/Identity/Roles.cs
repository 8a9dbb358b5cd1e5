using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>What a person may do here, whichever way they signed in. Asked once, when a session begins.</summary>
/// <param name="admins">Names of the <c>User</c> table.</param>
internal sealed class Roles(DbDataSource database, IReadOnlyCollection<string> admins)
{
    /// <param name="user">With the role that the way of signing in gives.</param>
    public async Task<CurrentUser> ResolveAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (userId, coachId, coachUserId, coachName) = await connection.QuerySingleAsync<(string UserId, long? CoachId, string? CoachUserId, string? CoachName)>(
            """
            SELECT person."userId", coach."id", coach."userId", calendly_connection.profile_name
              FROM "User" person
              LEFT JOIN delegation ON delegation.user_id = person."id"
              LEFT JOIN "User" coach ON coach."id" = delegation.coach_id
              LEFT JOIN calendly_connection ON calendly_connection.user_id = coach."id"
             WHERE person."id" = @id
            """,
            new { id = user.Id });
        if (user.Role == Role.Admin || admins.Contains(userId))
        {
            return user with { Role = Role.Admin, Coach = null };
        }

        if (coachId is { } id)
        {
            return user with { Role = Role.Delegate, Coach = new WatchedCoach(id, Named(coachName, coachUserId)) };
        }

        // Nobody's delegate any more: the least that a person can be here.
        return user.Role == Role.Delegate ? user with { Role = Role.Realtor, Coach = null } : user with { Coach = null };
    }

    /// <summary>How a coach is called: as at Calendly, if that is known.</summary>
    public static string Named(string? profileName, string? userId) => profileName ?? Personas.OfUserId(userId)?.Name ?? "Your coach";
}
