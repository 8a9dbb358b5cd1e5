using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class FreeTimesApiHandler(BookableTypes bookable, AvailableTimeReads times)
{
    public async Task<Result<(BookableType Type, Reading<IReadOnlyList<AvailableTime>> Times)>> HandleAsync(
        CurrentUser user, string eventTypeId, AvailableTimesWindow window, CancellationToken cancellationToken) =>
        !(await bookable.FindAsync(user, eventTypeId, cancellationToken)).Succeeded(out var type, out var failure) ? failure
            : (await times.ReadAsync(type.OwnerId, type.Type.Uri, window, cancellationToken)).Succeeded(out var reading, out failure) ? (type, reading)
            : type.ForReader(failure);
}
