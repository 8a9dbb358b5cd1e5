using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Tokens;
using NodaTime;

namespace CalendlySlices.Features.Admin;

/// <param name="After">The last id of the page before.</param>
internal sealed record AdminQuery(string? State = null, string? Name = null, string? After = null)
{
    /// <summary>Null when all names are wanted.</summary>
    public string? SearchedName => string.IsNullOrWhiteSpace(Name) ? null : Name.Trim();

    /// <summary>Its own address.</summary>
    public string Url
    {
        get
        {
            var query = string.Join('&', new[] { ("state", State), ("name", SearchedName), ("after", After) }
                .Where(part => !string.IsNullOrEmpty(part.Item2)).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}"));
            return query.Length == 0 ? "/admin" : $"/admin?{query}";
        }
    }
}

internal sealed record AdminPage(
    AdminQuery Query,
    IReadOnlyList<StateTab> Tabs,
    IReadOnlyList<ConnectionLine> Lines,
    string? NextUrl,
    bool HasIncident,
    RevocationProgress Revocation,
    IReadOnlyList<DiaryEntry> Diary,
    DateTimeZone Zone,
    Failure? Problem = null);

/// <param name="State">Empty for all.</param>
internal sealed record StateTab(string State, string Words, long Count, string Url, bool IsShown)
{
    public string ElementId => State.Length == 0 ? "tab-all" : $"tab-{State}";

    public static IReadOnlyList<StateTab> All(AdminQuery query, IReadOnlyDictionary<string, long> counts)
    {
        var shown = query.State ?? string.Empty;
        return [.. AdminWords.States.Select(state => new StateTab(
            state,
            state.Length == 0 ? "All" : AdminWords.OfState(state),
            state.Length == 0 ? counts.Values.Sum() : counts.GetValueOrDefault(state),
            (query with { State = state, After = null }).Url,
            state == shown))];
    }
}

/// <summary>A connection in the list.</summary>
internal sealed record ConnectionLine(ConnectionEntry Entry, DateTimeZone Zone)
{
    public string Id { get; } = Entry.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string Name => Entry.Name ?? $"Connection {Id}";

    /// <summary>Enough to tell two people of one name apart.</summary>
    public string? MaskedEmail => Entry.Email is { Length: > 0 } email && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{email[0]}•••{email[at..]}" : null;

    public bool IsConnected => Entry.Status != "disconnected";
}

/// <param name="Tabs">As they count now.</param>
/// <param name="Waiting">Pairs whose end Calendly has not confirmed.</param>
internal sealed record AdminDisconnected(ConnectionLine Line, IReadOnlyList<StateTab> Tabs, long Waiting);

/// <param name="UnderWay">It was asked for, and somebody is still connected who was so then.</param>
/// <param name="Connections">Not ended here yet.</param>
/// <param name="Pairs">Ended here, and not confirmed by Calendly yet.</param>
/// <param name="IsWatched">Somebody waits for the end of it, Calendly's part included.</param>
internal sealed record RevocationProgress(bool UnderWay, long Connections, long Pairs, bool IsWatched = false, string? Problem = null);

internal sealed record RevocationCommand(string? Word);
