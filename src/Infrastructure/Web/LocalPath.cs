using System.Text.RegularExpressions;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>Where to go back to, when the address comes from outside.</summary>
internal static partial class LocalPath
{
    private const int MaxLength = 2000;

    /// <summary>
    /// The path when it is one of ours, otherwise <c>/</c>. It allows what our own addresses are made of rather than
    /// refusing known tricks: one leading slash, no empty segment, nothing percent-encoded before the query.
    /// </summary>
    public static string OrHome(string? path) => path is { Length: <= MaxLength } && OwnAddress().IsMatch(path) ? path : "/";

    [GeneratedRegex(@"^/(?:[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*(?:/[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)*/?)?(?:\?[A-Za-z0-9\-._~/:@!$&'()*+,;=%]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnAddress();
}
