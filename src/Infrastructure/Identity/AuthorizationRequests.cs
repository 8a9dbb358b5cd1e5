using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>
/// The round trips to Calendly's consent page that are under way. Each works once, for ten minutes (as long as
/// Calendly's code lives), and only for whoever started it; starting another ends the earlier ones.
/// </summary>
internal sealed class AuthorizationRequests(DbDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <param name="starter">A person's id, or a random name for an anonymous browser.</param>
    /// <returns>A nonce to carry in the protected state.</returns>
    public async Task<string> StartAsync(string starter, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            DELETE FROM authorization_request WHERE starter = @starter;
            INSERT INTO authorization_request (nonce_hash, starter, expires_at) VALUES (@hash, @starter, @expiresAt)
            """,
            new
            {
                starter,
                hash = StoredHash.Of(nonce),
                expiresAt = clock.GetUtcNow() + Lifetime,
            });
        return nonce;
    }

    /// <summary>Takes the request out. False when it is unknown, used, too old, or another's.</summary>
    public async Task<bool> TakeAsync(string nonce, string starter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            "DELETE FROM authorization_request WHERE nonce_hash = @hash AND starter = @starter AND expires_at >= @now",
            new { hash = StoredHash.Of(nonce), starter, now = clock.GetUtcNow() }) == 1;
    }
}
