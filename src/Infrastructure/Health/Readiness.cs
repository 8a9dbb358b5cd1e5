using System.Data;
using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Infrastructure.Health;

/// <summary>Whether this instance should be sent requests.</summary>
internal enum ReadyState
{
    Ready,

    /// <summary>The database has not answered yet since the start.</summary>
    Starting,

    /// <summary>Told to stop.</summary>
    Draining,

    /// <summary>The database cannot be used, or not with our keys.</summary>
    Unavailable,
}

/// <summary>
/// Finds out whether this instance can do its work. What Calendly does is no part of it: while Calendly is down, every
/// instance still shows what it knows. The answer of the checks holds for two seconds, however many ask, and they may
/// take one.
/// </summary>
internal sealed class Readiness(
    DbDataSource database,
    Migrations migrations,
    KeyCanaries canaries,
    IDataProtectionProvider cookies,
    Opening opening,
    Draining draining,
    WireTime time,
    ILogger<Readiness> log)
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _checkedAt;
    private Task<bool>? _check;

    public async Task<ReadyState> StateAsync() =>
        draining.IsDraining ? ReadyState.Draining
        : !opening.IsOpen ? ReadyState.Starting
        : await LastCheck() ? ReadyState.Ready
        : ReadyState.Unavailable;

    private Task<bool> LastCheck()
    {
        lock (_gate)
        {
            if (_check is null || (_check.IsCompleted && time.Provider.GetElapsedTime(_checkedAt) >= Holds))
            {
                _checkedAt = time.Provider.GetTimestamp();
                _check = CheckAsync();
            }

            return _check;
        }
    }

    private async Task<bool> CheckAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time.Provider);
        try
        {
            // Some of it cannot be canceled, and must not keep the caller.
            return await Task.Run(() => IsFitAsync(limit.Token), limit.Token).WaitAsync(Limit, time.Provider);
        }
        catch (Exception trouble)
        {
            log.LogWarning("Not ready ({Trouble})", trouble.GetType().Name);
            return false;
        }
    }

    private async Task<bool> IsFitAsync(CancellationToken cancellationToken)
    {
        // Loads the key ring where it is not in memory yet; throws where it cannot.
        cookies.CreateProtector(nameof(Readiness)).Protect([1]);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!migrations.AreApplied(connection) || !await canaries.OpenAsync(connection))
        {
            return false;
        }

        // A write that is taken back: refused where the database only reads, or has no room left. Serializable is the level
        // at which SQLite takes its lock for writing.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition("INSERT INTO marker (name, value) VALUES (@name, '')", new { name = $"writable-{Guid.NewGuid():N}" }, transaction, cancellationToken: cancellationToken));
        await transaction.RollbackAsync(cancellationToken);
        return true;
    }
}
