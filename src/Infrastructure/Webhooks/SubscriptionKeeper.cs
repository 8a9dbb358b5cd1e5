using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>
/// Sees to it that Calendly tells us: makes a subscription for every connection as soon as there is one, looks hourly whether
/// it still stands, makes it anew where it does not, and then reads what was missed. Without an address at which Calendly could
/// reach us it does nothing at all.
/// </summary>
internal sealed class SubscriptionKeeper(
    WebhookSubscriptions subscriptions,
    GapFill gapFill,
    CallbackAddress address,
    IConnections connections,
    CalendlyApiFor calendlyFor,
    ChangeFeed feed,
    JobLeases leases,
    WireTime time,
    ILogger<SubscriptionKeeper> log)
    : SharedJob(leases, time, log)
{
    private const int AtOnce = 50;
    private const int MostPages = 5;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);

    // What is left of Calendly's patience, and of ours, belongs to people who wait.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private static readonly (string Event, string Scope)[] Events =
    [
        ("invitee.created", "scheduled_events:read"),
        ("invitee.canceled", "scheduled_events:read"),
        ("invitee_no_show.created", "scheduled_events:read"),
        ("invitee_no_show.deleted", "scheduled_events:read"),
        ("event_type.created", "event_types:read"),
        ("event_type.updated", "event_types:read"),
        ("event_type.deleted", "event_types:read"),
    ];

    protected override string Job => "webhook subscriptions";

    protected override TimeSpan FirstAfter => TimeSpan.FromSeconds(1);

    protected override TimeSpan Every => TimeSpan.FromMinutes(1);

    // Each person is taken for longer than this, so losing the lease in the middle harms nobody.
    protected override TimeSpan LeaseLife => TimeSpan.FromSeconds(30);

    protected override bool IsWanted => address.Find() is not null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Happened += WakeOn;
        using var listening = address.OnListening(Wake);
        try
        {
            await base.ExecuteAsync(stoppingToken);
        }
        finally
        {
            feed.Happened -= WakeOn;
        }
    }

    public override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        await subscriptions.AddMissingAsync(null, cancellationToken);
        var done = new HashSet<long>();
        while (await subscriptions.DueAsync(AtOnce, cancellationToken) is { Count: > 0 } due && due.Any(done.Add))
        {
            foreach (var userId in due)
            {
                if (!await HoldsAsync(cancellationToken))
                {
                    return;
                }

                await LookAfterAsync(userId, cancellationToken);
                await RestAsync(Pace, cancellationToken);
            }
        }
    }

    /// <summary>Does for one person what is due; nothing where that is not, or where somebody else is at it.</summary>
    /// <param name="readsGap">False leaves what was missed for the next time, which is at once.</param>
    public async Task LookAfterAsync(long userId, CancellationToken cancellationToken, bool readsGap = true)
    {
        if (address.Find() is not { } ours || await subscriptions.ClaimAsync(userId, cancellationToken) is not { } row)
        {
            return;
        }

        var connection = await connections.FindAsync(userId, cancellationToken);
        if (connection is null || connection.CalendlyUserUri != row.CalendlyUserUri)
        {
            return;
        }

        var found = await FindOutAsync(row, connection, ours, cancellationToken);
        var gapFrom = found.Row.IsActive ? found.Row.GapFrom : null;
        if (!await subscriptions.SettleAsync(row, found.Row, gapFrom is not null && !readsGap ? TimeSpan.Zero : found.Wait, cancellationToken))
        {
            // The connection ended meanwhile; what was made just now would outlive it.
            if (found.Row.Uri is { } orphan && orphan != row.Uri)
            {
                await calendlyFor(Owner(userId)).DeleteWebhookSubscriptionAsync(CalendlyUri.LastSegment(orphan), cancellationToken);
            }

            return;
        }

        if (gapFrom is { } from && readsGap)
        {
            await ReadGapAsync(connection, found.Row, from, cancellationToken);
        }
    }

    private void WakeOn(Change change)
    {
        if (change.Kind == ChangeKind.Connection)
        {
            Wake();
        }
    }

    private static ConnectionOwner Owner(long userId) => new(userId) { Once = true };

    private async Task<(SubscriptionRow Row, TimeSpan Wait)> FindOutAsync(SubscriptionRow row, Connection connection, string ours, CancellationToken cancellationToken)
    {
        string[] events = [.. Events.Where(each => connection.Allows(each.Scope)).Select(each => each.Event)];
        if (connection.Status == ConnectionStatus.NeedsReconnect)
        {
            return (Without(row, LiveUpdateReason.AccessEnded), Hour());
        }

        if (!connection.Allows(RequestedScopes.LiveUpdates) || events.Length == 0)
        {
            return (Without(row, LiveUpdateReason.ScopeMissing), Hour());
        }

        var calendly = calendlyFor(Owner(row.UserId));
        var listed = await ListAsync(calendly, connection, cancellationToken);
        if (!listed.Succeeded(out var all, out var failure))
        {
            return AfterFailure(row, failure);
        }

        if (Standing(all, ours, events) is { } standing)
        {
            return (With(row, standing), Hour());
        }

        var lost = Lost(row, all.FirstOrDefault(each => each.Uri == row.Uri), ours);
        foreach (var useless in all.Where(each => each.CallbackUrl == ours || each.Uri == row.Uri))
        {
            var deleted = await calendly.DeleteWebhookSubscriptionAsync(useless.Id, cancellationToken);
            if (!deleted.Succeeded(out _, out var kept))
            {
                return AfterFailure(lost, kept);
            }
        }

        return await MakeAsync(calendly, lost, connection, ours, events, cancellationToken);
    }

    private async Task<(SubscriptionRow Row, TimeSpan Wait)> MakeAsync(
        ICalendlyApi calendly, SubscriptionRow row, Connection connection, string ours, string[] events, CancellationToken cancellationToken)
    {
        var request = new WebhookSubscriptionRequest(ours, events, connection.OrganizationUri, connection.CalendlyUserUri);
        var made = await calendly.CreateWebhookSubscriptionAsync(request, cancellationToken);
        if (made.Succeeded(out var subscription, out var failure))
        {
            return (With(row, subscription), Hour());
        }

        if (!CalendlyFailures.IsTaken(failure))
        {
            return AfterFailure(row, failure);
        }

        // Somebody was faster, perhaps an earlier self of ours whose answer was lost.
        var listed = await ListAsync(calendly, connection, cancellationToken);
        return !listed.Succeeded(out var all, out var trouble) ? AfterFailure(row, trouble)
            : Standing(all, ours, events) is { } standing ? (With(row, standing), Hour())
            : (Without(row, LiveUpdateReason.Rejected), Hour());
    }

    private static WebhookSubscription? Standing(IReadOnlyList<WebhookSubscription> all, string ours, string[] events) =>
        all.FirstOrDefault(each => each.IsActive && each.CallbackUrl == ours && events.All(each.Events.Contains));

    private static async Task<Result<List<WebhookSubscription>>> ListAsync(ICalendlyApi calendly, Connection connection, CancellationToken cancellationToken)
    {
        var all = new List<WebhookSubscription>();
        string? pageToken = null;
        for (var page = 0; page < MostPages; page++)
        {
            var query = new WebhookSubscriptionsQuery(connection.OrganizationUri, connection.CalendlyUserUri, PageToken: pageToken);
            if (!(await calendly.ListWebhookSubscriptionsAsync(query, cancellationToken)).Succeeded(out var answer, out var failure))
            {
                return failure;
            }

            all.AddRange(answer.Collection);
            if ((pageToken = answer.Pagination.NextPageToken) is null)
            {
                break;
            }
        }

        return all;
    }

    // A new subscription, or one that we did not know as ours, begins now: what happened before it may have been missed.
    private SubscriptionRow With(SubscriptionRow row, WebhookSubscription subscription)
    {
        if (subscription.RetryStartedAt is { } since && row.RetryingSince is null)
        {
            log.LogWarning("Calendly fails to deliver for connection {UserId} since {Since:O}; it gives up after a day", row.UserId, since);
        }

        var isSame = row.IsActive && row.Uri == subscription.Uri;
        return row with
        {
            Uri = subscription.Uri,
            CallbackUrl = subscription.CallbackUrl,
            State = SubscriptionState.Active,
            Reason = null,
            Since = isSame ? row.Since : row.Now,
            CheckedAt = row.Now,
            RetryingSince = subscription.RetryStartedAt,
            GapFrom = row.GapFrom ?? (row.IsActive && !isSame ? MissedFrom(row) : null),
        };
    }

    private SubscriptionRow Lost(SubscriptionRow row, WebhookSubscription? found, string ours)
    {
        if (!row.IsActive)
        {
            return row;
        }

        var reason = found switch
        {
            null => LiveUpdateReason.Gone,
            { IsActive: false } => LiveUpdateReason.Disabled,
            _ when found.CallbackUrl != ours => LiveUpdateReason.Moved,
            _ => (LiveUpdateReason?)null,
        };
        if (reason is null)
        {
            // It works, but tells less than we want by now: nothing was missed that it was asked for.
            return row with { Uri = null, State = SubscriptionState.Asked, Reason = nameof(LiveUpdateReason.NotYet) };
        }

        if (reason == LiveUpdateReason.Disabled)
        {
            log.LogCritical("Calendly has given up delivering for connection {UserId}: for a day it could not reach {Address}", row.UserId, row.CallbackUrl);
        }
        else
        {
            log.LogWarning("The subscription of connection {UserId} is of no use any more ({Reason}) and is made anew", row.UserId, reason);
        }

        return Stopped(row, reason.Value);
    }

    private static SubscriptionRow Stopped(SubscriptionRow row, LiveUpdateReason reason) => row with
    {
        Uri = null,
        State = SubscriptionState.Stopped,
        Reason = reason.ToString(),
        Since = row.Now,
        CheckedAt = row.Now,
        RetryingSince = null,
        GapFrom = row.GapFrom ?? MissedFrom(row),
    };

    // The last of which we know that we were told.
    private static DateTimeOffset MissedFrom(SubscriptionRow row) => row.LastDeliveryAt is { } last && last > row.Since ? last : row.Since;

    private static SubscriptionRow Without(SubscriptionRow row, LiveUpdateReason reason)
    {
        var name = reason.ToString();
        return row switch
        {
            { IsActive: true } => Stopped(row, reason),
            { State: SubscriptionState.Stopped } => row with { Reason = name, CheckedAt = row.Now },
            _ => row with { State = SubscriptionState.Refused, Reason = name, Since = row.Reason == name ? row.Since : row.Now, CheckedAt = row.Now },
        };
    }

    private static (SubscriptionRow Row, TimeSpan Wait) AfterFailure(SubscriptionRow row, Failure failure) => failure.Code switch
    {
        FailureCode.ScopeMissing => (Without(row, LiveUpdateReason.ScopeMissing), Hour()),
        FailureCode.CalendlyForbidden => (Without(row, LiveUpdateReason.NotAllowed), Hour()),
        FailureCode.ValidationFailed or FailureCode.NotFound => (Without(row, LiveUpdateReason.Rejected), Hour()),
        FailureCode.NotConnected or FailureCode.ReconnectRequired => (Without(row, LiveUpdateReason.AccessEnded), Hour()),

        // Nothing is known that was not known before.
        _ when row.IsActive || row.State == SubscriptionState.Stopped => (row, failure.RetryAfter > AfterTrouble ? failure.RetryAfter.Value : AfterTrouble),
        _ => (row with { State = SubscriptionState.Asked, Reason = nameof(LiveUpdateReason.NotYet) }, failure.RetryAfter > Soon ? failure.RetryAfter.Value : Soon),
    };

    private async Task ReadGapAsync(Connection connection, SubscriptionRow row, DateTimeOffset gapFrom, CancellationToken cancellationToken)
    {
        var read = await gapFill.ReadAsync(connection, gapFrom, cancellationToken);
        if (read.Succeeded(out var count, out var failure))
        {
            await subscriptions.FillAsync(row, gapFrom, count, cancellationToken);
            return;
        }

        log.LogInformation("The gap of connection {UserId} is read later: {Failure}", row.UserId, failure.Code);
        await subscriptions.SettleAsync(row, row, failure.RetryAfter > AfterTrouble ? failure.RetryAfter.Value : AfterTrouble, cancellationToken);
    }

    // A little less, at random, so that those who connected together are not looked after together for ever.
    private static TimeSpan Hour() => TimeSpan.FromMinutes(55 + (5 * Random.Shared.NextDouble()));
}
