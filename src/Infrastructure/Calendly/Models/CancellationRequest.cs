namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <param name="Reason">At most 10,000 characters; goes to every invitee.</param>
internal sealed record CancellationRequest(string? Reason);
