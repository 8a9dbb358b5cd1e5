namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Real Calendly or the emulator; fixed when the process starts and shown on every answer.</summary>
internal sealed record CalendlyMode(bool IsReal)
{
    public bool IsMock => !IsReal;

    /// <summary><c>real</c> or <c>mock</c>: the <c>X-Calendly-Mode</c> header, and part of every stored envelope.</summary>
    public string Name => IsReal ? "real" : "mock";
}
