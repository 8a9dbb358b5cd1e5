namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What testers do to webhooks.</summary>
internal static class WebhookHooks
{
    private const int MostCopies = 10;
    private const int MostAtOnce = 1_000;
    private const int LongestSeconds = 366 * 24 * 3600;

    private static readonly string[] States = ["active", "disabled", "gone"];
    private static readonly string[] Orders = ["inOrder", "reversed"];
    private static readonly string[] Events =
    [
        WebhookNotice.Created, WebhookNotice.Canceled, WebhookNotice.NoShowCreated, WebhookNotice.NoShowDeleted, WebhookNotice.TypeUpdated, "event_type.created", "event_type.deleted",
    ];

    public static void MapWebhookHooks(this IEndpointRouteBuilder hooks)
    {
        hooks.MapGet("/webhooks", List);
        hooks.MapPost("/webhooks/send", SendAsync);
        hooks.MapPost("/webhooks/order", Order);
        hooks.MapPost("/webhooks/subscription", ChangeState);
    }

    private static IResult List(CalendlyEmulator emulator) => Results.Json(new
    {
        subscriptions = emulator.Webhooks.Read(one => new
        {
            one.Uri,
            callbackUrl = one.Request.Address.OriginalString,
            account = one.Creator.Key,
            one.Request.Scope,
            one.Request.Events,
            state = one.IsDisabled ? "disabled" : "active",
            one.RetryStartedAt,
            waiting = one.Line.Count - one.Line.Failing,
            one.Line.Failing,
            one.Sent,
            one.FailedTries,
            one.Missed,
        }),
    });

    /// <summary>Delivers something that exists, as it is now, to whoever subscribes to it: once more, many times, long ago, or
    /// by somebody who has no key. With <c>order</c> both halves of the move that made, or ended, the invitee. Nothing of it
    /// is tried again.</summary>
    private static async Task<IResult> SendAsync(SendRequest request, CalendlyEmulator emulator, EmulatorDeliveries deliveries, CancellationToken cancellationToken)
    {
        if (request.Seal is not { } seal || request.Times is < 1 or > MostAtOnce || request.Of is null
            || !(request.Order is null ? Events.Contains(request.Event) : Orders.Contains(request.Order)))
        {
            return Results.BadRequest(new
            {
                problem = $"event is one of {string.Join(", ", Events)}, or order one of {string.Join(", ", Orders)}; of is an id or a URI; times is 1 to {MostAtOnce}; signature is bad or missing; ageSeconds is up to a year",
            });
        }

        var written = emulator.Webhooks.Write(emulator.At((desk, _) => request.Notices(desk.World)));
        if (written.Count == 0)
        {
            return Results.Conflict(new { problem = "there is nothing of that name, or nobody who subscribes to it" });
        }

        var answers = new List<object>();
        foreach (var (subscription, delivery) in written)
        {
            for (var copy = 0; copy < (request.Times ?? 1); copy++)
            {
                var status = await deliveries.TryAsync(subscription, delivery, seal, cancellationToken);
                answers.Add(new { subscription = subscription.Uri, delivery.Event, status });
            }
        }

        return Results.Json(new { deliveries = answers });
    }

    /// <summary>How the next deliveries come, for every subscription by itself: <c>{"order":"reversed","next":2}</c> holds two
    /// and sends the last first; <c>{"copies":2}</c> sends the next one twice; <c>{"delaySeconds":30}</c> sends it so much
    /// later by the mock clock. They combine, replace what was asked for before, and release what that held; <c>{}</c> is as
    /// usual.</summary>
    private static IResult Order(OrderRequest request, CalendlyEmulator emulator)
    {
        if (!(request.Order is null || Orders.Contains(request.Order))
            || request.Next is < 1 or > MostAtOnce || request.Copies is < 1 or > MostCopies || request.DelaySeconds is < 0 or > LongestSeconds)
        {
            return Results.BadRequest(new { problem = $"order is one of {string.Join(", ", Orders)}; next is 1 to {MostAtOnce}; copies is 1 to {MostCopies}; delaySeconds is up to a year" });
        }

        var isReversed = request.Order == "reversed";
        emulator.Webhooks.Wish(new DeliveryWish(request.Next ?? (isReversed ? 2 : 1), isReversed, request.Copies ?? 1, TimeSpan.FromSeconds(request.DelaySeconds ?? 0)));
        return Results.NoContent();
    }

    /// <summary>Something happens to what an account has subscribed to. Active again is more than Calendly would do.</summary>
    private static IResult ChangeState(StateRequest request, CalendlyEmulator emulator)
    {
        if (WorldAccounts.All.FirstOrDefault(account => account.Key == request.Account) is not { } account || !States.Contains(request.State))
        {
            return Results.BadRequest(new { problem = $"account is one of {string.Join(", ", WorldAccounts.All.Select(account => account.Key))}; state is one of {string.Join(", ", States)}" });
        }

        var changed = request.State == "gone" ? emulator.Webhooks.Remove(account) : emulator.Webhooks.Disable(account, request.State == "disabled");
        return changed == 0 ? Results.Conflict(new { problem = "this account has no subscription" }) : Results.Json(new { changed });
    }

    /// <param name="Of">An invitee, an event, of which the first who still comes is meant, or an event type.</param>
    private sealed record SendRequest(string? Event, string? Of, string? Order, int? Times, double? AgeSeconds, string? Signature)
    {
        /// <summary>Null where it cannot be.</summary>
        public DeliverySeal? Seal => Math.Abs(AgeSeconds ?? 0) > LongestSeconds ? null : Signature switch
        {
            null => new(SealKind.Good, TimeSpan.FromSeconds(AgeSeconds ?? 0)),
            "bad" => new(SealKind.Bad, TimeSpan.FromSeconds(AgeSeconds ?? 0)),
            "missing" => new(SealKind.Missing, TimeSpan.Zero),
            _ => null,
        };

        public List<WebhookNotice> Notices(CalendlyWorld world)
        {
            var id = CalendlyUri.LastSegment(Of!);
            if (Order is null && Event!.StartsWith("event_type.", StringComparison.Ordinal))
            {
                return world.TryGetEventType(id, out var type) ? [WebhookNotice.Of(Event, type)] : [];
            }

            var invitee = world.TryGetEvent(id, out var session) ? session.Invitees.FirstOrDefault(one => one.IsActive) ?? (session.Invitees is [var first, ..] ? first : null) : null;
            if (world.InviteeById(invitee?.Id ?? id) is not { } found)
            {
                return [];
            }

            return Order is null ? [WebhookNotice.Of(Event!, found.Session, found.Invitee)] : Halves(world, found.Invitee);
        }

        private List<WebhookNotice> Halves(CalendlyWorld world, EmulatedInvitee invitee)
        {
            var other = invitee.NewInvitee ?? invitee.OldInvitee;
            if (other is null || world.InviteeById(CalendlyUri.LastSegment(other)) is not { } half || world.InviteeById(invitee.Id) is not { } found)
            {
                return [];
            }

            var (before, after) = invitee.NewInvitee is null ? (half, found) : (found, half);
            List<WebhookNotice> halves =
            [
                WebhookNotice.Of(WebhookNotice.Canceled, before.Session, before.Invitee), WebhookNotice.Of(WebhookNotice.Created, after.Session, after.Invitee),
            ];
            if (Order == "reversed")
            {
                halves.Reverse();
            }

            return halves;
        }
    }

    private sealed record OrderRequest(string? Order, int? Next, int? Copies, double? DelaySeconds);

    private sealed record StateRequest(string? Account, string? State);
}
