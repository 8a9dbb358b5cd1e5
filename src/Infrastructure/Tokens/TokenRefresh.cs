using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// One refresh of one version of one pair, exactly once among all instances. Every decision is made on a row that was read
/// after whatever was waited for; the lease keeps others off, and the version keeps out whoever comes late all the same.
/// A caller runs it once at a time per connection, and never cancels it: from the moment a token is sent until its
/// successor is stored, there is nobody whose leaving could matter.
/// </summary>
internal sealed class TokenRefresh(
    ITokenStore store,
    RefreshLeases leases,
    PairKeeper keeper,
    MassGuard guard,
    RefreshPace pace,
    ICalendlyOAuth oauth,
    DatabaseClock databaseClock,
    WireTime time,
    TimeProvider clock,
    ILogger<TokenRefresh> log)
{
    /// <summary>Closer to its end than this, a token may die on the way to Calendly.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    // A holder that is slower than this may wake up when its lease has passed to somebody else.
    private static readonly TimeSpan SafePartOfLease = RefreshLeases.Life - TimeSpan.FromSeconds(15);

    // Long enough to outlive a lease whose holder has died.
    private static readonly TimeSpan Patience = RefreshLeases.Life + TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PeerMayBeSaving = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CredentialsPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MisconfiguredPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IncidentPause = TimeSpan.FromMinutes(2);

    private long _pausedUntil = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>A token newer than the given version, or why there is none. Throws
    /// <see cref="System.Data.Common.DbException"/> when the database does not answer.</summary>
    public async Task<Result<AccessToken>> RunAsync(long userId, long refusedVersion)
    {
        var began = time.Provider.GetTimestamp();
        var nap = TimeSpan.FromMilliseconds(Random.Shared.Next(50, 150));
        while (true)
        {
            if (keeper.Unsaved(userId) is { } unsaved && unsaved.Version > refusedVersion)
            {
                return unsaved;
            }

            var tokens = await store.ReadAsync(userId, CancellationToken.None);
            if (tokens is null || tokens.Connection.Status == ConnectionStatus.NeedsReconnect)
            {
                return new Failure(tokens is null ? FailureCode.NotConnected : FailureCode.ReconnectRequired);
            }

            if (tokens.Version > refusedVersion)
            {
                return TokenOf(tokens);
            }

            if (tokens.Connection.Status == ConnectionStatus.Degraded)
            {
                return await EndAsync(tokens, lease: null, tokens.Connection.StatusReason ?? "revoked");
            }

            if (tokens.NextAttemptAt > databaseClock.Now || clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _pausedUntil))
            {
                return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
            }

            using (await pace.EnterAsync())
            {
                var asked = (At: clock.GetTimestamp(), Wall: clock.GetUtcNow());
                var lease = await leases.TakeAsync(userId, tokens.Version);
                if (lease.Owner is not null)
                {
                    if (await ExchangeAsync(tokens, lease, asked) is { } answer)
                    {
                        return answer;
                    }

                    continue;
                }

                if (lease.IsExhausted)
                {
                    return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
                }
            }

            if (time.Provider.GetElapsedTime(began) > Patience)
            {
                return StillGood(tokens) ?? new Failure(FailureCode.CalendlyTimeout);
            }

            await Task.Delay(nap, time.Provider);
            nap = nap * 1.5 < TimeSpan.FromSeconds(1) ? nap * 1.5 : TimeSpan.FromSeconds(1);
        }
    }

    // Null when the row has to be looked at again.
    private async Task<Result<AccessToken>?> ExchangeAsync(StoredTokens tokens, Lease lease, (long At, DateTimeOffset Wall) asked)
    {
        var (userId, version) = (tokens.Connection.UserId, tokens.Version);
        Secret refreshToken;
        try
        {
            refreshToken = tokens.RefreshToken;
        }
        catch (CryptographicException)
        {
            await GiveBackUnsettledAsync(tokens, lease, wait: null);
            throw;
        }

        if (lease.InDoubt)
        {
            switch (await oauth.IntrospectAsync(refreshToken, CancellationToken.None))
            {
                case null:
                    await leases.LeaveInDoubtAsync(userId, version, lease, wait: null);
                    return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
                case false:
                    return await AdoptOrEndAsync(tokens, lease, "refresh_lost");
            }
        }

        // A machine that was asleep may wake up after its lease has gone to somebody who has refreshed already.
        var monotonic = clock.GetElapsedTime(asked.At);
        var wall = clock.GetUtcNow() - asked.Wall;
        if ((monotonic > wall ? monotonic : wall) > SafePartOfLease)
        {
            await leases.ReleaseAsync(userId, version, lease, TimeSpan.Zero);
            return null;
        }

        var answer = await oauth.RefreshAsync(refreshToken, CancellationToken.None);
        log.LogInformation("Refresh of connection {UserId} version {Version}: {Outcome}", userId, version, answer.Outcome);
        switch (answer.Outcome)
        {
            case OAuthOutcome.Issued:
                var kept = await keeper.KeepAsync(userId, version, answer.Tokens!);
                return kept is null ? null : (Result<AccessToken>)kept;

            case OAuthOutcome.InvalidGrant:
                return await AdoptOrEndAsync(tokens, lease, "revoked");

            case OAuthOutcome.InDoubt:
                await leases.LeaveInDoubtAsync(userId, version, lease, answer.RetryAfter);
                break;

            case OAuthOutcome.InvalidClient:
                PauseAll();
                await leases.ReleaseAsync(userId, version, lease, CredentialsPause);
                break;

            case OAuthOutcome.Rejected:
                log.LogError("Calendly takes no refresh from us as it is registered; no connection was changed");
                await leases.ReleaseAsync(userId, version, lease, MisconfiguredPause);
                break;

            default:
                await leases.ReleaseAsync(userId, version, lease, answer.RetryAfter);
                break;
        }

        return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
    }

    // Nothing was learnt under this lease that may be acted on. What was in doubt before it stays so.
    private Task GiveBackUnsettledAsync(StoredTokens tokens, Lease lease, TimeSpan? wait) => lease.InDoubt
        ? leases.LeaveInDoubtAsync(tokens.Connection.UserId, tokens.Version, lease, wait)
        : leases.ReleaseAsync(tokens.Connection.UserId, tokens.Version, lease, wait);

    // A dead refresh token may only mean that somebody else has its successor already, or is just storing it.
    private async Task<Result<AccessToken>?> AdoptOrEndAsync(StoredTokens tokens, Lease lease, string reason)
    {
        if (await IsOldAsync(tokens))
        {
            return null;
        }

        await Task.Delay(PeerMayBeSaving, time.Provider);
        return await IsOldAsync(tokens) ? null : await EndAsync(tokens, lease, reason);
    }

    private async Task<bool> IsOldAsync(StoredTokens tokens) =>
        await store.ReadAsync(tokens.Connection.UserId, CancellationToken.None) is not { } now || now.Version != tokens.Version;

    private async Task<Result<AccessToken>> EndAsync(StoredTokens tokens, Lease? lease, string reason)
    {
        var (userId, version) = (tokens.Connection.UserId, tokens.Version);
        var good = StillGood(tokens);
        if (lease is not null && !await guard.BelievesAsync(userId, version))
        {
            await GiveBackUnsettledAsync(tokens, lease, IncidentPause);
            return good ?? new Failure(FailureCode.AuthIncident);
        }

        await store.MarkAsync(userId, version, good is null ? ConnectionStatus.NeedsReconnect : ConnectionStatus.Degraded, reason, lease?.Owner, CancellationToken.None);
        return good ?? new Failure(FailureCode.ReconnectRequired);
    }

    private void PauseAll()
    {
        var now = clock.GetUtcNow();
        if (Interlocked.Exchange(ref _pausedUntil, (now + CredentialsPause).UtcTicks) < now.UtcTicks)
        {
            log.LogCritical("Calendly refuses this application's own credentials; no connection was changed");
        }
    }

    private Result<AccessToken>? StillGood(StoredTokens tokens) =>
        databaseClock.Now >= tokens.Connection.ExpiresAt - Margin ? null : (Result<AccessToken>)TokenOf(tokens);

    private static AccessToken TokenOf(StoredTokens tokens) => new(tokens.AccessToken, tokens.Version);
}
