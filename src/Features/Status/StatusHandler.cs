using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Status;

/// <param name="OwnerId">Whose connection is looked at; null where the reader's role has none.</param>
/// <param name="Row">A key of <see cref="StatusRows.Keys"/>, where only one row is asked for.</param>
internal sealed record StatusQuery(long? OwnerId, string? Row = null)
{
    public static StatusQuery Of(CurrentUser user, string? row = null) => new(user.SeesCalendar ? user.ConnectionOwnerId : null, row);
}

/// <summary>The connection as the JSON route tells it; never a token.</summary>
/// <param name="State"><c>notConnected</c>, <c>connected</c>, <c>limited</c>, <c>reconnectNeeded</c>, <c>unreachable</c> or <c>slowedDown</c>.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="RefreshedAt">When the present access token was issued; it ends at <paramref name="ExpiresAt"/>.</param>
/// <param name="SlowedForSeconds">How long Calendly still asks us to wait.</param>
internal sealed record CalendlyStatus(
    bool Connected,
    string State,
    string Message,
    string Mode,
    bool IsMock,
    CalendlyAccount? Account,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> MissingScopes,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? TroubleSince,
    int? SlowedForSeconds);

internal sealed record CalendlyAccount(string Uri, string? Name, string? Email, string? Timezone, string? SchedulingUrl);

/// <summary>Tells the state from our own records alone: it answers at once, and also when Calendly does not.</summary>
internal sealed class StatusHandler(IConnections connections, CalendlyWeather weather, CalendlyMode mode)
{
    public async Task<CalendlyStatus> HandleAsync(StatusQuery query, CancellationToken cancellationToken)
    {
        var connection = query.OwnerId is { } ownerId ? await connections.FindAsync(ownerId, cancellationToken) : null;
        var slowedFor = connection is null ? null : weather.SlowedFor(connection.UserId);
        string[] missing = connection is null ? [] : [.. RequestedScopes.All.Where(scope => !connection.Allows(scope))];

        // Left out, that one makes pages later, and none of them limited.
        var (state, message) = Name(connection, [.. missing.Where(scope => scope != RequestedScopes.LiveUpdates)], slowedFor);
        return new CalendlyStatus(
            connection is { Status: not ConnectionStatus.NeedsReconnect },
            state,
            message,
            mode.Name,
            mode.IsMock,
            connection is null ? null : new CalendlyAccount(
                connection.CalendlyUserUri, connection.Profile?.Name, connection.Profile?.Email, connection.Profile?.Timezone, connection.Profile?.SchedulingUrl),
            connection?.Scopes ?? [],
            missing,
            connection?.ConnectedAt,
            connection?.RefreshedAt,
            connection?.ExpiresAt,
            connection is null ? null : weather.TroubleSince,
            slowedFor is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null);
    }

    private (string State, string Message) Name(Connection? connection, string[] missing, TimeSpan? slowedFor) => connection switch
    {
        null => ("notConnected", FailureCode.NotConnected.DefaultMessage()),
        { Status: ConnectionStatus.NeedsReconnect or ConnectionStatus.Degraded } => ("reconnectNeeded", FailureCode.ReconnectRequired.DefaultMessage()),
        _ when weather.TroubleSince is not null => ("unreachable", FailureCode.CalendlyUnavailable.DefaultMessage()),
        _ when slowedFor is not null => ("slowedDown", "Calendly asked us to slow down. Nothing is lost."),
        _ when missing.Contains("scheduled_events:write") => ("limited", "Connected, but not allowed to cancel."),
        _ when missing.Length > 0 => ("limited", "Connected, but some permissions are missing."),
        _ => ("connected", "Connected to Calendly."),
    };
}
