using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Cancel;

/// <param name="Already">Somebody had canceled it before; nothing was sent.</param>
internal sealed record CancelOutcome(ScheduledEvent Session, Cancellation? Cancellation, bool Already);

/// <summary>
/// Cancels a session at Calendly. Success and refusal are claimed only when seen; where the answer was lost, the event
/// itself is asked. Fails with <c>CancelOutcomeUnknown</c> when that cannot be read either.
/// </summary>
internal sealed class CancelHandler(ICalendlyApi calendly, IConnections connections, CancelFlights flights, ReadCache cache, Changes changes, TimeProvider clock)
{
    public const string Scope = "scheduled_events:write";

    public const string NotFound = "We could not find that session. It may belong to another account.";

    // A long way beyond what a call with all its retries takes; only so that nothing runs for ever.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <param name="command">Validated.</param>
    public async Task<Result<CancelOutcome>> HandleAsync(long userId, CancelCommand command, CancellationToken cancellationToken)
    {
        var connection = await connections.FindAsync(userId, cancellationToken);
        if (!connection.IsUsable(Scope, out var failure))
        {
            return failure;
        }

        return await flights.JoinAsync(userId, command.Uuid!, () => RunAsync(connection, command), cancellationToken);
    }

    /// <summary>An administrator's token reads all of the organization; a session that the person does not host is as good
    /// as absent, so that ids cannot be probed.</summary>
    public static bool IsHostedBy(ScheduledEvent session, Connection connection) =>
        session.EventMemberships.Any(membership => membership.User == connection.CalendlyUserUri);

    /// <summary>Why a session cannot be canceled, or null.</summary>
    public static Failure? Refusal(ScheduledEvent session, Connection connection, DateTimeOffset now) =>
        !IsHostedBy(session, connection) ? new Failure(FailureCode.NotFound, NotFound)
        : session.IsCanceled ? new Failure(FailureCode.EventAlreadyCanceled)
        : session.StartTime <= now ? new Failure(FailureCode.EventInPast, $"Not canceled: it started {ZonedTime.Span(now - session.StartTime)} ago.")
        : null;

    private async Task<Result<CancelOutcome>> RunAsync(Connection connection, CancelCommand command)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        Result<CancelOutcome> result;
        try
        {
            result = await LookAndSendAsync(connection, command, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            result = new Failure(FailureCode.CancelOutcomeUnknown);
        }

        // Lists may now be wrong even where we do not know that they are.
        if (result.Succeeded(out _, out var failure) || failure.Code == FailureCode.CancelOutcomeUnknown)
        {
            cache.Forget(connection.UserId);
            await changes.TryAddAsync(connection.UserId, ChangeKind.Session, command.Uuid);
        }

        return result;
    }

    private async Task<Result<CancelOutcome>> LookAndSendAsync(Connection connection, CancelCommand command, CancellationToken cancellationToken)
    {
        var read = await calendly.GetScheduledEventAsync(command.Uuid!, cancellationToken);
        if (!read.Succeeded(out var session, out var failure))
        {
            return failure.Code == FailureCode.NotFound ? failure with { Message = NotFound } : failure;
        }

        return Refusal(session, connection, clock.GetUtcNow()) switch
        {
            null => await SendAsync(session, command.CleanReason, cancellationToken),
            { Code: FailureCode.EventAlreadyCanceled } => new CancelOutcome(session, session.Cancellation, Already: true),
            var refusal => refusal,
        };
    }

    private async Task<Result<CancelOutcome>> SendAsync(ScheduledEvent session, string? reason, CancellationToken cancellationToken)
    {
        var sent = await calendly.CancelEventAsync(session.Id, reason, cancellationToken);
        if (sent.Succeeded(out var cancellation, out var failure))
        {
            return new CancelOutcome(session, cancellation, Already: false);
        }

        if (failure.Code == FailureCode.EventAlreadyCanceled)
        {
            // Between our look and our post. Who did it is worth one more look, but not worth failing for.
            var now = await calendly.GetScheduledEventAsync(session.Id, cancellationToken);
            return now.Succeeded(out var canceled, out _) ? new CancelOutcome(canceled, canceled.Cancellation, Already: true)
                : new CancelOutcome(session, null, Already: true);
        }

        return failure.IsOutage && failure.Code != FailureCode.RateLimited ? await SettleAsync(session, reason, cancellationToken) : failure;
    }

    // The answer was lost, not necessarily the request. One more post cannot do harm where the event is seen to be active;
    // after that only what the event says counts.
    private async Task<Result<CancelOutcome>> SettleAsync(ScheduledEvent session, string? reason, CancellationToken cancellationToken)
    {
        var unknown = new Failure(FailureCode.CancelOutcomeUnknown);
        var read = await calendly.GetScheduledEventAsync(session.Id, cancellationToken);
        if (!read.Succeeded(out var seen, out _))
        {
            return unknown;
        }

        if (!seen.IsCanceled)
        {
            var sent = await calendly.CancelEventAsync(session.Id, reason, cancellationToken);
            if (sent.Succeeded(out var cancellation, out var failure))
            {
                return new CancelOutcome(seen, cancellation, Already: false);
            }

            if (!failure.IsOutage && failure.Code != FailureCode.EventAlreadyCanceled)
            {
                return failure;
            }

            read = await calendly.GetScheduledEventAsync(session.Id, cancellationToken);
        }

        return read.Succeeded(out seen, out _) && seen.IsCanceled ? new CancelOutcome(seen, seen.Cancellation, Already: false) : unknown;
    }
}
