using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Features.EventTypes;

/// <summary>The event types page's address, as typed. Empty counts as absent, because a form sends its empty fields.</summary>
/// <param name="Q">Part of a name.</param>
/// <param name="Renew"><c>1</c> asks Calendly again even if the kept answer is fresh.</param>
internal sealed record EventTypesInput(
    string? Q = null, string? State = null, string? Kind = null, string? Sort = null, string? PageToken = null, string? Renew = null);

/// <summary>A word of the address, and what the reader sees.</summary>
internal sealed record Choice(string Word, string Label);

/// <summary>Which event types a coach wants to see, and in which order. The words are those of the address.</summary>
internal sealed record EventTypesFilter(string Search, string State, string Kind, string Sort)
{
    public const string All = "all";

    public static readonly IReadOnlyList<Choice> States = [new(All, "All"), new("active", "Active"), new("off", "Off in Calendly")];

    public static readonly IReadOnlyList<Choice> Kinds =
        [new(All, "All kinds"), new("one-on-one", "One-on-one"), new("group", "Group"), new("round-robin", "Round robin"), new("collective", "Collective")];

    public static readonly IReadOnlyList<Choice> Sorts =
        [new("name", "By name"), new("position", "As in Calendly"), new("length", "Shortest first"), new("changed", "Recently changed")];

    public static readonly EventTypesFilter Default = new(string.Empty, All, All, "name");

    /// <summary>Of an input that the validator has passed.</summary>
    public static EventTypesFilter Of(EventTypesInput input) =>
        new((input.Q ?? string.Empty).Trim(), Or(input.State, All), Or(input.Kind, All), Or(input.Sort, Default.Sort));

    public bool IsNarrowed => Search.Length > 0 || State != All || Kind != All;

    /// <summary>"No active group event type with “intro” in its name"; for a list that this filter has left empty.</summary>
    public string EmptyWords
    {
        get
        {
            var state = State switch { "active" => "active ", "off" => "switched-off ", _ => string.Empty };
            var kind = Kind == All ? string.Empty : Label(Kinds, Kind).ToLowerInvariant() + " ";
            var search = Search.Length == 0 ? string.Empty : $" with “{Search}” in its name";
            return $"No {state}{kind}event type{search}.";
        }
    }

    public IReadOnlyList<EventType> Apply(IEnumerable<EventType> types)
    {
        var found = types.Where(type =>
            (State == All || type.Active == (State == "active"))
            && (Kind == All || EventTypeWords.KindOf(type) == Label(Kinds, Kind))
            && EventTypeWords.NameOf(type).Contains(Search, StringComparison.OrdinalIgnoreCase));
        var byName = found.OrderBy(EventTypeWords.NameOf, StringComparer.OrdinalIgnoreCase).ThenBy(type => type.Uri, StringComparer.Ordinal);
        return Sort switch
        {
            "position" => [.. byName.OrderBy(type => type.Position)],
            "length" => [.. byName.OrderBy(type => type.Duration)],
            "changed" => [.. byName.OrderByDescending(type => type.UpdatedAt)],
            _ => [.. byName],
        };
    }

    /// <summary>The address of this list; defaults are left out, so that one list has one address.</summary>
    public string Url(string? pageToken = null)
    {
        var query = QueryString.Empty;
        void Add(string name, string? value, string? normal) => query = string.IsNullOrEmpty(value) || value == normal ? query : query.Add(name, value);

        Add("q", Search, null);
        Add("state", State, Default.State);
        Add("kind", Kind, Default.Kind);
        Add("sort", Sort, Default.Sort);
        Add("pageToken", pageToken, null);
        return "/event-types" + query;
    }

    private static string Or(string? word, string normal) => string.IsNullOrEmpty(word) ? normal : word;

    private static string Label(IReadOnlyList<Choice> choices, string word) => choices.Single(choice => choice.Word == word).Label;
}
