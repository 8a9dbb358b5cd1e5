namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Whether Calendly tells us by itself when something changes.</summary>
internal interface ILiveUpdates
{
    /// <summary>From our own records alone.</summary>
    Task<LiveUpdates> FindAsync(long ownerId, CancellationToken cancellationToken);

    /// <summary>Asks Calendly at once, where it could help; not again within ten seconds of its last answer. What came of it is
    /// found by <see cref="FindAsync"/>.</summary>
    Task TurnOnAsync(long ownerId, CancellationToken cancellationToken);
}

internal enum LiveUpdateState
{
    /// <summary>They are not on, and have never been over this connection.</summary>
    NotOn,

    On,

    /// <summary>They were on and have stopped.</summary>
    Stopped,
}

/// <summary>Why they are not on; the names stand in the database.</summary>
internal enum LiveUpdateReason
{
    NotConnected,

    /// <summary>Our access has ended.</summary>
    AccessEnded,

    /// <summary>Calendly knows no address at which it could reach us.</summary>
    NoAddress,

    /// <summary>The permission was left out, or is older than the wish for it.</summary>
    ScopeMissing,

    /// <summary>Calendly says that the plan or the role does not allow it.</summary>
    NotAllowed,

    /// <summary>Calendly does not take our address, or what we want to be told.</summary>
    Rejected,

    /// <summary>Nobody has asked yet, or Calendly has not answered yet.</summary>
    NotYet,

    /// <summary>Calendly could not reach us for a day and gave up.</summary>
    Disabled,

    /// <summary>Calendly does not know of it any more.</summary>
    Gone,

    /// <summary>They went to another address of ours.</summary>
    Moved,
}

/// <param name="Since">When the state began; null when it has always been so.</param>
/// <param name="LastDeliveryAt">When Calendly last told us something.</param>
/// <param name="LastGapFilledAt">When we last fetched what we had not been told.</param>
/// <param name="Why">Null while they are on.</param>
/// <param name="Every">How often open pages have Calendly asked instead; null while they are on, and where it cannot be asked.</param>
/// <param name="FailingSince">They are on, but since then Calendly has trouble reaching us.</param>
internal sealed record LiveUpdates(
    LiveUpdateState State,
    DateTimeOffset? Since = null,
    DateTimeOffset? LastDeliveryAt = null,
    DateTimeOffset? LastGapFilledAt = null,
    LiveUpdateReason? Why = null,
    TimeSpan? Every = null,
    DateTimeOffset? FailingSince = null);
