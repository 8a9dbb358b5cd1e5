using System.Data.Common;
using Dapper;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>A request that its caller has named, so that it can be told from another.</summary>
/// <param name="Route">Method and template.</param>
/// <param name="BodyHash">SHA-256 of the address and the body, in hexadecimal.</param>
internal sealed record NamedRequest(long UserId, string Route, string Name, string BodyHash);

/// <param name="ErrorCode">The header of a refusal; null for a success.</param>
internal sealed record KeptAnswer(int Status, string? ErrorCode, byte[] Body);

/// <summary>
/// Answers of JSON writes, kept for 24 hours in the database, so that a caller who never saw the answer can ask again
/// without doing the thing twice.
/// </summary>
internal sealed class IdempotencyKeys(DbDataSource database, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>Characters.</summary>
    public const int MaxLength = 255;

    public static readonly TimeSpan AnswerLife = TimeSpan.FromHours(24);

    /// <summary>A claim older than this belonged to a process that has ended; no write takes half as long.</summary>
    public static readonly TimeSpan ClaimLife = TimeSpan.FromMinutes(5);

    /// <summary>Whether another try could not end otherwise; only such answers are kept.</summary>
    public static bool IsFinal(int status) =>
        status is >= 200 and < 500 and not (StatusCodes.Status202Accepted or StatusCodes.Status401Unauthorized or StatusCodes.Status429TooManyRequests);

    /// <summary>Visible ASCII, 1 to <see cref="MaxLength"/> characters.</summary>
    public static bool IsWellFormed(string name) => name.Length is >= 1 and <= MaxLength && name.All(letter => letter is >= '!' and <= '~');

    /// <summary>
    /// Claims the request: <paramref name="claim"/> is then to be ended with <see cref="KeepAsync"/> or
    /// <see cref="ReleaseAsync"/>. Otherwise gives the answer that was kept, or fails with <c>IdempotencyKeyReused</c> or
    /// <c>IdempotencyKeyInUse</c>. Null means claimed.
    /// </summary>
    public async Task<Result<KeptAnswer>?> ClaimAsync(NamedRequest request, string claim, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM idempotency_key WHERE user_id = @UserId AND route = @Route AND name = @Name AND expires_at <= @now",
            new { request.UserId, request.Route, request.Name, now });
        var claimed = await connection.ExecuteAsync(
            """
            INSERT INTO idempotency_key (user_id, route, name, body_hash, claim, expires_at)
            VALUES (@UserId, @Route, @Name, @BodyHash, @claim, @expiresAt)
            ON CONFLICT (user_id, route, name) DO NOTHING
            """,
            new { request.UserId, request.Route, request.Name, request.BodyHash, claim, expiresAt = now + ClaimLife });
        if (claimed == 1)
        {
            return null;
        }

        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            "SELECT body_hash AS BodyHash, status AS Status, error_code AS ErrorCode, answer AS Answer FROM idempotency_key WHERE user_id = @UserId AND route = @Route AND name = @Name",
            new { request.UserId, request.Route, request.Name });
        return row switch
        {
            { Status: { } status, Answer: { } answer } when row.BodyHash == request.BodyHash => new KeptAnswer((int)status, row.ErrorCode, answer),
            not null when row.BodyHash != request.BodyHash => new Failure(FailureCode.IdempotencyKeyReused),
            _ => new Failure(FailureCode.IdempotencyKeyInUse) { RetryAfter = TimeSpan.FromSeconds(1) },
        };
    }

    public async Task KeepAsync(string claim, KeptAnswer answer)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE idempotency_key SET status = @Status, error_code = @ErrorCode, answer = @Body, expires_at = @expiresAt WHERE claim = @claim",
            new { answer.Status, answer.ErrorCode, answer.Body, expiresAt = clock.GetUtcNow() + AnswerLife, claim });
    }

    /// <summary>Nothing final came of it; the next request under this name begins anew.</summary>
    public async Task ReleaseAsync(string claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("DELETE FROM idempotency_key WHERE claim = @claim AND status IS NULL", new { claim });
    }

    private sealed class Row
    {
        public string BodyHash { get; init; } = string.Empty;

        public long? Status { get; init; }

        public string? ErrorCode { get; init; }

        public byte[]? Answer { get; init; }
    }
}
