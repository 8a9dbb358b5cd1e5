namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Who books, and what they say; checked already.</summary>
/// <param name="Zone">An IANA zone, or null.</param>
internal sealed record BookingRequest(string Name, string Email, string? Zone)
{
    /// <summary>Null, as <see cref="LastName"/>, where the name came as a whole.</summary>
    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? TextReminderNumber { get; init; }

    public IReadOnlyList<(string Question, string Answer)> Answers { get; init; } = [];

    public IReadOnlyList<string> Guests { get; init; } = [];

    public EmulatedTracking Tracking { get; init; } = EmulatedTracking.None;

    /// <summary>Null takes the first place on offer.</summary>
    public PlaceOnOffer? Place { get; init; }

    /// <summary>What a place that needs it was given.</summary>
    public string? PlaceText { get; init; }

    /// <summary>By a program, not on Calendly's own page.</summary>
    public bool ByApi { get; init; }
}
