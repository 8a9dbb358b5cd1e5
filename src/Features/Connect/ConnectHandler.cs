using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Connect;

/// <param name="Account"><see cref="Earlier"/> keeps the connected account, <see cref="Fresh"/> takes the one that waits.</param>
internal sealed record SwitchCommand(string? Account)
{
    public const string Earlier = "earlier";
    public const string Fresh = "fresh";
}

/// <param name="Connection">Null when not connected.</param>
/// <param name="AwaitsChoice">Another Calendly account has been granted; the person has to say which one counts.</param>
internal sealed record ConnectionCard(Connection? Connection, bool AwaitsChoice, string Place, string? Problem = null)
{
    public IReadOnlyList<Permission> Permissions { get; } =
        [.. Permission.All.Select(permission => permission with { Granted = Connection?.Allows(permission.Scope) ?? false })];
}

/// <summary>One scope of Calendly's, in words.</summary>
internal sealed record Permission(string Scope, string Words, bool Granted = false)
{
    public static readonly IReadOnlyList<Permission> All =
    [
        new("users:read", "See who you are at Calendly"),
        new("event_types:read", "Read your event types"),
        new("event_types:write", "Turn an event type on or off when you ask for it"),
        new("availability:read", "Read your hours, and when you are free or busy"),
        new("availability:write", "Change hours when you save them here"),
        new("scheduled_events:read", "Read your sessions and who booked them"),
        new("scheduled_events:write", "Cancel a session when you press Cancel"),
        new("scheduling_links:write", "Make a link for one booking when you ask for it"),
        new(RequestedScopes.LiveUpdates, "Be told at once when something changes, so that pages follow"),
    ];
}

/// <summary>What was found when a new connection was looked at.</summary>
internal sealed record ConnectionCheck(CalendlyProfile? Account, IReadOnlyList<Permission> Missing, bool SessionsRead, string Place)
{
    public bool AllWell => Account is not null && Missing.Count == 0 && SessionsRead;
}

internal sealed class ConnectHandler(IConnections connections, PendingSwitches switches, CalendlyGrants grants, ICalendlyApi calendly, ReadCache reads)
{
    public async Task<ConnectionCard> CardAsync(CurrentUser user, string? place, CancellationToken cancellationToken) => new(
        await connections.FindAsync(user.Id, cancellationToken),
        await switches.WaitsAsync(user.Id, cancellationToken),
        ReturnPlace.NameOf(place));

    public async Task<ConnectionCheck> CheckAsync(CurrentUser user, string place, CancellationToken cancellationToken)
    {
        reads.Forget(user.Id);
        var account = await grants.ReadProfileAsync(user.Id, cancellationToken);
        var card = await CardAsync(user, place, cancellationToken);
        var sessions = card.Connection is { } connection
            && (await calendly.ListScheduledEventsAsync(new ScheduledEventsQuery(connection.CalendlyUserUri, Count: 1), cancellationToken)).Succeeded(out _, out _);
        return new ConnectionCheck(account, [.. card.Permissions.Where(permission => !permission.Granted)], sessions, place);
    }

    /// <summary>True when Calendly has confirmed that our access is over.</summary>
    public async Task<bool> DisconnectAsync(CurrentUser user)
    {
        reads.Forget(user.Id);
        return await grants.DisconnectAsync(user.Id);
    }

    /// <summary>Null when all went well, otherwise the word for the page that follows.</summary>
    public async Task<string?> SwitchAsync(CurrentUser user, SwitchCommand command)
    {
        reads.Forget(user.Id);
        if (command.Account == SwitchCommand.Earlier)
        {
            await grants.KeepOldAsync(user.Id);
            return null;
        }

        return await grants.SwitchAsync(user.Id) switch
        {
            GrantOutcome.Connected => null,
            null => "gone",
            _ => "inuse",
        };
    }
}
