namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>How a delivery stands; the names are in the database.</summary>
internal static class DeliveryState
{
    public const string Waiting = "waiting";

    /// <summary>One half of a move, told when the other half has come or does not come.</summary>
    public const string Held = "held";

    public const string Done = "done";
    public const string Ignored = "ignored";

    /// <summary>Given up, or never readable.</summary>
    public const string Dead = "dead";

    public static readonly IReadOnlyList<string> All = [Waiting, Held, Done, Ignored, Dead];
}

/// <summary>What has come of a delivery; the names are in the database.</summary>
internal static class DeliveryResult
{
    /// <summary>Somebody was told something new.</summary>
    public const string Applied = "applied";

    /// <summary>Nothing in it was new.</summary>
    public const string Known = "known";

    public const string UnknownEvent = "unknown-event";

    /// <summary>Nobody here is connected as its Calendly user.</summary>
    public const string NoConnection = "no-connection";

    /// <summary>The person has to reconnect first, or has not allowed us to read sessions.</summary>
    public const string NotUsable = "not-usable";

    /// <summary>Calendly shows no such thing to its Calendly user.</summary>
    public const string Gone = "gone";

    /// <summary>It names another person's session.</summary>
    public const string NotTheirs = "not-theirs";

    public const string Unreadable = "unreadable";

    /// <summary>Calendly, or our database, did not answer; tried again later.</summary>
    public const string Outage = "outage";

    /// <summary>A fault of ours; tried again later.</summary>
    public const string Fault = "fault";
}

/// <summary>A delivery whose signature is good, as it is kept.</summary>
/// <param name="Digest">SHA-256 of the body, in lower-case hex.</param>
/// <param name="KeyNumber">Counted from one.</param>
/// <param name="Envelope">Null when the body cannot be read.</param>
/// <param name="Body">Null when nobody will need it.</param>
internal sealed record ReceivedDelivery(string Digest, DateTimeOffset SignedAt, bool IsStale, int KeyNumber, WebhookEnvelope? Envelope, string? Body);

/// <summary>A delivery that one worker works on, for a while.</summary>
internal sealed record ClaimedDelivery
{
    public long Id { get; init; }

    public string Event { get; init; } = string.Empty;

    public string SenderUri { get; init; } = string.Empty;

    public string? SessionId { get; init; }

    public string? InviteeId { get; init; }

    public string? EventTypeId { get; init; }

    public string State { get; init; } = DeliveryState.Waiting;

    /// <summary>This one included.</summary>
    public long Attempts { get; init; }

    /// <summary>Whatever is written must still find it there.</summary>
    public string Claim { get; init; } = string.Empty;

    /// <summary>The last delivery that had come when it was claimed: what is read from now on tells of all of them.</summary>
    public long UpTo { get; init; }

    public bool IsHeld => State == DeliveryState.Held;
}

/// <summary>A delivery as an administrator sees it.</summary>
/// <param name="Name">Whose it is, as Calendly calls them; null when that is not known.</param>
internal sealed record DeliveryEntry(
    long Id, DateTimeOffset ReceivedAt, DateTimeOffset SignedAt, bool IsStale, long KeyNumber, string Event, long? UserId, string? Name, string State, string? Result, long Copies, long Attempts, bool NamesSomething)
{
    /// <summary>It can be worked on once more.</summary>
    public bool CanBeReplayed => NamesSomething && (State is DeliveryState.Done or DeliveryState.Dead);
}
