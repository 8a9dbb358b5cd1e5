using System.Text.RegularExpressions;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// Calendly identifies everything by a full URI, and takes the last segment of it in paths. Addresses are taken apart
/// and rebuilt here; none is ever fetched as it came.
/// </summary>
internal static partial class CalendlyUri
{
    private const string Root = "https://api.calendly.com/";
    private const string Invitees = "/invitees/";

    /// <summary>The part after the last slash, or the whole text when there is none.</summary>
    public static string LastSegment(string uri) => uri[(uri.LastIndexOf('/') + 1)..];

    /// <summary>True for what can be an id of Calendly's: 1 to 255 letters, digits, hyphens or underscores. Ids are opaque
    /// and case-sensitive.</summary>
    public static bool IsWellFormedId(string? id) => id is not null && Id().IsMatch(id);

    /// <summary>The id in <c>https://api.calendly.com/{kind}/{id}</c>; false for every other text, however close.</summary>
    public static bool TryGetId(string? uri, string kind, out string id)
    {
        id = string.Empty;
        if (uri is null || !uri.StartsWith(Root + kind + "/", StringComparison.Ordinal))
        {
            return false;
        }

        id = uri[(Root.Length + kind.Length + 1)..];
        return IsWellFormedId(id);
    }

    /// <summary>The ids in <c>https://api.calendly.com/scheduled_events/{id}/invitees/{id}</c>; false for every other text.</summary>
    public static bool TryGetInvitee(string? uri, out string eventId, out string inviteeId)
    {
        var at = uri?.IndexOf(Invitees, StringComparison.Ordinal) ?? -1;
        inviteeId = at < 0 ? string.Empty : uri![(at + Invitees.Length)..];
        return TryGetId(at < 0 ? null : uri![..at], "scheduled_events", out eventId) && IsWellFormedId(inviteeId);
    }

    public static string For(string kind, string id) => $"{Root}{kind}/{id}";

    /// <summary>The address, normalized, when it is a page of Calendly's that a link may lead to; otherwise null. Source:
    /// https://developer.calendly.com/api-docs/calendly-api/event-types</summary>
    public static string? PageOrNull(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var page) && page is { Scheme: "https", Host: "calendly.com", IsDefaultPort: true, UserInfo: "" } ? page.AbsoluteUri : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex Id();
}
