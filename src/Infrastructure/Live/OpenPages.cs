using System.Collections.Concurrent;

namespace CalendlySlices.Infrastructure.Live;

/// <summary>Whose pages are open here just now, and would like to hear of changes.</summary>
internal sealed class OpenPages
{
    private readonly ConcurrentDictionary<long, int> _open = [];

    /// <summary>Each once, however many pages are open.</summary>
    public IReadOnlyCollection<long> UserIds => [.. _open.Keys];

    /// <summary>One more page of this person's pages; dispose of it when it is closed.</summary>
    public IDisposable Open(long userId)
    {
        _open.AddOrUpdate(userId, 1, (_, count) => count + 1);
        return new Page(this, userId);
    }

    private void Close(long userId)
    {
        // Never through zero and away in two steps, between which somebody could open another.
        while (_open.TryGetValue(userId, out var count))
        {
            if (count == 1 ? _open.TryRemove(KeyValuePair.Create(userId, 1)) : _open.TryUpdate(userId, count - 1, count))
            {
                return;
            }
        }
    }

    private sealed class Page(OpenPages pages, long userId) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                pages.Close(userId);
            }
        }
    }
}
