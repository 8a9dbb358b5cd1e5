using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>Grants of another Calendly account that wait, sealed and for at most an hour, for the person's decision.</summary>
internal sealed class PendingSwitches(DbDataSource database, Envelope envelope, Revocations revocations, TimeProvider clock, ILogger<PendingSwitches> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Keeps a grant for the decision. One that waited already is revoked: nobody can choose it any longer.</summary>
    public async Task KeepAsync(long userId, IssuedTokens tokens)
    {
        var kept = new Kept(
            tokens.AccessToken.Reveal(), tokens.RefreshToken?.Reveal(), tokens.Scopes, clock.GetUtcNow() + tokens.Lifetime, tokens.OwnerUri, tokens.OrganizationUri);
        var row = new
        {
            userId,
            @sealed = envelope.Seal(JsonSerializer.Serialize(kept), BelongsTo(userId)),
            expiresAt = clock.GetUtcNow() + Patience,
        };
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        do
        {
            await GiveUpAsync(connection, transaction, userId, expiresBefore: DateTimeOffset.MaxValue);
        }
        while (await connection.ExecuteAsync(
            "INSERT INTO pending_switch (user_id, envelope, expires_at) VALUES (@userId, @sealed, @expiresAt) ON CONFLICT (user_id) DO NOTHING", row, transaction) == 0);
        await transaction.CommitAsync();
        revocations.Wake();
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

        return Open(userId, row);
    }

    /// <summary>Queues grants that wait for revocation: nobody holds them. Returns how many.</summary>
    /// <param name="expiredOnly">Only those about which it is too late to decide; otherwise all.</param>
    public async Task<int> GiveUpAsync(bool expiredOnly, CancellationToken cancellationToken)
    {
        var given = 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = expiredOnly ? clock.GetUtcNow() : DateTimeOffset.MaxValue;
        foreach (var userId in await connection.QueryAsync<long>("SELECT user_id FROM pending_switch WHERE expires_at < @before", new { before }))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await GiveUpAsync(connection, transaction, userId, before))
            {
                await transaction.CommitAsync(cancellationToken);
                given++;
            }
        }

        revocations.Wake();
        return given;
    }

    // False when there was none, or it could not be opened.
    private async Task<bool> GiveUpAsync(DbConnection connection, DbTransaction transaction, long userId, DateTimeOffset expiresBefore)
    {
        var row = await connection.QuerySingleOrDefaultAsync<string?>(
            "DELETE FROM pending_switch WHERE user_id = @userId AND expires_at < @expiresBefore RETURNING envelope", new { userId, expiresBefore }, transaction);
        if (row is null)
        {
            return false;
        }

        try
        {
            await revocations.QueueOrphanAsync(connection, transaction, userId, Open(userId, row));
            return true;
        }
        catch (CryptographicException)
        {
            log.LogCritical("The grant that waits for a decision of {UserId} cannot be opened: wrong key, or a changed row", userId);
            return false;
        }
    }

    /// <summary>True when a decision is awaited.</summary>
    public async Task<bool> WaitsAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pending_switch WHERE user_id = @userId AND expires_at >= @now",
            new { userId, now = clock.GetUtcNow() }) > 0;
    }

    /// <summary>What a grant's envelope is bound to.</summary>
    public static string[] BelongsTo(long userId) => [userId.ToString(CultureInfo.InvariantCulture), "switch"];

    private IssuedTokens Open(long userId, string row)
    {
        var kept = JsonSerializer.Deserialize<Kept>(envelope.Open(row, BelongsTo(userId)))
            ?? throw new CryptographicException("The envelope holds nothing.");
        return new IssuedTokens(
            new Secret(kept.Access), kept.Refresh is null ? null : new Secret(kept.Refresh), kept.Scopes, kept.ExpiresAt - clock.GetUtcNow(), kept.Owner, kept.Organization);
    }

    private sealed record Kept(string Access, string? Refresh, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt, string Owner, string Organization);
}
