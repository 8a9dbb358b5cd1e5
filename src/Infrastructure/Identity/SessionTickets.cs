using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>
/// Sessions on the server: the cookie holds a random key only, so signing out ends the session wherever the cookie has
/// been copied to. The database holds the key's hash and an encrypted ticket.
/// </summary>
internal sealed class SessionTickets(DbDataSource database, IDataProtectionProvider protection, TimeProvider clock) : ITicketStore
{
    /// <summary>However active, a session ends after this long.</summary>
    public static readonly TimeSpan AbsoluteLife = TimeSpan.FromDays(7);

    // What another process has ended is seen after this long; an end in this process at once.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private const int Remembered = 10_000;

    private readonly IDataProtector _protector = protection.CreateProtector("CalendlySlices.SessionTickets");
    private readonly ConcurrentDictionary<string, (AuthenticationTicket Ticket, DateTimeOffset EndsAt, long At)> _remembered = new(StringComparer.Ordinal);

    /// <summary>Raised when sessions of this person were ended here, or may mean something else by now.</summary>
    public event Action<long>? Ended;

    /// <summary>The key of the session behind a request, to ask for it again later; null where there is none of ours.</summary>
    public static string? KeyOf(HttpContext context) => context.Items[typeof(SessionTickets)] as string;

    /// <summary>Whether a session would still be accepted.</summary>
    public async Task<bool> HoldsAsync(string key) =>
        await RetrieveAsync(key) is { } ticket && (ticket.Properties.ExpiresUtc is not { } end || clock.GetUtcNow() < end);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO session_ticket (key_hash, user_id, ticket, expires_at, ends_at) VALUES (@hash, @userId, @bytes, @expiresAt, @endsAt)
            """,
            new
            {
                hash = StoredHash.Of(key),
                userId = CurrentUser.Of(ticket.Principal)!.Id,
                bytes = Protect(ticket),
                expiresAt = ExpiresAt(ticket),
                endsAt = clock.GetUtcNow() + AbsoluteLife,
            });
        return key;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        _remembered.TryRemove(key, out _);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE session_ticket SET ticket = @bytes, expires_at = @expiresAt WHERE key_hash = @hash",
            new { hash = StoredHash.Of(key), bytes = Protect(ticket), expiresAt = ExpiresAt(ticket) });
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        httpContext.Items[typeof(SessionTickets)] = key;
        try
        {
            return await RetrieveAsync(key);
        }
        catch (DbException) when (httpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The page that says so must not fail for the same reason; it greets nobody by name.
            return null;
        }
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if (!_remembered.TryGetValue(key, out var known) || clock.GetElapsedTime(known.At) >= Memory)
        {
            await using var connection = await database.OpenConnectionAsync();
            var row = await connection.QuerySingleOrDefaultAsync<(byte[] Bytes, DateTimeOffset EndsAt, long? CoachId)?>(
                """
                SELECT ticket, ends_at, delegation.coach_id
                  FROM session_ticket LEFT JOIN delegation ON delegation.user_id = session_ticket.user_id
                 WHERE key_hash = @hash
                """,
                new { hash = StoredHash.Of(key) });
            if (row is null || Unprotect(row.Value.Bytes) is not { } ticket || !StillHolds(ticket, row.Value.CoachId))
            {
                _remembered.TryRemove(key, out _);
                return null;
            }

            if (_remembered.Count >= Remembered)
            {
                _remembered.Clear();
            }

            known = (ticket, row.Value.EndsAt, clock.GetTimestamp());
            _remembered[key] = known;
        }

        return clock.GetUtcNow() < known.EndsAt ? known.Ticket : null;
    }

    public async Task RemoveAsync(string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        var userId = await connection.ExecuteScalarAsync<long?>("DELETE FROM session_ticket WHERE key_hash = @hash RETURNING user_id", new { hash = StoredHash.Of(key) });
        _remembered.TryRemove(key, out _);
        if (userId is { } ended)
        {
            Ended?.Invoke(ended);
        }
    }

    /// <summary>Ends every session of a person: here at once, in other processes within five seconds.</summary>
    public async Task RemoveAllAsync(long userId)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("DELETE FROM session_ticket WHERE user_id = @userId", new { userId });
        Forget(userId);
    }

    /// <summary>Reads a person's sessions from the database when they are next used.</summary>
    public void Forget(long userId)
    {
        foreach (var (key, known) in _remembered)
        {
            if (CurrentUser.Of(known.Ticket.Principal)?.Id == userId)
            {
                _remembered.TryRemove(key, out _);
            }
        }

        Ended?.Invoke(userId);
    }

    // A session began under one delegation or none, and ends with that: its ticket says what the person may see.
    private static bool StillHolds(AuthenticationTicket ticket, long? coachId) =>
        CurrentUser.Of(ticket.Principal) is { } user && (user.Role == Role.Admin || user.Coach?.Id == coachId);

    private byte[] Protect(AuthenticationTicket ticket) => _protector.Protect(TicketSerializer.Default.Serialize(ticket));

    private AuthenticationTicket? Unprotect(byte[] bytes)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private DateTimeOffset ExpiresAt(AuthenticationTicket ticket) => ticket.Properties.ExpiresUtc ?? clock.GetUtcNow();
}
