namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>One call that reached the emulator, or tried to leave the process. Holds no token, code or secret.</summary>
/// <param name="Sequence">1 for the first call since the last reset.</param>
/// <param name="Path">With the host in front when the call was refused for wanting to go outside.</param>
/// <param name="Query">Without the question mark.</param>
/// <param name="Status">What the emulator decided; 0 when the call was never processed.</param>
/// <param name="Fault">The fault that spoilt this call; after <see cref="FaultKind.Drop"/>, for one, the caller never saw the status.</param>
internal sealed record JournalEntry(
    long Sequence,
    DateTimeOffset At,
    string Method,
    string Path,
    string Query,
    string Body,
    int Status,
    FaultKind? Fault);
