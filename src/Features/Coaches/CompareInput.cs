using CalendlySlices.Infrastructure.Identity;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Features.Coaches;

/// <summary>The query of the comparison, as sent.</summary>
/// <param name="Coach">Slugs.</param>
/// <param name="Week">A day of it in the reader's zone, as <c>2026-03-10</c>; without one, this week.</param>
/// <param name="View"><c>week</c> or <c>list</c>.</param>
/// <param name="Hours"><c>all</c> also draws the hours before 06:00 and after 22:00.</param>
internal sealed record CompareInput(string[]? Coach, string? Week, string? View, string? Hours, ReaderZone Zone)
{
    public LocalDate? Day => Week is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day } ? day : null;
}
