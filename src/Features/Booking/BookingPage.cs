using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;

namespace CalendlySlices.Features.Booking;

/// <summary>The chosen start in words.</summary>
/// <param name="Value">The instant, as addresses carry it.</param>
/// <param name="When">By the reader's clock, with the zone.</param>
/// <param name="ForCoach">By the coach's, where that differs.</param>
/// <param name="Seats">Left in a group; null for one-on-one.</param>
internal sealed record PickedTime(string Value, string When, string? ForCoach, string? Seats);

/// <summary>Calendly's form in a frame, with everything around it.</summary>
/// <param name="Time">Null when the reader chooses in Calendly's form.</param>
/// <param name="FrameUrl">Null when Calendly gives no address of its own for this; then only our form is left.</param>
/// <param name="TabUrl">The same for a tab of its own.</param>
/// <param name="Notice">Why the reader sees this and not what was asked for.</param>
internal sealed record BookingPage(BookingSubject Subject, BookingAttempt Attempt, PickedTime? Time, string? FrameUrl, string? TabUrl, string? Notice)
{
    public string WithoutFrameUrl => $"{Subject.FormUrl}?{(Time is null ? "" : $"slot={Time.Value}&")}attempt={Attempt.Nonce}";
}

/// <summary>Times to choose from: in place of one that is taken, or because none was chosen.</summary>
/// <param name="Taken">The start that is not open; null when none was chosen.</param>
internal sealed record BookingTimes(BookingSubject Subject, PickedTime? Taken, IReadOnlyList<NearbyStart> Starts);

/// <summary>What is shown here and cannot be booked now.</summary>
/// <param name="CalendlyUrl">The coach's own page.</param>
/// <param name="At">The chosen start, if there was one.</param>
/// <param name="InForm">It was our own form that could not be shown.</param>
internal sealed record BookingHindered(BookingSubject Subject, Failure Failure, string? CalendlyUrl, DateTimeOffset? At, bool InForm)
{
    public string FrameUrl => At is { } start ? Subject.At(start) : Subject.Url;

    public string RetryUrl => !InForm ? FrameUrl : At is { } start ? Subject.FormAt(start) : Subject.FormUrl;
}
