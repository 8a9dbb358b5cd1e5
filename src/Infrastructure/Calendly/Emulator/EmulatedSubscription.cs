namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What a subscription is asked for with; checked already.</summary>
/// <param name="Scope"><c>user</c> or <c>organization</c>.</param>
/// <param name="SigningKey">Null takes the key of the application.</param>
internal sealed record SubscriptionRequest(Uri Address, IReadOnlyList<string> Events, string Scope, Secret? SigningKey);

/// <summary>Somebody who is told of events. What can change is guarded by the lock of <see cref="EmulatedWebhooks"/>.</summary>
internal sealed class EmulatedSubscription(string id, SubscriptionRequest request, EmulatedAccount creator, DateTimeOffset createdAt, Task life)
{
    public string Id => id;

    public string Uri { get; } = CalendlyUri.For("webhook_subscriptions", id);

    public SubscriptionRequest Request => request;

    public EmulatedAccount Creator => creator;

    public bool IsOfUser => request.Scope == "user";

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Ends when the whole world it belongs to is thrown away.</summary>
    public Task Life => life;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>Set while deliveries fail.</summary>
    public DateTimeOffset? RetryStartedAt { get; set; }

    public bool IsDisabled { get; set; }

    public bool IsGone { get; set; }

    /// <summary>Somebody is trying its deliveries, one after the other.</summary>
    public bool IsSending { get; set; }

    public ITimer? Timer { get; set; }

    public DeliveryLine Line { get; } = new();

    /// <summary>Deliveries that were acknowledged.</summary>
    public long Sent { get; set; }

    public long FailedTries { get; set; }

    /// <summary>Deliveries that will never come.</summary>
    public long Missed { get; set; }

    public bool IsActive => !IsDisabled && !IsGone;

    /// <summary>A subscription of a user is told of what this user holds, one of an organization of what any member holds.</summary>
    public bool Wants(WebhookNotice notice) => request.Events.Contains(notice.Event)
        && notice.Hosts.Any(host => IsOfUser ? host.Id == creator.Id : host.OrganizationId == creator.OrganizationId);

    /// <summary>Calendly takes an address once for the same scope of the same owner.</summary>
    public bool IsLike(SubscriptionRequest other, EmulatedAccount owner) => request.Address.OriginalString == other.Address.OriginalString && request.Scope == other.Scope
        && (IsOfUser ? owner.Id == creator.Id : owner.OrganizationId == creator.OrganizationId);
}
