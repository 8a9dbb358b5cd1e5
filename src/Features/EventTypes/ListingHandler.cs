using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Listings;

namespace CalendlySlices.Features.EventTypes;

internal sealed record ListingCommand(long UserId, string Id, bool Shown);

/// <summary>Shows an event type to realtors, or hides it again. Ours alone: Calendly hears nothing of it.</summary>
internal sealed class ListingHandler(OwnEventType types, ListedEventTypes listed)
{
    public async Task<Result<EventTypeRow>> HandleAsync(ListingCommand command, CancellationToken cancellationToken)
    {
        if (!(await types.FindAsync(command.UserId, command.Id, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        if (command.Shown)
        {
            var minutes = (int)Math.Ceiling(type.Duration);
            await listed.ShowAsync(command.UserId, command.Id, EventTypeWords.NameOf(type), minutes, cancellationToken);
        }
        else
        {
            await listed.HideAsync(command.UserId, command.Id, cancellationToken);
        }

        return EventTypeRow.Of(type, await listed.ChosenByAsync(command.UserId, cancellationToken));
    }
}
