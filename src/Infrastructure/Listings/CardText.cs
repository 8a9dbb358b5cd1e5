namespace CalendlySlices.Infrastructure.Listings;

/// <summary>What a coach tells realtors, as the coach has written it.</summary>
/// <param name="Email">Where realtors may write; null to give none.</param>
/// <param name="Timezone">IANA; counts while Calendly has not said another.</param>
/// <param name="IsListed">The coach has agreed that realtors see this.</param>
internal sealed record CardText(
    string Name, string? Email, string Timezone, IReadOnlyList<string> Tags, IReadOnlyList<string> Languages, string About, bool IsListed)
{
    /// <summary>Set once the card is stored.</summary>
    public string? Slug { get; init; }

    /// <summary>How several short words stand in one column.</summary>
    public static string Join(IEnumerable<string> words) => string.Join('\n', words);

    /// <summary>Undoes <see cref="Join"/>.</summary>
    public static IReadOnlyList<string> Split(string words) => words.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
