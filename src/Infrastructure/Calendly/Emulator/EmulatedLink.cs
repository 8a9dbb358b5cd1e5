namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A link to an event type that can be used once. Source:
/// https://developer.calendly.com/docs/getting-started/frequently-asked-questions</summary>
internal sealed class EmulatedLink(string code, string eventTypeId, DateTimeOffset createdAt)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public string Code => code;

    public string EventTypeId => eventTypeId;

    /// <summary>Somebody has booked with it.</summary>
    public bool IsUsed { get; set; }

    public bool IsGood(DateTimeOffset now) => !IsUsed && now - createdAt <= Life;
}
