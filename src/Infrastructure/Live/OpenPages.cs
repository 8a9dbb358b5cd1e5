using CalendlySlices.Infrastructure.Data;

namespace CalendlySlices.Infrastructure.Live;

/// <summary>Whose calendars are open in a browser that this instance serves. A singleton.</summary>
internal sealed class OpenPages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _open = [];
    private readonly WakeSignal _opened = new();

    /// <summary>Each person once, however many pages are open.</summary>
    public IReadOnlyCollection<long> UserIds
    {
        get
        {
            lock (_lock)
            {
                return [.. _open.Keys];
            }
        }
    }

    /// <summary>Completes when somebody's first page opens.</summary>
    public Task Opened => _opened.Next;

    /// <summary>Notes a page until what is returned is disposed of.</summary>
    /// <param name="userId">The calendar's owner, whoever looks at it.</param>
    public IDisposable Open(long userId)
    {
        bool isFirst;
        lock (_lock)
        {
            _open[userId] = _open.GetValueOrDefault(userId) + 1;
            isFirst = _open[userId] == 1;
        }

        if (isFirst)
        {
            _opened.Raise();
        }

        return new Page(this, userId);
    }

    private void Close(long userId)
    {
        lock (_lock)
        {
            if (--_open[userId] == 0)
            {
                _open.Remove(userId);
            }
        }
    }

    private sealed class Page(OpenPages pages, long userId) : IDisposable
    {
        private bool _closed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _closed, true))
            {
                pages.Close(userId);
            }
        }
    }
}
