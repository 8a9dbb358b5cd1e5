using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Features.Coaches;

/// <summary>The query of the directory, as sent.</summary>
/// <param name="Q">Words to look for.</param>
/// <param name="Free"><c>today</c> or <c>week</c>.</param>
/// <param name="Sort"><c>name</c> or <c>soonest</c>.</param>
/// <param name="Coach">Slugs of those that are ticked.</param>
/// <param name="Soonest"><c>1</c> waits for the soonest times, for browsers without scripts.</param>
/// <param name="Round">How often a page has asked for them.</param>
internal sealed record CoachesInput(string? Q, string? Tag, string? Free, string? Sort, string[]? Coach, string? Soonest, string? Round, ReaderZone Zone);
