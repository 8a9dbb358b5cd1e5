using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Features.Booking;

/// <summary>Why the server is to look at Calendly.</summary>
/// <param name="Event">What the frame says was booked; a hint.</param>
/// <param name="Invitee">Who the frame says booked; a hint.</param>
/// <param name="Why"><c>told</c> by the frame, <c>closed</c>, or anything else for another look.</param>
internal sealed record CheckCommand(CurrentUser User, string? Attempt, string? Event, string? Invitee, string? Why)
{
    public bool IsTold => Why == "told";

    public bool IsClosed => Why == "closed";
}
