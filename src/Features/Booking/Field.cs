namespace CalendlySlices.Features.Booking;

/// <summary>A field of one line, with its label, its hint and what is wrong with it.</summary>
internal sealed record Field(string Name, string Label, string Value, string? Problem)
{
    public string Type { get; init; } = "text";

    public bool Required { get; init; }

    public string? Autocomplete { get; init; }

    public string? Hint { get; init; }

    public string Id => $"booking-{Name}";

    /// <summary>The ids of what belongs to it, for those who hear the page.</summary>
    public string? Described => (Problem, Hint) switch
    {
        (null, null) => null,
        (null, _) => $"{Id}-hint",
        (_, null) => $"{Id}-problem",
        _ => $"{Id}-problem {Id}-hint",
    };
}
