using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Data;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Hands out tokens, renewing them ahead of their end and on refusal: one flight per connection in this process,
/// in which all callers sit together.</summary>
internal sealed class AccessTokens(
    ITokenStore store, TokenRefresh refresh, PairKeeper keeper, MassGuard guard, DatabaseClock databaseClock, TimeProvider clock, ILogger<AccessTokens> log)
    : IAccessTokens, IHostedService
{
    /// <summary>How long a caller waits for a refresh.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Lazy<Task<Result<AccessToken>>>> _flights = new();
    private readonly ConcurrentDictionary<long, Refusal> _refusals = new();
    private volatile bool _draining;

    public Task<Result<AccessToken>> GetAsync(long userId, CancellationToken cancellationToken) =>
        OrFailureAsync(userId, () => GetOrThrowAsync(userId, cancellationToken));

    public Task<Result<AccessToken>> NewerThanAsync(long userId, long refusedVersion, CancellationToken cancellationToken) =>
        OrFailureAsync(userId, () => NewerOrThrowAsync(userId, refusedVersion, cancellationToken));

    public async Task ReportRefusedAsync(long userId, long version, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var first = _refusals.AddOrUpdate(userId, new Refusal(version, now), (_, known) => known.Version == version ? known : new Refusal(version, now));
        if (now - first.At < BetweenRefusals)
        {
            return;
        }

        try
        {
            if (await guard.BelievesAsync(userId, version))
            {
                await store.MarkAsync(userId, version, ConnectionStatus.NeedsReconnect, "rejected_after_refresh", null, cancellationToken);
            }
        }
        catch (DbException trouble)
        {
            // It will be refused again.
            log.LogWarning("The refusal of connection {UserId} could not be noted ({Trouble})", userId, trouble.GetType().Name);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Starts no more refreshes, and waits for those under way: a process that ends between Calendly's answer and
    /// the database would lose a connection.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        try
        {
            await Task.WhenAll(_flights.Values.Select(flight => flight.Value)).WaitAsync(cancellationToken);
        }
        catch (Exception trouble)
        {
            log.LogWarning("Stopped while a refresh was under way ({Trouble})", trouble.GetType().Name);
        }
    }

    private async Task<Result<AccessToken>> GetOrThrowAsync(long userId, CancellationToken cancellationToken)
    {
        if (keeper.Unsaved(userId) is { } unsaved)
        {
            return unsaved;
        }

        var tokens = await store.RecallAsync(userId, cancellationToken);
        if (tokens is { Connection.Status: ConnectionStatus.Connected } && databaseClock.Now >= tokens.Connection.RefreshAfter)
        {
            // Whether it is due is decided on the row as it is now, by the database's clock as it is now.
            tokens = await store.ReadAsync(userId, cancellationToken);
        }

        if (!IsUsable(tokens, out var failure))
        {
            return failure;
        }

        guard.Saw(userId);
        var now = databaseClock.Now;
        if (now >= tokens.Connection.ExpiresAt - TokenRefresh.Margin)
        {
            return await WaitAsync(userId, tokens.Version, cancellationToken);
        }

        if (now >= tokens.Connection.RefreshAfter && tokens.Connection.Status == ConnectionStatus.Connected && !_draining)
        {
            _ = FlightAsync(userId, tokens.Version);
        }

        return new AccessToken(tokens.AccessToken, tokens.Version);
    }

    private async Task<Result<AccessToken>> NewerOrThrowAsync(long userId, long refusedVersion, CancellationToken cancellationToken)
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

        await store.MarkAsync(userId, refusedVersion, ConnectionStatus.NeedsReconnect, tokens.Connection.StatusReason ?? "revoked", null, cancellationToken);
        return new Failure(FailureCode.ReconnectRequired);
    }

    private async Task<Result<AccessToken>> WaitAsync(long userId, long refusedVersion, CancellationToken cancellationToken)
    {
        try
        {
            return _draining
                ? new Failure(FailureCode.CalendlyUnavailable)
                : await FlightAsync(userId, refusedVersion).WaitAsync(Budget, cancellationToken);
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
            return await OrFailureAsync(userId, () => refresh.RunAsync(userId, refusedVersion));
        }
        finally
        {
            _flights.TryRemove(userId, out _);
        }
    }

    private async Task<Result<AccessToken>> OrFailureAsync(long userId, Func<Task<Result<AccessToken>>> work)
    {
        try
        {
            return await work();
        }
        catch (CryptographicException)
        {
            log.LogCritical("The stored pair of connection {UserId} cannot be opened: wrong key, or a changed row", userId);
            return new Failure(FailureCode.TokenUnreadable);
        }
        catch (DbException trouble)
        {
            log.LogWarning("The token of connection {UserId} waits for the database ({Trouble})", userId, trouble.GetType().Name);
            return new Failure(FailureCode.DatabaseUnavailable);
        }
    }

    private static bool IsUsable([NotNullWhen(true)] StoredTokens? tokens, [NotNullWhen(false)] out Failure? failure)
    {
        failure = tokens switch
        {
            null => new Failure(FailureCode.NotConnected),
            { Connection.Status: ConnectionStatus.NeedsReconnect } => new Failure(FailureCode.ReconnectRequired),
            _ => null,
        };
        return failure is null;
    }

    private sealed record Refusal(long Version, DateTimeOffset At);
}
