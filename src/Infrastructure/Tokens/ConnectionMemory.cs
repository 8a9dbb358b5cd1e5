using System.Collections.Concurrent;
using CalendlySlices.Infrastructure.Data;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Connections as this process saw them last. What another process changes is seen after five seconds; what this one
/// changes, at once.</summary>
internal sealed class ConnectionMemory(PairSeal seal, DatabaseClock databaseClock, TimeProvider clock)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Seen> _seen = new();

    /// <summary>Somebody's connection is seen to be another Calendly user's than before, or nobody's, whichever process
    /// has changed it: what was read for it is no longer theirs.</summary>
    public event Action<long>? OwnerChanged;

    /// <summary>False when the database has to be asked.</summary>
    /// <param name="tokens">Null when the person is not connected.</param>
    public bool TryRecall(long userId, out StoredTokens? tokens)
    {
        var isFresh = _seen.TryGetValue(userId, out var seen) && clock.GetElapsedTime(seen.At) < Span;
        tokens = isFresh ? seen!.Tokens : null;
        return isFresh;
    }

    /// <summary>Takes note of a row that was just read. Returns what is known now: a slow reader must not put an older
    /// version back over what a writer has seen meanwhile.</summary>
    public StoredTokens? Remember(long userId, ConnectionRow? row)
    {
        if (row is not null)
        {
            databaseClock.Note(row.Now);
        }

        var tokens = row is null || row.Status == ConnectionRow.Disconnected ? null : row.ToStoredTokens(userId, seal);
        var read = new Seen(tokens, row?.Version ?? 0, clock.GetTimestamp());
        _seen.TryGetValue(userId, out var before);
        var after = _seen.AddOrUpdate(userId, read, (_, known) => known.Version > read.Version ? known : read);
        if (before?.Tokens is { } was && was.Connection.CalendlyUserUri != after.Tokens?.Connection.CalendlyUserUri)
        {
            OwnerChanged?.Invoke(userId);
        }

        return after.Tokens;
    }

    /// <summary>Has it read anew before it is used; it is still known as what it was.</summary>
    public void Outdate(long userId)
    {
        if (_seen.TryGetValue(userId, out var known))
        {
            _seen.TryUpdate(userId, known with { At = 0 }, known);
        }
    }

    private sealed record Seen(StoredTokens? Tokens, long Version, long At);
}
