namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What only few sessions have.</summary>
internal sealed record SessionExtras
{
    public string? Name { get; init; }

    public string? Notes { get; init; }

    public IReadOnlyList<string> Guests { get; init; } = [];

    public IReadOnlyList<EmulatedAccount> CoHosts { get; init; } = [];

    /// <summary>When is set by the book: a few hours before the session or the world's start.</summary>
    public EmulatedCancellation? Canceled { get; init; }

    public static SessionExtras CanceledBy(string name, string? reason, bool byHost) =>
        new() { Canceled = new EmulatedCancellation(name, reason, byHost, default) };
}
