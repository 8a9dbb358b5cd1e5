using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Status;

/// <summary>
/// Asks Calendly anew. Two calls, and at most four where the first finds the token refused: one after the other, because
/// both would find that out and be sent again.
/// </summary>
internal sealed class CheckHandler(StatusChecks checks, IConnections connections, ITokenStore store, CalendlyWeather weather, CalendlyApiFor calendlyFor)
{
    /// <summary>Starts a check and does not wait for it. Fails with <c>NotConnected</c>, <c>ReconnectRequired</c>, and
    /// <c>RateLimited</c> where Calendly, or our own pause between checks, asks to wait; then nothing is called.</summary>
    public async Task<Result<StatusCheck>> StartAsync(StatusQuery query, CancellationToken cancellationToken)
    {
        var connection = query.OwnerId is { } ownerId ? await connections.FindAsync(ownerId, cancellationToken) : null;
        if (connection is not { Status: not ConnectionStatus.NeedsReconnect })
        {
            return new Failure(connection is null ? FailureCode.NotConnected : FailureCode.ReconnectRequired);
        }

        return weather.SlowedFor(connection.UserId) is { } wait
            ? new Failure(FailureCode.RateLimited) { RetryAfter = wait }
            : checks.Start(connection.UserId, () => Begin(connection));
    }

    // It goes on when the reader leaves, so nothing of the request may be used in it.
    private (Task Account, Task List) Begin(Connection connection)
    {
        var calendly = calendlyFor(new ConnectionOwner(connection.UserId) { Once = true });
        var account = Task.Run(() => ReadAccountAsync(calendly, connection.UserId));
        return (account, Task.Run(async () => await ReadListAsync(calendly, connection, await account)));
    }

    private async Task<Failure?> ReadAccountAsync(ICalendlyApi calendly, long ownerId)
    {
        var answer = await calendly.GetCurrentUserAsync(CancellationToken.None);
        if (!answer.Succeeded(out var user, out var failure))
        {
            return failure;
        }

        await store.KeepProfileAsync(ownerId, new CalendlyProfile(user.Name, user.Email, user.Timezone, user.SchedulingUrl), CancellationToken.None);
        return null;
    }

    private static async Task ReadListAsync(ICalendlyApi calendly, Connection connection, Failure? accountFailure)
    {
        if (accountFailure?.Code != FailureCode.ReconnectRequired && connection.Allows("scheduled_events:read"))
        {
            await calendly.ListScheduledEventsAsync(new ScheduledEventsQuery(connection.CalendlyUserUri), CancellationToken.None);
        }
    }
}
