using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Bookings;

/// <summary>Counts what is booked through a coach's connection, in all processes together, so that we stop before Calendly
/// has to say so. Source of the limits: https://developer.calendly.com/api-docs/overview/rate-limits</summary>
internal sealed class BookingPace(DbDataSource database, TimeProvider clock)
{
    public const int MostAMinute = 10;
    public const int MostAnHour = 50;
    public const int MostADay = 100;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>True when one more may be sent for this coach; it then counts.</summary>
    public async Task<bool> TryCountAsync(long coachId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            INSERT INTO booking_call (nonce, coach_id, sent_at, expires_at)
            SELECT @nonce, @coachId, @now, @end
             WHERE (SELECT count(*) FROM booking_call WHERE coach_id = @coachId AND sent_at > @minuteAgo) < @MostAMinute
               AND (SELECT count(*) FROM booking_call WHERE coach_id = @coachId AND sent_at > @hourAgo) < @MostAnHour
               AND (SELECT count(*) FROM booking_call WHERE coach_id = @coachId AND sent_at > @dayAgo) < @MostADay
            """,
            new
            {
                nonce = BookingStore.NewNonce(),
                coachId,
                now,
                end = now + Day,
                minuteAgo = now - TimeSpan.FromMinutes(1),
                hourAgo = now - TimeSpan.FromHours(1),
                dayAgo = now - Day,
                MostAMinute,
                MostAnHour,
                MostADay,
            }) == 1;
    }
}
