using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>What the layout shows around one page.</summary>
/// <param name="User">Null when nobody is signed in; then there is neither navigation nor a zone.</param>
/// <param name="ZoneLabel">The reader's zone in a few words, for example <c>New York, UTC−5</c>.</param>
/// <param name="AppNow">The application's clock in ISO form, for the page's scripts.</param>
/// <param name="ReturnTo">Where a preference's form comes back to: this page.</param>
internal sealed record ShellPage(
    PageStamp Stamp,
    CurrentUser? User,
    string Theme,
    string ZoneLabel,
    bool IsMock,
    string Mode,
    string AppNow,
    string Clock,
    bool IsFrozen,
    string ReturnTo)
{
    /// <summary>At most two letters, for the round face in the header.</summary>
    public string Initials => string.Concat((User?.Name ?? string.Empty)
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Take(2)
        .Select(word => char.ToUpperInvariant(word[0])));
}
