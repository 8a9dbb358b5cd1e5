using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Listings;

namespace CalendlySlices.Infrastructure.Bookings;

internal enum BookingState
{
    /// <summary>The form is open; nothing is known to be booked.</summary>
    Opened,

    /// <summary>On its way to Calendly, by our own form.</summary>
    Sending,

    /// <summary>Somebody said that it is booked, or an answer was lost; Calendly has not been seen to say so.</summary>
    Unconfirmed,

    /// <summary>Read from Calendly.</summary>
    Booked,

    /// <summary>Was booked; Calendly says that it is canceled.</summary>
    Canceled,
}

/// <summary>Somebody's attempt to book a session with a coach, and what came of it.</summary>
internal sealed record BookingAttempt
{
    /// <summary>Goes to Calendly with the booking, as <c>utm_content</c>, so that it is known again there. Random.</summary>
    public required string Nonce { get; init; }

    public required long UserId { get; init; }

    /// <summary>Whose connection sees the booking.</summary>
    public required long CoachId { get; init; }

    public required string CoachSlug { get; init; }

    public required string CoachName { get; init; }

    /// <summary>IANA.</summary>
    public required string CoachZone { get; init; }

    public required string EventTypeId { get; init; }

    public required string EventTypeName { get; init; }

    public required long Minutes { get; init; }

    public required BookingState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an attempt that came to nothing is forgotten; null for what was booked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The chosen start, and once it is booked that of the session.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The start before the session was moved.</summary>
    public DateTimeOffset? MovedFrom { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    /// <summary>Where the session takes place, in words; untrusted.</summary>
    public string? Place { get; init; }

    /// <summary>Always https.</summary>
    public string? JoinUrl { get; init; }

    public string? CanceledBy { get; init; }

    public string? CancelReason { get; init; }

    public string? EventUri { get; init; }

    public string? InviteeUri { get; init; }

    /// <summary>For the invitee alone: whoever has it can cancel.</summary>
    public string? CancelUrl { get; init; }

    /// <summary>For the invitee alone: whoever has it can move the session.</summary>
    public string? RescheduleUrl { get; init; }

    public bool IsBooked => State == BookingState.Booked;

    public string EventTypeUri => CalendlyUri.For("event_types", EventTypeId);

    /// <summary>Where the same is booked again.</summary>
    public string AgainUrl => BookingAddress.Of(CoachSlug, EventTypeId);

    public DateTimeOffset? End => EndsAt ?? StartsAt?.AddMinutes(Minutes);
}
