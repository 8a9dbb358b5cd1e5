using System.Collections.Concurrent;
using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// Brings a new pair into the database whatever happens: first into the journal, then into its row, and if the database
/// does not answer, again until it does. Meanwhile the pair is good for this process. What a process that was killed has
/// left in the journal is stored at the next start.
/// </summary>
internal sealed class PairKeeper(ITokenStore store, TokenJournal journal, Revocations revocations, TokenEvents events, WireTime time, TimeProvider clock, ILogger<PairKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, (AccessToken Token, DateTimeOffset ExpiresAt)> _unsaved = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The newest token of this person's, if the database does not have it yet.</summary>
    public AccessToken? Unsaved(long userId) =>
        _unsaved.TryGetValue(userId, out var unsaved) && clock.GetUtcNow() < unsaved.ExpiresAt ? unsaved.Token : null;

    /// <summary>Stores the successor of a version. Null when the version has moved: the pair is then queued for revocation.</summary>
    public async Task<AccessToken?> KeepAsync(long userId, long version, IssuedTokens tokens)
    {
        var record = new JournalRecord(
            userId, version, tokens.AccessToken.Reveal(), tokens.RefreshToken?.Reveal(), clock.GetUtcNow(), tokens.Lifetime.TotalSeconds);
        var entry = TryJournal(record);
        try
        {
            return await StoreAsync(record, entry);
        }
        catch (DbException trouble)
        {
            log.LogError("The new pair of connection {UserId} version {Version} could not be stored yet ({Trouble}); it is in the journal and will be", userId, version + 1, trouble.GetType().Name);
            var token = new AccessToken(tokens.AccessToken, version + 1);
            _unsaved[userId] = (token, clock.GetUtcNow() + tokens.Lifetime);
            _ = StoreUntilDoneAsync(record, entry);
            return token;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Stopped and disposed of already; whoever hosts us may ask twice.
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    // What an earlier process has left.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(journal.Entries.Select(entry => StoreUntilDoneAsync(entry.Record, entry)));

    private JournalEntry? TryJournal(JournalRecord record)
    {
        try
        {
            return journal.Keep(record);
        }
        catch (IOException trouble)
        {
            // The database may still take it; without a journal there is only no second chance.
            log.LogError("The journal took no record ({Trouble})", trouble.GetType().Name);
            return null;
        }
    }

    private async Task StoreUntilDoneAsync(JournalRecord record, JournalEntry? entry)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await StoreAsync(record, entry);
                _unsaved.TryRemove(record.UserId, out _);
                log.LogInformation("The pair of connection {UserId} version {Version} has left the journal", record.UserId, record.Version + 1);
                return;
            }
            catch (DbException)
            {
                // Not at the same moment as everybody else who waits for the database.
                var jittered = pause * (0.5 + Random.Shared.NextDouble());
                try
                {
                    await Task.Delay(jittered, time.Provider, _stopping.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task<AccessToken?> StoreAsync(JournalRecord record, JournalEntry? entry)
    {
        var age = clock.GetUtcNow() - record.IssuedAt;
        var tokens = new IssuedTokens(
            new Secret(record.AccessToken),
            record.RefreshToken is null ? null : new Secret(record.RefreshToken),
            [],
            TimeSpan.FromSeconds(record.LifetimeSeconds) - age,
            string.Empty,
            string.Empty);
        var stored = await store.ReplaceAsync(record.UserId, record.Version, tokens, CancellationToken.None);

        // A refusal may come from our own earlier write, whose answer was lost. Otherwise the person has disconnected or
        // connected anew meanwhile, and this pair belongs to nobody.
        if (stored is null && !await events.HasAsync(TokenEventKind.Refreshed, record.UserId, record.Version + 1))
        {
            await revocations.QueueOrphanAsync(record.UserId, tokens);
        }

        if (entry is not null)
        {
            journal.Remove(entry);
        }

        return stored is null ? null : new AccessToken(stored.AccessToken, stored.Version);
    }
}
