using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>How a subscription stands; the names are in the database.</summary>
internal static class SubscriptionState
{
    /// <summary>Calendly has not been asked yet.</summary>
    public const string None = "none";

    /// <summary>Calendly was asked and has not answered; there may be one or not.</summary>
    public const string Asked = "asked";

    public const string Active = "active";

    /// <summary>There was one, and there is none now.</summary>
    public const string Stopped = "stopped";

    /// <summary>Calendly does not want to.</summary>
    public const string Refused = "refused";
}

/// <summary>How we come to be told of one person's calendar, as it stands in our own records.</summary>
/// <param name="Uri">The subscription's at Calendly; null while there is none.</param>
/// <param name="State">One of <see cref="SubscriptionState"/>, since <paramref name="Since"/>.</param>
/// <param name="Reason">The name of a <see cref="LiveUpdateReason"/>; null when active.</param>
/// <param name="RetryingSince">Since when Calendly fails to reach us.</param>
/// <param name="GapFrom">From here on we may have missed something, and have not read it yet.</param>
/// <param name="LookPause">Seconds between two looks of our own.</param>
/// <param name="SeenAt">Up to here we have looked ourselves.</param>
/// <param name="Now">The database's time when it was read.</param>
internal sealed record SubscriptionRow(
    long UserId,
    string CalendlyUserUri,
    string? Uri,
    string? CallbackUrl,
    string State,
    string? Reason,
    DateTimeOffset Since,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? LastDeliveryAt,
    DateTimeOffset? RetryingSince,
    DateTimeOffset? GapFrom,
    DateTimeOffset? GapFilledAt,
    long LookPause,
    DateTimeOffset? SeenAt,
    DateTimeOffset Now)
{
    public bool IsActive => State == SubscriptionState.Active;
}

/// <summary>The subscriptions in the database that all instances share. Whatever is due is taken by moving its time, so that
/// of several who want it one gets it.</summary>
internal sealed class WebhookSubscriptions(DbDataSource database, Dialect dialect, Changes changes, Notices notices, TimeProvider clock)
{
    // Longer than what is done with it takes.
    private const double ClaimSeconds = 120;

    // How soon a person may have Calendly asked again.
    private const double PressSeconds = 10;

    /// <summary>Takes a person's out, in the transaction that ends the connection. Returns its URI at Calendly, where it is still to
    /// be deleted.</summary>
    /// <param name="unlessOf">Only when it is not this Calendly user's.</param>
    public static Task<string?> TakeOutAsync(DbConnection connection, DbTransaction transaction, long userId, string? unlessOf = null) =>
        connection.QuerySingleOrDefaultAsync<string?>(
            "DELETE FROM webhook_subscription WHERE user_id = @userId AND calendly_user_uri <> @unlessOf RETURNING uri",
            new { userId, unlessOf = unlessOf ?? string.Empty },
            transaction);

    /// <summary>Has it looked after at once, in the transaction that changes the connection.</summary>
    public static Task HastenAsync(DbConnection connection, DbTransaction transaction, Dialect dialect, long userId, DateTimeOffset now) =>
        connection.ExecuteAsync($"UPDATE webhook_subscription SET due_at = {dialect.Now} WHERE user_id = @userId", new { userId, now }, transaction);

    /// <summary>Null when nothing is known.</summary>
    public async Task<SubscriptionRow?> FindAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SubscriptionRow>(
            $"SELECT {Columns} FROM webhook_subscription WHERE user_id = @userId", new { userId, now = clock.GetUtcNow() });
    }

    /// <summary>How many stand in which state; <c>retrying</c> are those active ones to which Calendly fails to deliver.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByStateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string State, long Count)>(
            """
            SELECT state, count(*) FROM webhook_subscription GROUP BY state
            UNION ALL SELECT 'retrying', count(*) FROM webhook_subscription WHERE retrying_since IS NOT NULL
            """);
        return counts.ToDictionary(count => count.State, count => count.Count, StringComparer.Ordinal);
    }

    /// <summary>Begins a row for every connection that has none, or for these people's. What was before is not looked at.</summary>
    public async Task AddMissingAsync(IReadOnlyCollection<long>? userIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO webhook_subscription (user_id, calendly_user_uri, state, since, due_at, look_due_at, look_pause, seen_at)
            SELECT c.user_id, c.calendly_user_uri, '{SubscriptionState.None}', {dialect.Now}, {dialect.Now}, {dialect.Later("@pause")}, @pause, {dialect.Now}
              FROM calendly_connection c
             WHERE c.status IN ('{ConnectionRow.Connected}', '{ConnectionRow.Degraded}')
               {(userIds is null ? string.Empty : $"AND c.user_id IN {SqlIds.In(userIds)}")}
               AND NOT EXISTS (SELECT 1 FROM webhook_subscription s WHERE s.user_id = c.user_id)
            ON CONFLICT (user_id) DO NOTHING
            """,
            new { pause = (long)SessionPoller.ShortestPause.TotalSeconds, now = clock.GetUtcNow() });
    }

    /// <summary>Those whose subscription is to be looked after now.</summary>
    public async Task<IReadOnlyList<long>> DueAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(
            $"SELECT user_id FROM webhook_subscription WHERE due_at <= {dialect.Now} ORDER BY due_at LIMIT {most}", new { now = clock.GetUtcNow() })];
    }

    /// <summary>Those of these people whose sessions are to be looked at now.</summary>
    public async Task<IReadOnlyList<long>> LookDueAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(
            $"SELECT user_id FROM webhook_subscription WHERE user_id IN {SqlIds.In(userIds)} AND look_due_at <= {dialect.Now}", new { now = clock.GetUtcNow() })];
    }

    /// <summary>Null when somebody else has it, or it is not due any more.</summary>
    public Task<SubscriptionRow?> ClaimAsync(long userId, CancellationToken cancellationToken) => ClaimAsync("due_at", userId, cancellationToken);

    /// <inheritdoc cref="ClaimAsync(long, CancellationToken)"/>
    public Task<SubscriptionRow?> ClaimLookAsync(long userId, CancellationToken cancellationToken) => ClaimAsync("look_due_at", userId, cancellationToken);

    /// <summary>Makes it due at once; not within ten seconds of Calendly's last answer.</summary>
    public async Task HastenAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"UPDATE webhook_subscription SET due_at = {dialect.Now} WHERE user_id = @userId AND (checked_at IS NULL OR checked_at <= {dialect.Later("@press")})",
            new { userId, press = -PressSeconds, now = clock.GetUtcNow() });
    }

    /// <summary>The same for whoever has this subscription. False when nobody has.</summary>
    public async Task<bool> HastenAsync(string uri, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync($"UPDATE webhook_subscription SET due_at = {dialect.Now} WHERE uri = @uri", new { uri, now = clock.GetUtcNow() }) > 0;
    }

    /// <summary>Has these people's sessions looked at once more, where that was not done since.</summary>
    public async Task HastenLooksAsync(IReadOnlyCollection<long> userIds, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"UPDATE webhook_subscription SET look_due_at = {dialect.Now} WHERE user_id IN {SqlIds.In(userIds)} AND (seen_at IS NULL OR seen_at < @since)",
            new { since, now = clock.GetUtcNow() });
    }

    /// <summary>Keeps what was found out, and when to look again. Pages are told when it stands otherwise than before. False when
    /// the connection is gone, or another's, by now.</summary>
    public async Task<bool> SettleAsync(SubscriptionRow before, SubscriptionRow after, TimeSpan wait, CancellationToken cancellationToken)
    {
        // Whoever is not told looks often again, and now.
        var looksOften = before.IsActive && !after.IsActive;
        bool isKept;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            isKept = await connection.ExecuteAsync(
                $"""
                UPDATE webhook_subscription
                   SET uri = @Uri, callback_url = @CallbackUrl, state = @State, reason = @Reason, since = @Since, checked_at = @CheckedAt,
                       retrying_since = @RetryingSince, gap_from = @GapFrom, due_at = {dialect.Later("@wait")}
                       {(looksOften ? $", look_due_at = {dialect.Now}, look_pause = @pause" : string.Empty)}
                 WHERE user_id = @UserId AND calendly_user_uri = @CalendlyUserUri
                """,
                new
                {
                    after.Uri,
                    after.CallbackUrl,
                    after.State,
                    after.Reason,
                    after.Since,
                    after.CheckedAt,
                    after.RetryingSince,
                    after.GapFrom,
                    after.UserId,
                    after.CalendlyUserUri,
                    wait = wait.TotalSeconds,
                    pause = (long)SessionPoller.ShortestPause.TotalSeconds,
                    now = clock.GetUtcNow(),
                },
                transaction) == 1;
            if (isKept && (before.State, before.Reason, before.RetryingSince) != (after.State, after.Reason, after.RetryingSince))
            {
                await changes.AddAsync(connection, transaction, after.UserId, ChangeKind.Connection);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        changes.Wake();
        return isKept;
    }

    /// <summary>The gap has been read; tells the person of it, once.</summary>
    /// <param name="count">Sessions that were news.</param>
    public async Task FillAsync(SubscriptionRow row, DateTimeOffset gapFrom, int count, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var filled = await connection.ExecuteAsync(
                $"""
                UPDATE webhook_subscription SET gap_from = NULL, gap_filled_at = {dialect.Now}, seen_at = @seenAt
                 WHERE user_id = @UserId AND gap_from = @gapFrom AND calendly_user_uri = @CalendlyUserUri
                """,
                new { row.UserId, row.CalendlyUserUri, gapFrom, seenAt = row.Now, now = clock.GetUtcNow() },
                transaction);
            if (filled == 1)
            {
                await notices.TryAddAsync(
                    connection, transaction, row.UserId, $"gap/{gapFrom.UtcDateTime:O}", NoticeKind.GapFilled, null, new NoticeFacts(Start: gapFrom, End: row.Since, Count: count));
                await changes.AddAsync(connection, transaction, row.UserId, ChangeKind.Connection);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        changes.Wake();
    }

    /// <summary>Keeps how a look of our own went, and when the next one is.</summary>
    /// <param name="seenAt">Null when it failed.</param>
    public async Task KeepLookAsync(long userId, DateTimeOffset? seenAt, TimeSpan pause, TimeSpan wait, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"""
            UPDATE webhook_subscription SET seen_at = coalesce(@seenAt, seen_at), look_pause = @pause, look_due_at = {dialect.Later("@wait")}
             WHERE user_id = @userId
            """,
            new { userId, seenAt, pause = (long)pause.TotalSeconds, wait = wait.TotalSeconds, now = clock.GetUtcNow() });
    }

    private async Task<SubscriptionRow?> ClaimAsync(string column, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SubscriptionRow>(
            $"""
            UPDATE webhook_subscription SET {column} = {dialect.Later("@claim")}
             WHERE user_id = @userId AND {column} <= {dialect.Now}
            RETURNING {Columns}
            """,
            new { userId, claim = ClaimSeconds, now = clock.GetUtcNow() });
    }

    // One database takes a list as a parameter and the other does not; both take numbers.
    private string Columns =>
        $"""
        user_id AS UserId, calendly_user_uri AS CalendlyUserUri, uri AS Uri, callback_url AS CallbackUrl, state AS State, reason AS Reason,
        since AS Since, checked_at AS CheckedAt, last_delivery_at AS LastDeliveryAt, retrying_since AS RetryingSince, gap_from AS GapFrom,
        gap_filled_at AS GapFilledAt, look_pause AS LookPause, seen_at AS SeenAt, {dialect.Now} AS Now
        """;
}
