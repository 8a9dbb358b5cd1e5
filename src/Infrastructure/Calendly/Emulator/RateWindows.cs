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

/// <summary>Counts calls in windows of one minute, each opened by its first call. Not thread-safe.</summary>
internal sealed class RateWindows
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Kind, string Who), Window> _windows = [];

    public RateStanding Take(string kind, string who, int limit, DateTimeOffset now)
    {
        if (!_windows.TryGetValue((kind, who), out var window) || now >= window.Start + Length || now < window.Start)
        {
            window = new Window { Start = now };
            _windows[(kind, who)] = window;
        }

        var allowed = window.Used < limit;
        window.Used += allowed ? 1 : 0;
        var reset = (int)Math.Ceiling((window.Start + Length - now).TotalSeconds);
        return new RateStanding(allowed, limit, Math.Max(0, limit - window.Used), reset);
    }

    private sealed class Window
    {
        public DateTimeOffset Start { get; init; }

        public int Used { get; set; }
    }
}
