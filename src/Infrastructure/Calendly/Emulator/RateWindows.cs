namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What a call finds in the current window of its user.</summary>
/// <param name="ResetSeconds">Seconds until the window ends, at least 1.</param>
internal readonly record struct RateStanding(bool Allowed, int Limit, int Remaining, int ResetSeconds)
{
    public EmulatorAnswer Mark(EmulatorAnswer answer) => answer
        .With("X-RateLimit-Limit", Limit)
        .With("X-RateLimit-Remaining", Remaining)
        .With("X-RateLimit-Reset", ResetSeconds);
}

/// <param name="Length">Of the window in which so many calls are allowed.</param>
internal sealed record RateLimit(string Kind, int Calls, TimeSpan Length);

/// <summary>Counts calls in windows, each opened by its first call. Not thread-safe.</summary>
internal sealed class RateWindows
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Kind, string Who), Window> _windows = [];

    /// <summary>In a window of one minute.</summary>
    public RateStanding Take(string kind, string who, int limit, DateTimeOffset now)
    {
        var window = Current(kind, who, Minute, now);
        var allowed = window.Used < limit;
        window.Used += allowed ? 1 : 0;
        return Standing(allowed, window, limit, Minute, now);
    }

    /// <summary>One call that several windows count. It is allowed when all of them allow it, and told of the one that leaves
    /// least, or of those of which the one that lasts longest; Calendly does not say which it tells of.</summary>
    public RateStanding Take(string who, IReadOnlyList<RateLimit> limits, DateTimeOffset now)
    {
        var windows = limits.Select(limit => (Limit: limit, Window: Current(limit.Kind, who, limit.Length, now))).ToList();
        var allowed = windows.TrueForAll(one => one.Window.Used < one.Limit.Calls);
        foreach (var (_, window) in windows)
        {
            window.Used += allowed ? 1 : 0;
        }

        return windows.Select(one => Standing(allowed, one.Window, one.Limit.Calls, one.Limit.Length, now))
            .OrderBy(standing => standing.Remaining).ThenByDescending(standing => standing.ResetSeconds).First();
    }

    private Window Current(string kind, string who, TimeSpan length, DateTimeOffset now)
    {
        if (!_windows.TryGetValue((kind, who), out var window) || now >= window.Start + length || now < window.Start)
        {
            window = new Window { Start = now };
            _windows[(kind, who)] = window;
        }

        return window;
    }

    private static RateStanding Standing(bool allowed, Window window, int limit, TimeSpan length, DateTimeOffset now) =>
        new(allowed, limit, Math.Max(0, limit - window.Used), (int)Math.Ceiling((window.Start + length - now).TotalSeconds));

    private sealed class Window
    {
        public DateTimeOffset Start { get; init; }

        public int Used { get; set; }
    }
}
