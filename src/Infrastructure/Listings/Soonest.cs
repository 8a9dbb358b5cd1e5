namespace CalendlySlices.Infrastructure.Listings;

/// <summary>When a coach can be booked next, as far as it is known.</summary>
/// <param name="Type">The event type that was asked about: the coach's shortest.</param>
/// <param name="Starts">Those still ahead, soonest first; empty when nothing is open. Null when it could not be read.</param>
/// <param name="Problem">Why the last reading failed; the starts, if any, are then those of the one before.</param>
/// <param name="IsFresh">Asking again now would bring the same.</param>
internal sealed record Soonest(
    ListedEventType Type, IReadOnlyList<DateTimeOffset>? Starts, DateTimeOffset ReadAt, Failure? Problem, bool IsFresh)
{
    public DateTimeOffset? First => Starts is [var first, ..] ? first : null;

    /// <summary>The coach has to do something before anybody can book.</summary>
    public bool IsOutOfReach => Problem?.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired or FailureCode.ScopeMissing;
}
