namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Somebody who booked, as the data names them.</summary>
/// <param name="Zone">An IANA zone, or null.</param>
internal sealed record Booker(string Name, string Email, string? Zone)
{
    public IReadOnlyList<(string Question, string Answer)> Answers { get; init; } = [];

    public bool HasTwoNames { get; init; }

    public string? Campaign { get; init; }

    public string? TextReminderNumber { get; init; }

    public bool NoShow { get; init; }

    public string? Payment { get; init; }

    /// <summary>Key of the session from which this one was moved.</summary>
    public string? MovedFrom { get; init; }

    /// <summary>Key of the session to which this one was moved.</summary>
    public string? MovedTo { get; init; }

    public Booker Said(string question, string answer) => this with { Answers = [.. Answers, (question, answer)] };
}
