using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>Grants of another Calendly account that wait, sealed and for at most an hour, for the person's decision.</summary>
internal sealed class PendingSwitches(DbDataSource database, Envelope envelope, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task KeepAsync(long userId, IssuedTokens tokens)
    {
        var kept = new Kept(
            tokens.AccessToken.Reveal(), tokens.RefreshToken?.Reveal(), tokens.Scopes, clock.GetUtcNow() + tokens.Lifetime, tokens.OwnerUri, tokens.OrganizationUri);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO pending_switch (user_id, envelope, expires_at) VALUES (@userId, @sealed, @expiresAt)
            ON CONFLICT (user_id) DO UPDATE SET envelope = excluded.envelope, expires_at = excluded.expires_at
            """,
            new
            {
                userId,
                @sealed = envelope.Seal(JsonSerializer.Serialize(kept), Owner(userId), "switch"),
                expiresAt = clock.GetUtcNow() + Patience,
            });
    }

    /// <summary>Null when none waits. Throws when the envelope cannot be opened.</summary>
    public async Task<IssuedTokens?> TakeAsync(long userId)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<string?>(
            "DELETE FROM pending_switch WHERE user_id = @userId AND expires_at >= @now RETURNING envelope",
            new { userId, now = clock.GetUtcNow() });
        if (row is null)
        {
            return null;
        }

        var kept = JsonSerializer.Deserialize<Kept>(envelope.Open(row, Owner(userId), "switch"))
            ?? throw new CryptographicException("The envelope holds nothing.");
        return new IssuedTokens(
            new Secret(kept.Access), kept.Refresh is null ? null : new Secret(kept.Refresh), kept.Scopes, kept.ExpiresAt - clock.GetUtcNow(), kept.Owner, kept.Organization);
    }

    /// <summary>True when a decision is awaited.</summary>
    public async Task<bool> WaitsAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pending_switch WHERE user_id = @userId AND expires_at >= @now",
            new { userId, now = clock.GetUtcNow() }) > 0;
    }

    private static string Owner(long userId) => userId.ToString(CultureInfo.InvariantCulture);

    private sealed record Kept(string Access, string? Refresh, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt, string Owner, string Organization);
}
