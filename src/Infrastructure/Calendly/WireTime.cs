namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>What retries, deadlines and pauses on the way to Calendly are measured with.</summary>
internal sealed record WireTime(TimeProvider Provider);
