using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>An event type that its coach shows to realtors.</summary>
/// <param name="Id">The last segment of its URI at Calendly.</param>
/// <param name="OwnerId">The coach's <c>id</c> in the <c>User</c> table; the coach's connection reads its free times.</param>
/// <param name="Coach">The coach's name at Calendly.</param>
/// <param name="Timezone">The coach's IANA zone.</param>
/// <param name="Name">As it was called when the coach listed it; <paramref name="DurationMinutes"/> likewise.</param>
/// <param name="CoachSlug">Names the coach in addresses; null for one who has no card yet, whom nobody can look up.</param>
internal sealed record ListedEventType(string Id, long OwnerId, string Coach, string Timezone, string Name, long DurationMinutes, string? CoachSlug);

/// <summary>What a coach has chosen for realtors to see.</summary>
/// <param name="Ids">Of event types.</param>
/// <param name="IsListed">There is something to see: the coach has agreed to be listed. Until then realtors see none of them.</param>
internal sealed record ChosenEventTypes(IReadOnlySet<string> Ids, bool IsListed);

/// <summary>Which event types coaches show to realtors. Coaches whose connection is gone are left out.</summary>
internal sealed class ListedEventTypes(DbDataSource database, TimeProvider clock)
{
    private const string Select =
        """
        SELECT listed.event_type_id AS Id, listed.user_id AS OwnerId, connection.profile_name AS Coach,
               connection.profile_timezone AS Timezone, listed.name AS Name, listed.duration_minutes AS DurationMinutes, card.slug AS CoachSlug
        FROM listed_event_type listed
        JOIN calendly_connection connection ON connection.user_id = listed.user_id
        LEFT JOIN coach_card card ON card.user_id = listed.user_id
        WHERE connection.status <> 'disconnected' AND connection.profile_name IS NOT NULL
        """;

    // Nothing of a coach's is seen without consent, whatever has been chosen.
    private const string SelectAgreed = $"{Select} AND card.listed_at IS NOT NULL";

    /// <summary>Of the coaches who have agreed to be listed, by coach, then by name.</summary>
    public async Task<IReadOnlyList<ListedEventType>> AllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ListedEventType>($"{SelectAgreed} ORDER BY connection.profile_name, listed.name, listed.event_type_id")];
    }

    /// <summary>Null when no listed coach shows it.</summary>
    public async Task<ListedEventType?> FindAsync(string eventTypeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ListedEventType>($"{SelectAgreed} AND listed.event_type_id = @eventTypeId", new { eventTypeId });
    }

    /// <summary>What this coach has chosen, agreed or not, by name.</summary>
    public async Task<IReadOnlyList<ListedEventType>> OfAsync(long ownerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ListedEventType>(
            $"{Select} AND listed.user_id = @ownerId ORDER BY listed.name, listed.event_type_id", new { ownerId })];
    }

    public async Task<ChosenEventTypes> ChosenByAsync(long ownerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var chosen = (await connection.QueryAsync<Chosen>(
            """
            SELECT listed.event_type_id AS Id, card.listed_at AS AgreedAt
              FROM listed_event_type listed
              LEFT JOIN coach_card card ON card.user_id = listed.user_id
             WHERE listed.user_id = @ownerId
            """,
            new { ownerId })).ToList();
        return new ChosenEventTypes(chosen.Select(one => one.Id).ToHashSet(), chosen.Exists(one => one.AgreedAt is not null));
    }

    /// <summary>Shows an event type of this coach's own; the caller has seen that it is. Doing it twice renews its name.</summary>
    public async Task ShowAsync(long ownerId, string eventTypeId, string name, int durationMinutes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO listed_event_type (event_type_id, user_id, name, duration_minutes, listed_at)
            VALUES (@eventTypeId, @ownerId, @name, @durationMinutes, @now)
            ON CONFLICT (event_type_id) DO UPDATE SET
              user_id = excluded.user_id, name = excluded.name, duration_minutes = excluded.duration_minutes
            """,
            new { eventTypeId, ownerId, name, durationMinutes, now = clock.GetUtcNow() });
    }

    public async Task HideAsync(long ownerId, string eventTypeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM listed_event_type WHERE user_id = @ownerId AND event_type_id = @eventTypeId", new { ownerId, eventTypeId });
    }

    private sealed record Chosen(string Id, DateTimeOffset? AgreedAt);
}
