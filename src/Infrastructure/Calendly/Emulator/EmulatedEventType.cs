namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal sealed record EmulatedEventType(EmulatedAccount Owner, string Slug, string Name, int Minutes, string Color, int Position)
{
    public string Id { get; } = EmulatedIds.EventType(Owner.Key, Slug);

    public bool Active { get; init; } = true;

    public bool Secret { get; init; }

    /// <summary>More than one makes it a group type.</summary>
    public int Seats { get; init; } = 1;

    public IReadOnlyList<int>? MinuteOptions { get; init; }

    public string? Description { get; init; }

    public string? InternalNote { get; init; }

    /// <summary>Calendly's JSON of each place on offer.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    public IReadOnlyList<EmulatedQuestion> Questions { get; init; } = [];

    public int BeforeBuffer { get; init; }

    public int AfterBuffer { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string Uri => field ??= CalendlyUri.For("event_types", Id);

    public byte[] Json => field ??= EmulatorJson.EventType(this);
}

/// <param name="Type">One of Calendly's: <c>string</c>, <c>text</c>, <c>phone_number</c>, <c>single_select</c>, <c>multi_select</c>.</param>
internal sealed record EmulatedQuestion(string Name, string Type, bool Required, IReadOnlyList<string> Choices);
