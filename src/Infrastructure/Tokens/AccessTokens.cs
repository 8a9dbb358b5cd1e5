using System.Collections.Concurrent;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Refreshes pairs: ahead of their end and on refusal, one flight per connection, stored before anybody sees them.</summary>
internal sealed class AccessTokens(ITokenStore store, ICalendlyOAuth oauth, TimeProvider clock, ILogger<AccessTokens> log) : IAccessTokens
{
    // Closer to its end than this, a token may die on the way to Calendly.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>How long a caller waits for a refresh that another caller started.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan CredentialsPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Lazy<Task<Result<AccessToken>>>> _flights = new();
    private readonly ConcurrentDictionary<long, Attempts> _attempts = new();
    private readonly ConcurrentDictionary<long, Refusal> _refusals = new();
    private long _pausedUntil = DateTimeOffset.MinValue.UtcTicks;

    public async Task<Result<AccessToken>> GetAsync(long userId, CancellationToken cancellationToken)
    {
        StoredTokens? tokens;
        try
        {
            tokens = await store.RecallAsync(userId, cancellationToken);
        }
        catch (CryptographicException)
        {
            return Unreadable(userId);
        }

        if (!Usable(tokens, out var failure))
        {
            return failure;
        }

        var now = clock.GetUtcNow();
        if (now >= tokens.Connection.ExpiresAt - Margin)
        {
            return await WaitAsync(userId, tokens.Version, cancellationToken);
        }

        if (now >= tokens.RefreshAfter && tokens.Connection.Status == ConnectionStatus.Connected)
        {
            _ = FlightAsync(userId, tokens.Version);
        }

        return new AccessToken(tokens.AccessToken, tokens.Version);
    }

    public async Task<Result<AccessToken>> NewerThanAsync(long userId, long refusedVersion, CancellationToken cancellationToken)
    {
        var result = await WaitAsync(userId, refusedVersion, cancellationToken);
        if (!result.Succeeded(out var token, out _) || token.Version > refusedVersion)
        {
            return result;
        }

        // No newer one is to be had. The clock may still call this one good; Calendly, who refused it, knows better.
        var tokens = await store.ReadAsync(userId, cancellationToken);
        if (tokens is not { Connection.Status: ConnectionStatus.Degraded } || tokens.Version != refusedVersion)
        {
            return new Failure(FailureCode.CalendlyUnavailable);
        }

        await store.MarkAsync(userId, refusedVersion, ConnectionStatus.NeedsReconnect, tokens.Connection.StatusReason ?? "revoked", cancellationToken);
        return new Failure(FailureCode.ReconnectRequired);
    }

    public async Task ReportRefusedAsync(long userId, long version, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var first = _refusals.AddOrUpdate(userId, new Refusal(version, now), (_, known) => known.Version == version ? known : new Refusal(version, now));
        if (now - first.At >= BetweenRefusals)
        {
            await store.MarkAsync(userId, version, ConnectionStatus.NeedsReconnect, "rejected_after_refresh", cancellationToken);
        }
    }

    private async Task<Result<AccessToken>> WaitAsync(long userId, long refusedVersion, CancellationToken cancellationToken)
    {
        try
        {
            return await FlightAsync(userId, refusedVersion).WaitAsync(Budget, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new Failure(FailureCode.CalendlyTimeout);
        }
    }

    // The flight has a life of its own: a caller who leaves does not end it for the others, nor between Calendly's answer
    // and the store.
    private Task<Result<AccessToken>> FlightAsync(long userId, long refusedVersion)
    {
        var mine = new Lazy<Task<Result<AccessToken>>>(() => Task.Run(() => FlyAsync(userId, refusedVersion)));
        return _flights.GetOrAdd(userId, mine).Value;
    }

    private async Task<Result<AccessToken>> FlyAsync(long userId, long refusedVersion)
    {
        try
        {
            return await RefreshAsync(userId, refusedVersion);
        }
        catch (CryptographicException)
        {
            return Unreadable(userId);
        }
        finally
        {
            _flights.TryRemove(userId, out _);
        }
    }

    private async Task<Result<AccessToken>> RefreshAsync(long userId, long refusedVersion)
    {
        // Somebody may have refreshed between the caller's look and now; only the stored pair decides.
        var tokens = await store.ReadAsync(userId, CancellationToken.None);
        if (!Usable(tokens, out var failure))
        {
            return failure;
        }

        if (tokens.Version > refusedVersion)
        {
            return new AccessToken(tokens.AccessToken, tokens.Version);
        }

        if (tokens.Connection.Status == ConnectionStatus.Degraded)
        {
            return await EndAsync(tokens, tokens.Connection.StatusReason ?? "revoked");
        }

        var attempts = _attempts.GetOrAdd(userId, _ => new Attempts());
        var now = clock.GetUtcNow();
        if (now.UtcTicks < Interlocked.Read(ref _pausedUntil) || !attempts.MayTry(now))
        {
            return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
        }

        if (attempts.InDoubt && await SettleDoubtAsync(tokens, attempts) is { } settled)
        {
            return settled;
        }

        return await ExchangeAsync(tokens, attempts);
    }

    private async Task<Result<AccessToken>> ExchangeAsync(StoredTokens tokens, Attempts attempts)
    {
        var userId = tokens.Connection.UserId;
        var answer = await oauth.RefreshAsync(tokens.RefreshToken, CancellationToken.None);
        log.LogInformation("Refresh of connection {UserId} version {Version}: {Outcome}", userId, tokens.Version, answer.Outcome);
        switch (answer.Outcome)
        {
            case OAuthOutcome.Issued:
                attempts.Succeeded();
                if (await store.ReplaceAsync(userId, tokens.Version, answer.Tokens!, CancellationToken.None) is { } stored)
                {
                    return new AccessToken(stored.AccessToken, stored.Version);
                }

                // Disconnected or reconnected meanwhile: the pair we were just given belongs to nobody.
                await oauth.RevokeAsync(answer.Tokens!.RefreshToken ?? answer.Tokens.AccessToken, CancellationToken.None);
                return await GetAsync(userId, CancellationToken.None);

            case OAuthOutcome.InvalidGrant:
                return await AdoptOrEndAsync(tokens, "revoked");

            case OAuthOutcome.InvalidClient:
                log.LogError("Calendly refuses this application's own credentials; no connection was changed");
                Interlocked.Exchange(ref _pausedUntil, (clock.GetUtcNow() + CredentialsPause).UtcTicks);
                break;

            case OAuthOutcome.InDoubt:
                attempts.Failed(clock.GetUtcNow(), null, inDoubt: true);
                break;

            default:
                attempts.Failed(clock.GetUtcNow(), answer.RetryAfter, inDoubt: false);
                break;
        }

        return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
    }

    // The answer to the last refresh was lost. A spent token is never presented twice: Calendly is asked about it first.
    private async Task<Result<AccessToken>?> SettleDoubtAsync(StoredTokens tokens, Attempts attempts)
    {
        switch (await oauth.IntrospectAsync(tokens.RefreshToken, CancellationToken.None))
        {
            case true:
                attempts.DoubtSettled();
                return null;
            case false:
                attempts.DoubtSettled();
                return await AdoptOrEndAsync(tokens, "refresh_lost");
            default:
                attempts.Failed(clock.GetUtcNow(), null, inDoubt: true);
                return StillGood(tokens) ?? new Failure(FailureCode.CalendlyUnavailable);
        }
    }

    // A dead refresh token may only mean that somebody else has its successor already.
    private async Task<Result<AccessToken>> AdoptOrEndAsync(StoredTokens tokens, string reason)
    {
        var stored = await store.ReadAsync(tokens.Connection.UserId, CancellationToken.None);
        return stored is not null && stored.Version > tokens.Version
            ? new AccessToken(stored.AccessToken, stored.Version)
            : await EndAsync(tokens, reason);
    }

    private async Task<Result<AccessToken>> EndAsync(StoredTokens tokens, string reason)
    {
        var good = StillGood(tokens);
        var status = good is null ? ConnectionStatus.NeedsReconnect : ConnectionStatus.Degraded;
        await store.MarkAsync(tokens.Connection.UserId, tokens.Version, status, reason, CancellationToken.None);
        return good ?? new Failure(FailureCode.ReconnectRequired);
    }

    private Result<AccessToken>? StillGood(StoredTokens tokens)
    {
        if (clock.GetUtcNow() >= tokens.Connection.ExpiresAt - Margin)
        {
            return null;
        }

        return new AccessToken(tokens.AccessToken, tokens.Version);
    }

    private static bool Usable(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] StoredTokens? tokens,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Failure? failure)
    {
        failure = tokens switch
        {
            null => new Failure(FailureCode.NotConnected),
            { Connection.Status: ConnectionStatus.NeedsReconnect } => new Failure(FailureCode.ReconnectRequired),
            _ => null,
        };
        return failure is null;
    }

    private Failure Unreadable(long userId)
    {
        log.LogCritical("The stored pair of connection {UserId} cannot be opened: wrong key, or a changed row", userId);
        return new Failure(FailureCode.TokenUnreadable);
    }

    private sealed record Refusal(long Version, DateTimeOffset At);

    /// <summary>How often a connection was tried lately. Used by one flight at a time.</summary>
    private sealed class Attempts
    {
        // Calendly allows eight token calls per user and minute; half of it is ours.
        private const int PerMinute = 4;

        private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)];

        private DateTimeOffset _nextAt = DateTimeOffset.MinValue;
        private DateTimeOffset _windowStart = DateTimeOffset.MinValue;
        private int _inWindow;
        private int _failures;

        public bool InDoubt { get; private set; }

        public bool MayTry(DateTimeOffset now)
        {
            if (now < _nextAt)
            {
                return false;
            }

            if (now - _windowStart >= TimeSpan.FromMinutes(1))
            {
                _windowStart = now;
                _inWindow = 0;
            }

            return ++_inWindow <= PerMinute;
        }

        public void Succeeded()
        {
            _failures = 0;
            _nextAt = DateTimeOffset.MinValue;
        }

        public void Failed(DateTimeOffset now, TimeSpan? retryAfter, bool inDoubt)
        {
            InDoubt = inDoubt;
            _nextAt = now + (retryAfter ?? Waits[Math.Min(_failures, Waits.Length - 1)]);
            _failures++;
        }

        public void DoubtSettled() => InDoubt = false;
    }
}
