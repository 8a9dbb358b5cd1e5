using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Features.ScheduledEvents;

/// <param name="List">The list on the page.</param>
/// <param name="Ids">Sessions that changed and are not on it, joined by commas; what is no id is left out.</param>
internal sealed record SessionNewsQuery(SessionListQuery List, string? Ids);

/// <param name="Fresh">Those of the sessions that the list would show now.</param>
/// <param name="NamesUrl">Brings the name for the next session; null when there is none.</param>
internal sealed record SessionNews(IReadOnlyList<string> Fresh, NextUp? NextUp, string ListUrl, string? NamesUrl);

/// <summary>What a list on a page lacks, found by making the list anew: nothing else knows what belongs to it.</summary>
internal sealed class SessionNewsHandler(SessionListHandler lists)
{
    public async Task<Result<SessionNews>> HandleAsync(SessionNewsQuery query, CancellationToken cancellationToken)
    {
        var asked = (query.Ids ?? string.Empty).Split(',').Where(CalendlyUri.IsWellFormedId).ToHashSet(StringComparer.Ordinal);
        return (await lists.HandleAsync(query.List, cancellationToken)).Map(list => new SessionNews(
            [.. list.Rows.Days.SelectMany(day => day.Rows).Select(row => row.Id).Where(asked.Contains)],
            list.NextUp,
            list.SelfUrl,
            list.NextUp is { } next ? $"/sessions/invitees?ids={next.Id}" : null));
    }
}
