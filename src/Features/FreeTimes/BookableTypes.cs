using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>Which event types somebody may look at: a coach the own ones, everybody those that a coach shows.</summary>
internal sealed class BookableTypes(
    EventTypeReads eventTypes, ListedEventTypes listings, CalendlyApiFor calendlyFor, IConnections connections, ReadCache cache)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);

    /// <summary>What the picker offers: active ones only, and at most one call.</summary>
    public async Task<Result<IReadOnlyList<PickerChoice>>> ChoicesAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        if (!user.SeesCalendar)
        {
            return (await listings.AllAsync(cancellationToken))
                .Select(listed => new PickerChoice(listed.Id, $"{listed.Name}, {listed.DurationMinutes} min", listed.Coach)).ToList();
        }

        return (await eventTypes.ReadAsync(user.ConnectionOwnerId, cancellationToken)).Map<IReadOnlyList<PickerChoice>>(reading =>
            [.. reading.Value.Types.Where(type => type.Active).OrderBy(type => type.Position).Select(type =>
                new PickerChoice(CalendlyUri.LastSegment(type.Uri), $"{type.Name ?? "Event type"}, {type.Duration:0.##} min", null))]);
    }

    /// <summary>Fails with <c>NotFound</c> for what is not the reader's to see, and with <c>EventTypeOff</c> for what nobody
    /// can book; otherwise as a call of Calendly's does.</summary>
    public async Task<Result<BookableType>> FindAsync(CurrentUser user, string eventTypeId, CancellationToken cancellationToken)
    {
        var found = user.SeesCalendar ? await FindOwnAsync(user, eventTypeId, cancellationToken) : new Failure(FailureCode.NotFound);
        // A delegate sees one coach's pages: what others show to realtors is not among them.
        if (!found.Succeeded(out var bookable, out var failure) && user.Role != Role.Delegate && await listings.FindAsync(eventTypeId, cancellationToken) is { } listed && listed.OwnerId != user.ConnectionOwnerId)
        {
            found = await FindListedAsync(listed, cancellationToken);
        }

        return found.Succeeded(out bookable, out failure) && (bookable.Type.DeletedAt is not null || !bookable.Type.Active)
            ? new Failure(
                FailureCode.EventTypeOff,
                bookable.Type.DeletedAt is null ? $"{bookable.Name} is off in Calendly, so nobody can book it." : $"{bookable.Name} has been deleted in Calendly.")
            : found;
    }

    private async Task<Result<BookableType>> FindOwnAsync(CurrentUser user, string eventTypeId, CancellationToken cancellationToken)
    {
        if (!(await eventTypes.ReadAsync(user.ConnectionOwnerId, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return failure;
        }

        if (reading.Value.Find(eventTypeId) is { } own)
        {
            return Own(own);
        }

        // Not in the list: deleted, perhaps, or somebody else's.
        var owner = await connections.FindAsync(user.ConnectionOwnerId, cancellationToken);
        return (await ReadAsync(user.ConnectionOwnerId, eventTypeId, cancellationToken)).Succeeded(out var other, out failure)
            ? other.Profile?.Owner == owner?.CalendlyUserUri ? Own(other) : new Failure(FailureCode.NotFound)
            // Another's event type: which ids exist is nobody's business.
            : failure.Code == FailureCode.CalendlyForbidden ? new Failure(FailureCode.NotFound) : failure;

        BookableType Own(EventType type) => new(type, user.ConnectionOwnerId, IsHost: true, Coach: null, CoachZone: null);
    }

    private async Task<Result<BookableType>> FindListedAsync(ListedEventType listed, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(listed.OwnerId, listed.Id, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return new BookableType(type, listed.OwnerId, IsHost: false, listed.Coach, ReaderZone.Find(listed.Timezone))
            {
                CoachSlug = listed.CoachSlug,
            };
        }

        return failure.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing
            ? BookableType.Unreachable(listed.Coach)
            : failure;
    }

    private async Task<Result<EventType>> ReadAsync(long ownerId, string eventTypeId, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(ownerId, cancellationToken);
        if (!connection.IsUsable(EventTypeReads.Scope, out var hindrance))
        {
            return hindrance;
        }

        var calendly = calendlyFor(new ConnectionOwner(ownerId));
        var result = await cache.GetAsync(
            ownerId, $"/event_types/{eventTypeId}", FreshFor, TimeSpan.Zero, cancellation => calendly.GetEventTypeAsync(eventTypeId, cancellation), cancellationToken);
        return result.Map(reading => reading.Value);
    }
}
