using System.Globalization;
using System.Text;
using CalendlySlices.Infrastructure.Listings;

namespace CalendlySlices.Features.Coaches;

internal enum FreeWhen
{
    Any,
    Today,
    Week,
}

/// <summary>Which coaches are looked at, in which order, and which of them are ticked.</summary>
/// <param name="Ticked">Slugs, at most <see cref="MostTicked"/>.</param>
internal sealed record CoachesFilter(string Search, string? Tag, FreeWhen Free, bool BySoonest, IReadOnlyList<string> Ticked)
{
    /// <summary>As many as a week has room for side by side.</summary>
    public const int MostTicked = 4;

    public static readonly CoachesFilter Default = new(string.Empty, null, FreeWhen.Any, false, []);

    public static readonly IReadOnlyList<(string Word, string Label)> Frees = [("", "Any time"), ("today", "Free today"), ("week", "Free this week")];

    public static readonly IReadOnlyList<(string Word, string Label)> Sorts = [("name", "Name"), ("soonest", "Soonest first")];

    /// <param name="input">As the validator has passed it.</param>
    public static CoachesFilter Of(CoachesInput input) => new(
        input.Q?.Trim() ?? string.Empty,
        string.IsNullOrEmpty(input.Tag) ? null : input.Tag,
        input.Free switch { "today" => FreeWhen.Today, "week" => FreeWhen.Week, _ => FreeWhen.Any },
        input.Sort == "soonest",
        [.. (input.Coach ?? []).Distinct().Take(MostTicked)]);

    public string FreeWord => Free switch { FreeWhen.Today => "today", FreeWhen.Week => "week", _ => "" };

    public string SortWord => BySoonest ? "soonest" : "name";

    public bool IsNarrowed => Search.Length > 0 || Tag is not null || Free != FreeWhen.Any;

    /// <summary>Who is shown, or where, changes with what is found out about free times.</summary>
    public bool DependsOnTimes => BySoonest || Free != FreeWhen.Any;

    public string Url => $"/coaches{Query}";

    public string WaitUrl => $"/coaches{(Query.Length == 0 ? "?" : Query + "&")}soonest=1";

    public string CompareUrl => $"/coaches/compare?{Coaches}";

    public string TimesUrl(int round) => $"/coaches/soonest{(Query.Length == 0 ? "?" : Query + "&")}round={round.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Every word is somewhere on the card.</summary>
    public bool Matches(ListedCoach coach) =>
        (Tag is null || coach.Tags.Contains(Tag, StringComparer.OrdinalIgnoreCase))
        && Search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => TextsOf(coach).Any(text => Contains(text, word)));

    private string Coaches => string.Join('&', Ticked.Select(slug => $"coach={slug}"));

    private string Query
    {
        get
        {
            var query = new StringBuilder();
            Add("q", Search);
            Add("tag", Tag);
            Add("free", FreeWord);
            Add("sort", BySoonest ? SortWord : null);
            foreach (var slug in Ticked)
            {
                Add("coach", slug);
            }

            return query.ToString();

            void Add(string name, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
                }
            }
        }
    }

    private static IEnumerable<string> TextsOf(ListedCoach coach) =>
        [coach.Name, coach.About, .. coach.Tags, .. coach.Languages, .. coach.EventTypes.Select(type => type.Name)];

    // Whoever types "munoz" looks for Muñoz.
    private static bool Contains(string text, string word) => PlainLetters.Of(text).Contains(PlainLetters.Of(word), StringComparison.Ordinal);
}
