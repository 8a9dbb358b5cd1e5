using System.Data.Common;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using Dapper;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// Takes over the pairs that an earlier application has left in the clear. They are sealed at once, whether Calendly answers
/// or not; then Calendly is asked whose they are, and until it says so nobody uses them. A readable pair beside a connection
/// of ours was not left by anybody: it has been planted, and is neither sealed nor used.
/// </summary>
internal sealed class PlaintextTakeover(
    DbDataSource database,
    Dialect dialect,
    PairSeal seal,
    CalendlyMode mode,
    ICalendlyOAuth oauth,
    TokenEvents events,
    Revocations revocations,
    JobLeases leases,
    WireTime time,
    TimeProvider clock,
    ILogger<PlaintextTakeover> log)
    : SharedJob(leases, time, log)
{
    private const int PageRows = 200;

    // Calendly is asked about twenty a second.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<long> _planted = [];

    protected override string Job => "plaintext-takeover";

    protected override TimeSpan FirstAfter => TimeSpan.Zero;

    protected override TimeSpan Every => TimeSpan.FromMinutes(1);

    public override async Task WorkAsync(CancellationToken cancellationToken)
    {
        await SealAsync(cancellationToken);
        await AskAsync(cancellationToken);
    }

    /// <summary>Seals what is readable. Returns how many pairs; needs nobody but the database.</summary>
    public async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        for (long after = long.MinValue; ;)
        {
            var page = await ReadableAsync(after, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            foreach (var row in page)
            {
                done += row.IsConnected != 0 ? Refuse(row.Id) : await SealAsync(row, cancellationToken);
            }

            after = page[^1].Id;
            await HoldsAsync(cancellationToken);
        }

        if (done > 0)
        {
            await dialect.ForgetDeletedAsync(database, cancellationToken);
            log.LogInformation("{Count} pairs that an earlier application had left readable are sealed", done);
        }

        return done;
    }

    private async Task<IReadOnlyList<Readable>> ReadableAsync(long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Readable>(
            $"""
            SELECT u."id" AS Id, u."calendlyAccessToken" AS AccessToken, u."calendlyRefreshToken" AS RefreshToken,
                   CASE WHEN c.user_id IS NULL THEN 0 ELSE 1 END AS IsConnected
              FROM "User" u LEFT JOIN calendly_connection c ON c.user_id = u."id"
             WHERE u."calendlyAccessToken" IS NOT NULL AND u."calendlyAccessToken" NOT LIKE 'v1.%' AND u."id" > @after
             ORDER BY u."id" LIMIT {PageRows}
            """,
            new { after })];
    }

    private int Refuse(long userId)
    {
        if (_planted.Add(userId))
        {
            log.LogCritical("Somebody has put a readable token beside connection {UserId}. It is not used, and left for whoever looks into it", userId);
        }

        return 0;
    }

    private async Task<int> SealAsync(Readable row, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The connection first: if the person is connecting just now, one of the two waits, and then finds the other's work.
        var isNew = await connection.ExecuteAsync(
            $"""
            INSERT INTO calendly_connection
              (user_id, mode, status, status_since, calendly_user_uri, calendly_org_uri, scopes, token_version, refresh_after, connected_at, refreshed_at)
            VALUES (@id, @mode, '{ConnectionRow.TakenOver}', {dialect.Now}, @owner, '', '', 1, {dialect.Now}, {dialect.Now}, {dialect.Now})
            ON CONFLICT (user_id) DO NOTHING
            """,
            new { id = row.Id, mode = mode.Name, owner = Connection.UnknownOwner + row.Id, now = clock.GetUtcNow() },
            transaction);
        var isSame = await connection.ExecuteAsync(
            """
            UPDATE "User" SET "calendlyAccessToken" = @access, "calendlyRefreshToken" = @refresh
             WHERE "id" = @Id AND "calendlyAccessToken" = @AccessToken AND "calendlyRefreshToken" IS NOT DISTINCT FROM @RefreshToken
            """,
            new
            {
                row.Id,
                row.AccessToken,
                row.RefreshToken,
                access = seal.SealAccess(row.Id, new Secret(row.AccessToken)),
                refresh = string.IsNullOrEmpty(row.RefreshToken) ? null : seal.SealRefresh(row.Id, new Secret(row.RefreshToken)),
            },
            transaction);
        if (isNew == 0 || isSame == 0)
        {
            return 0;
        }

        await transaction.CommitAsync(cancellationToken);
        return 1;
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        for (long after = long.MinValue; ;)
        {
            var page = await UnknownAsync(after, cancellationToken);
            foreach (var row in page)
            {
                if (!await HoldsAsync(cancellationToken) || !await AskAsync(row, cancellationToken))
                {
                    return;
                }

                await RestAsync(BetweenQuestions, cancellationToken);
            }

            if (page.Count == 0)
            {
                return;
            }

            after = page[^1].Id;
        }
    }

    private async Task<IReadOnlyList<Unknown>> UnknownAsync(long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Unknown>(
            $"""
            SELECT u."id" AS Id, c.token_version AS Version, u."calendlyAccessToken" AS AccessToken, u."calendlyRefreshToken" AS RefreshToken
              FROM calendly_connection c JOIN "User" u ON u."id" = c.user_id
             WHERE c.status = '{ConnectionRow.TakenOver}' AND c.user_id > @after ORDER BY c.user_id LIMIT {PageRows}
            """,
            new { after })];
    }

    // False when Calendly does not answer: it will not for the others either.
    private async Task<bool> AskAsync(Unknown row, CancellationToken cancellationToken)
    {
        if (row.RefreshToken is null)
        {
            // It would last two hours at most.
            await EndAsync(row, "refresh_lost", revoke: true, cancellationToken);
            return true;
        }

        Secret token;
        try
        {
            // The refresh token is the one that lasts; the access token has probably ended.
            token = seal.OpenRefresh(row.Id, row.RefreshToken);
        }
        catch (CryptographicException)
        {
            log.LogCritical("The pair of connection {UserId} that was taken over cannot be opened: wrong key, or a changed row", row.Id);
            return true;
        }

        if (await oauth.DescribeAsync(token, cancellationToken) is not { } answer)
        {
            return false;
        }

        if (!answer.Active)
        {
            await EndAsync(row, "revoked", revoke: false, cancellationToken);
        }
        else if (answer.Owner is not { } owner || !CalendlyUri.TryGetId(owner, "users", out _))
        {
            log.LogError("Calendly does not say whose the pair of connection {UserId} is", row.Id);
        }
        else if (!await IdentifyAsync(row, answer, owner, cancellationToken))
        {
            log.LogWarning("The pair that was taken over for connection {UserId} belongs to a Calendly user whom another person has connected; it is given up", row.Id);
            await EndAsync(row, "account_in_use", revoke: true, cancellationToken);
        }

        return true;
    }

    // False when the Calendly user is another person's here.
    private async Task<bool> IdentifyAsync(Unknown row, Introspection answer, string owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var known = await connection.ExecuteAsync(
                $"""
                UPDATE calendly_connection
                   SET status = '{ConnectionRow.Connected}', status_reason = NULL, status_since = {dialect.Now},
                       calendly_user_uri = @owner, calendly_org_uri = @organization, scopes = @scopes
                 WHERE user_id = @Id AND token_version = @Version AND status = '{ConnectionRow.TakenOver}'
                """,
                new { row.Id, row.Version, owner, organization = answer.Organization ?? string.Empty, scopes = answer.Scope ?? string.Empty, now = clock.GetUtcNow() },
                transaction);
            if (known == 1)
            {
                await events.AddAsync(connection, transaction, TokenEventKind.TakenOver, row.Id, row.Version);
                await transaction.CommitAsync(cancellationToken);
                events.Wake();
            }

            return true;
        }
        catch (DbException taken) when (taken.IsUniqueViolation())
        {
            return false;
        }
    }

    private async Task EndAsync(Unknown row, string reason, bool revoke, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await connection.ExecuteAsync(
            $"""
            UPDATE calendly_connection SET status = '{ConnectionRow.NeedsReconnect}', status_reason = @reason, status_since = {dialect.Now}
             WHERE user_id = @Id AND token_version = @Version AND status = '{ConnectionRow.TakenOver}'
            """,
            new { row.Id, row.Version, reason, now = clock.GetUtcNow() },
            transaction);
        if (ended == 0)
        {
            return;
        }

        if (revoke)
        {
            await revocations.QueueAsync(connection, transaction, row.Id, row.AccessToken, row.RefreshToken);
            await ConnectionRow.ForgetPairAsync(connection, transaction, dialect, row.Id, clock.GetUtcNow());
        }

        await events.AddAsync(connection, transaction, TokenEventKind.NeedsReconnect, row.Id, row.Version);
        await transaction.CommitAsync(cancellationToken);
        revocations.Wake();
        events.Wake();
    }

    // Classes, because records would print the tokens.
    private sealed class Readable
    {
        public long Id { get; init; }

        public string AccessToken { get; init; } = string.Empty;

        public string? RefreshToken { get; init; }

        public long IsConnected { get; init; }
    }

    private sealed class Unknown
    {
        public long Id { get; init; }

        public long Version { get; init; }

        public string AccessToken { get; init; } = string.Empty;

        public string? RefreshToken { get; init; }
    }
}
