using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Features.Status;

internal enum Verdict
{
    Good,
    Attention,
    Bad,

    /// <summary>There is nothing to judge yet.</summary>
    Unknown,
}

/// <summary>One line of the health page.</summary>
/// <param name="Value">What is so.</param>
/// <param name="Note">Whose fault it is, what still works and what to do; null where all is well.</param>
/// <param name="When">A word and an instant, such as "confirmed" and when; null where nothing has happened.</param>
/// <param name="Never">In place of <paramref name="When"/>.</param>
internal sealed record StatusRow(
    string Key, string Name, Verdict Verdict, string Value, string? Note = null, (string Word, DateTimeOffset At)? When = null, string? Never = null)
{
    /// <summary>True while Calendly is being asked.</summary>
    public bool IsChecking { get; init; }

    /// <summary>True where there is nothing that could be known.</summary>
    public bool IsUnused { get; init; }

    /// <summary>Where the reader can do something about it.</summary>
    public (string Href, string Words)? Action { get; init; }

    /// <summary>True where the reader can have Calendly asked again to tell us.</summary>
    public bool CanTurnOn { get; init; }

    /// <summary>True for a row that answers a press of its button, and takes the focus that the button had.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Counted down to beside the value.</summary>
    public DateTimeOffset? Until { get; init; }

    public IReadOnlyList<HeldScope> Scopes { get; init; } = [];

    public IReadOnlyList<CallError> Errors { get; init; } = [];

    public string VerdictWord => this switch
    {
        { IsChecking: true } => "Checking…",
        { Verdict: Verdict.Good } => "Good",
        { Verdict: Verdict.Attention } => "Attention",
        { Verdict: Verdict.Bad } => "Bad",
        { IsUnused: true } => "Not in use",
        _ => "Not known",
    };
}

/// <summary>One permission that is needed, in Calendly's word and in ours.</summary>
internal sealed record HeldScope(string Scope, string Words, bool IsHeld);
