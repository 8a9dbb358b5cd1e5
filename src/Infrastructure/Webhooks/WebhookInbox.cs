using System.Data.Common;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What Calendly has delivered, each once. It is here before Calendly hears that it has arrived, and is worked off
/// later, by whichever instance comes first.</summary>
internal sealed class WebhookInbox(DbDataSource database, Dialect dialect, Envelope envelope, TimeProvider clock)
{
    /// <summary>How long a delivery is kept, and known when it comes again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    /// <summary>How long a claim stands whose process may have ended; longer than anybody works on a delivery.</summary>
    public static readonly TimeSpan ClaimLife = TimeSpan.FromSeconds(15);

    private const string Unclaimed = "claim = NULL, claimed_until = NULL";
    private const string NoBody = "body = NULL";

    private readonly WakeSignal _received = new();

    /// <summary>Completes when this process has received one, or requeued some.</summary>
    public Task Awoken => _received.Next;

    public void Wake() => _received.Raise();

    /// <summary>Committed when it returns. False when it was here already; then its copies are counted and nothing else.</summary>
    public async Task<bool> ReceiveAsync(ReceivedDelivery delivery, CancellationToken cancellationToken)
    {
        var (known, state, result) = delivery.Envelope switch
        {
            null => (null, DeliveryState.Dead, DeliveryResult.Unreadable),
            { IsOfInvitee: false, IsOfEventType: false } => (delivery.Envelope, DeliveryState.Ignored, DeliveryResult.UnknownEvent),
            _ => (delivery.Envelope, DeliveryState.Waiting, (string?)null),
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var copies = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            INSERT INTO webhook_delivery (digest, received_at, signed_at, is_stale, key_number, event, sender_uri, session_id, invitee_id, event_type_id, body,
                                          state, result, due_at, settled_at, expires_at)
            VALUES (@Digest, {dialect.Now}, @SignedAt, @isStale, @keyNumber, @eventName, @CreatedBy, @SessionId, @InviteeId, @EventTypeId, @body,
                    @state, @result, {dialect.Now}, {(state == DeliveryState.Waiting ? "NULL" : dialect.Now)}, @expiresAt)
            ON CONFLICT (digest) DO UPDATE SET copies = webhook_delivery.copies + 1
            RETURNING copies
            """,
            new
            {
                delivery.Digest,
                delivery.SignedAt,
                isStale = delivery.IsStale ? 1L : 0L,
                keyNumber = (long)delivery.KeyNumber,
                eventName = known?.Event ?? string.Empty,
                known?.CreatedBy,
                known?.SessionId,
                known?.InviteeId,
                known?.EventTypeId,
                body = state == DeliveryState.Waiting && delivery.Body is { } body ? envelope.Seal(body, SealedBody.BelongsTo(delivery.Digest)) : null,
                state,
                result,
                expiresAt = clock.GetUtcNow() + Kept,
                now = clock.GetUtcNow(),
            },
            cancellationToken: cancellationToken));
        if (copies == 1 && state == DeliveryState.Waiting)
        {
            Wake();
        }

        return copies == 1;
    }

    /// <summary>Takes what is due, oldest first, so that nobody else works on it meanwhile.</summary>
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var claimed = await connection.QueryAsync<ClaimedDelivery>(
            $"""
            WITH due AS (
              SELECT id FROM webhook_delivery
               WHERE state IN ('waiting', 'held') AND due_at <= {dialect.Now} AND (claimed_until IS NULL OR claimed_until < {dialect.RealNow})
               ORDER BY due_at, id LIMIT @atMost {dialect.SkipLocked})
            UPDATE webhook_delivery SET claim = @claim, claimed_until = {dialect.RealLater("@life")}, attempts = attempts + 1
             WHERE id IN (SELECT id FROM due)
            RETURNING id AS Id, event AS Event, sender_uri AS SenderUri, session_id AS SessionId, invitee_id AS InviteeId, event_type_id AS EventTypeId,
                      state AS State, attempts AS Attempts, claim AS Claim, (SELECT max(id) FROM webhook_delivery) AS UpTo
            """,
            new { atMost = (long)atMost, claim = Guid.NewGuid().ToString("N"), life = ClaimLife.TotalSeconds, now = clock.GetUtcNow() });
        return [.. claimed.OrderBy(delivery => delivery.Id)];
    }

    /// <summary>Gives claims back as if they had not been taken.</summary>
    public async Task ReleaseAsync(IEnumerable<ClaimedDelivery> deliveries)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var delivery in deliveries)
        {
            await connection.ExecuteAsync($"UPDATE webhook_delivery SET {Unclaimed}, attempts = attempts - 1 WHERE id = @Id AND claim = @Claim", delivery);
        }

        Wake();
    }

    /// <summary>Whose connection a Calendly user is; null when nobody is connected so.</summary>
    public async Task<long?> OwnerAsync(string senderUri, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>(
            $"""
            SELECT user_id FROM calendly_connection
             WHERE calendly_user_uri = @senderUri AND status NOT IN ('{ConnectionRow.Disconnected}', '{ConnectionRow.TakenOver}')
            """,
            new { senderUri });
    }

    /// <summary>Ends the work on a delivery, as <see cref="DeliveryResult.Known"/>, and on those of the same invitee that had come
    /// before Calendly was asked. False when the claim is another worker's by now: nothing may be told then.</summary>
    public async Task<bool> TrySettleAsync(DbConnection connection, DbTransaction transaction, ClaimedDelivery delivery, long userId)
    {
        var settled = await connection.ExecuteAsync(
            $"""
            UPDATE webhook_delivery SET state = 'done', result = '{DeliveryResult.Known}', user_id = @userId, settled_at = {dialect.Now}, {NoBody}, {Unclaimed}
             WHERE id = @Id AND claim = @Claim
            """,
            new { delivery.Id, delivery.Claim, userId, now = clock.GetUtcNow() },
            transaction);
        if (settled == 0)
        {
            return false;
        }

        if (delivery.InviteeId is not null)
        {
            await connection.ExecuteAsync(
                $"""
                UPDATE webhook_delivery SET state = 'done', result = '{DeliveryResult.Known}', user_id = @userId, settled_at = {dialect.Now}, {NoBody}, {Unclaimed}
                 WHERE state = 'waiting' AND (claim IS NULL OR claim = @Claim) AND id <= @UpTo AND sender_uri = @SenderUri AND session_id = @SessionId AND invitee_id = @InviteeId
                """,
                new { delivery.UpTo, delivery.Claim, delivery.SenderUri, delivery.SessionId, delivery.InviteeId, userId, now = clock.GetUtcNow() },
                transaction);
        }

        await connection.ExecuteAsync(
            $"UPDATE webhook_subscription SET last_delivery_at = {dialect.Now} WHERE user_id = @userId", new { userId, now = clock.GetUtcNow() }, transaction);
        return true;
    }

    /// <summary>Writes down that somebody was told.</summary>
    public static Task SetAppliedAsync(DbConnection connection, DbTransaction transaction, ClaimedDelivery delivery) => connection.ExecuteAsync(
        $"UPDATE webhook_delivery SET result = '{DeliveryResult.Applied}' WHERE id = @Id", new { delivery.Id }, transaction);

    /// <summary>Keeps the first half of a move until it is due again. False when the claim is another worker's by now.</summary>
    public async Task<bool> TryHoldAsync(DbConnection connection, DbTransaction transaction, ClaimedDelivery delivery, long userId, TimeSpan wait) =>
        await connection.ExecuteAsync(
            $"""
            UPDATE webhook_delivery SET state = 'held', user_id = @userId, due_at = {dialect.Later("@wait")}, attempts = 0, {Unclaimed}
             WHERE id = @Id AND claim = @Claim
            """,
            new { delivery.Id, delivery.Claim, userId, wait = wait.TotalSeconds, now = clock.GetUtcNow() },
            transaction) == 1;

    /// <summary>Nothing can come of it. What it said is forgotten, and what it named where it is nobody's.</summary>
    public async Task IgnoreAsync(ClaimedDelivery delivery, string result, long? userId)
    {
        await using var connection = await database.OpenConnectionAsync();
        var names = userId is null ? ", sender_uri = NULL, session_id = NULL, invitee_id = NULL, event_type_id = NULL" : string.Empty;
        await connection.ExecuteAsync(
            $"""
            UPDATE webhook_delivery SET state = 'ignored', result = @result, user_id = @userId, settled_at = {dialect.Now}, {NoBody}, {Unclaimed}{names}
             WHERE id = @Id AND claim = @Claim
            """,
            new { delivery.Id, delivery.Claim, result, userId, now = clock.GetUtcNow() });
    }

    public async Task TryLaterAsync(ClaimedDelivery delivery, string result, TimeSpan wait)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"UPDATE webhook_delivery SET result = @result, due_at = {dialect.Later("@wait")}, {Unclaimed} WHERE id = @Id AND claim = @Claim",
            new { delivery.Id, delivery.Claim, result, wait = wait.TotalSeconds, now = clock.GetUtcNow() });
    }

    public async Task GiveUpAsync(ClaimedDelivery delivery, string result)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"UPDATE webhook_delivery SET state = 'dead', result = @result, settled_at = {dialect.Now}, {Unclaimed} WHERE id = @Id AND claim = @Claim",
            new { delivery.Id, delivery.Claim, result, now = clock.GetUtcNow() });
    }

    /// <summary>Has one that is done or dead worked on again, or all dead ones. How many; those that name nothing to look at stay.</summary>
    public async Task<int> RequeueAsync(long? id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var requeued = await connection.ExecuteAsync(
            $"""
            UPDATE webhook_delivery SET state = 'waiting', result = NULL, due_at = {dialect.Now}, attempts = 0, settled_at = NULL, {Unclaimed}
             WHERE {(id is null ? "state = 'dead'" : "id = @id AND state IN ('done', 'dead')")} AND sender_uri IS NOT NULL
            """,
            new { id, now = clock.GetUtcNow() });
        Wake();
        return requeued;
    }

    /// <summary>How many stand in which state; states with none are left out.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string State, long Count)>("SELECT state, count(*) FROM webhook_delivery GROUP BY state");
        return counts.ToDictionary(count => count.State, count => count.Count, StringComparer.Ordinal);
    }

    /// <summary>The last ones, the newest first.</summary>
    /// <param name="state">Null for all.</param>
    public async Task<IReadOnlyList<DeliveryEntry>> ListAsync(string? state, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            $"{Select} {(state is null ? string.Empty : "WHERE d.state = @state")} ORDER BY d.id DESC LIMIT {most}", new { state });
        return [.. rows.Select(row => row.ToEntry())];
    }

    public async Task<DeliveryEntry?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE d.id = @id", new { id }))?.ToEntry();
    }

    /// <summary>Everything that was delivered about a person, and everything they were told: in the transaction in which their
    /// connection ends, or becomes another Calendly user's.</summary>
    public static Task ForgetAsync(DbConnection connection, DbTransaction transaction, long userId, string senderUri) => connection.ExecuteAsync(
        "DELETE FROM webhook_delivery WHERE user_id = @userId OR sender_uri = @senderUri; DELETE FROM notice WHERE user_id = @userId",
        new { userId, senderUri },
        transaction);

    private const string Select =
        """
        SELECT d.id AS Id, d.received_at AS ReceivedAt, d.signed_at AS SignedAt, d.is_stale AS IsStale, d.key_number AS KeyNumber, d.event AS Event,
               coalesce(d.user_id, c.user_id) AS UserId, c.profile_name AS Name, d.state AS State, d.result AS Result, d.copies AS Copies, d.attempts AS Attempts,
               CASE WHEN d.session_id IS NOT NULL OR d.event_type_id IS NOT NULL THEN 1 ELSE 0 END AS NamesSomething
          FROM webhook_delivery d LEFT JOIN calendly_connection c ON c.calendly_user_uri = d.sender_uri AND c.status <> 'disconnected'
        """;

    private sealed record Row
    {
        public long Id { get; init; }

        public DateTimeOffset ReceivedAt { get; init; }

        public DateTimeOffset SignedAt { get; init; }

        public long IsStale { get; init; }

        public long KeyNumber { get; init; }

        public string Event { get; init; } = string.Empty;

        public long? UserId { get; init; }

        public string? Name { get; init; }

        public string State { get; init; } = string.Empty;

        public string? Result { get; init; }

        public long Copies { get; init; }

        public long Attempts { get; init; }

        public long NamesSomething { get; init; }

        public DeliveryEntry ToEntry() =>
            new(Id, ReceivedAt, SignedAt, IsStale == 1, KeyNumber, Event, UserId, Name, State, Result, Copies, Attempts, NamesSomething == 1);
    }
}
