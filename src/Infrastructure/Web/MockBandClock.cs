namespace CalendlySlices.Infrastructure.Web;

/// <summary>Lets the mock band say that its clock stands still. Whoever supplies such a clock registers this beside it.</summary>
internal sealed record MockBandClock(Func<bool> IsFrozen);
