using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.CoachCard;

/// <summary>The page on which a coach writes the own card.</summary>
/// <param name="Typed">As it stands in the fields.</param>
/// <param name="Kept">As it is stored; null before the first time.</param>
/// <param name="Choices">Event types to show.</param>
/// <param name="TypesTrouble">Why no more can be chosen; null when all are here.</param>
internal sealed record CoachCardForm(
    CoachCardCommand Typed, CardText? Kept, string Zone, IReadOnlyList<TypeChoice> Choices, Failure? TypesTrouble)
{
    public Failure? Problem { get; init; }

    /// <summary>It has been stored just now.</summary>
    public bool Saved { get; init; }

    public bool IsListed => Kept is { IsListed: true };

    public string State => Problem is not null ? "error" : Kept is null ? "empty-none" : "ready";

    public string Said => !Saved ? "" : IsListed ? "Saved. Realtors see your card." : "Saved. Nobody but you sees your card.";

    public string? ProblemOf(string field) => Problem.MessageFor(field);

    public string? InvalidOf(string field) => ProblemOf(field) is null ? null : "true";

    /// <summary>What describes a field: its problem, otherwise its hint if it has one.</summary>
    public string? DescriptionOf(string field, bool hint = false) => ProblemOf(field) is not null ? $"card-{field}-problem" : hint ? $"card-{field}-hint" : null;

    public bool MustConnect => TypesTrouble?.Code is FailureCode.NotConnected or FailureCode.ReconnectRequired;
}

/// <param name="Minutes">Rounded up.</param>
internal sealed record TypeChoice(string Id, string Name, int Minutes, bool IsShown);
