using System.Data.Common;
using Dapper;

namespace CalendlySlices.Features.EventTypes;

/// <summary>A link that its coach has made and not yet taken off the list.</summary>
internal sealed record SingleUseLink(long Id, string BookingUrl, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt);

/// <summary>What we remember of single-use links, because Calendly has no list of them.</summary>
internal sealed class SingleUseLinks(DbDataSource database, TimeProvider clock)
{
    /// <summary>After this, Calendly no longer takes an unused link. Source:
    /// https://developer.calendly.com/docs/getting-started/frequently-asked-questions</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    /// <summary>Newest first; expired ones are not among them.</summary>
    public async Task<IReadOnlyList<SingleUseLink>> OfAsync(long userId, string eventTypeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, string BookingUrl, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt)>(
            """
            SELECT id, booking_url, made_at, expires_at FROM single_use_link
            WHERE user_id = @userId AND event_type_id = @eventTypeId AND expires_at > @now ORDER BY id DESC
            """,
            new { userId, eventTypeId, now = clock.GetUtcNow() });
        return [.. rows.Select(row => new SingleUseLink(row.Id, row.BookingUrl, row.MadeAt, row.ExpiresAt))];
    }

    /// <summary>Also forgets whatever has expired, of anybody.</summary>
    public async Task AddAsync(long userId, string eventTypeId, string bookingUrl, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            DELETE FROM single_use_link WHERE expires_at <= @madeAt;
            INSERT INTO single_use_link (user_id, event_type_id, booking_url, made_at, expires_at)
            VALUES (@userId, @eventTypeId, @bookingUrl, @madeAt, @expiresAt)
            """,
            new { userId, eventTypeId, bookingUrl, madeAt = now, expiresAt = now + Life });
    }

    /// <summary>Takes a link of this coach's own off the list; it goes on working at Calendly.</summary>
    public async Task RemoveAsync(long userId, string eventTypeId, long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM single_use_link WHERE id = @id AND user_id = @userId AND event_type_id = @eventTypeId", new { id, userId, eventTypeId });
    }
}
