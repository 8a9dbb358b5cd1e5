namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Calendly's catalogue of scopes, in plain words. Source: https://developer.calendly.com/docs/authentication/scopes</summary>
internal static class CalendlyScopes
{
    /// <summary>The scope of apps from before scopes existed; it allows everything and cannot be asked for.</summary>
    public const string Legacy = "default";

    /// <summary>What a grant gets that names no scopes: enough for a product that lists, books and cancels.</summary>
    public static readonly IReadOnlyList<string> Usual =
    [
        "users:read", "event_types:read", "availability:read", "scheduled_events:write",
        "scheduling_links:write", "webhooks:write", "locations:read",
    ];

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["users:read"] = "See your name, e-mail address and time zone",
        ["event_types:read"] = "See your event types",
        ["event_types:write"] = "See, create and change your event types",
        ["availability:read"] = "See when you are free or busy",
        ["availability:write"] = "See and change when you are available",
        ["scheduled_events:read"] = "See your scheduled events and who booked them",
        ["scheduled_events:write"] = "See, book and cancel your scheduled events",
        ["scheduling_links:write"] = "Create links that can be used once",
        ["shares:write"] = "Create customized links to your event types",
        ["locations:read"] = "See the meeting places you have set up",
        ["webhooks:read"] = "See who is told about changes",
        ["webhooks:write"] = "Be told about changes as they happen",
        ["activity_log:read"] = "See your organization's activity log",
        ["contacts:read"] = "See your contacts",
        ["contacts:write"] = "See and change your contacts",
        ["data_compliance:write"] = "Delete invitees' data",
        ["groups:read"] = "See your organization's groups",
        ["meeting_recaps:read"] = "See recaps of your meetings",
        ["meeting_recaps:write"] = "See and change recaps of your meetings",
        ["organizations:read"] = "See your organization and its members",
        ["organizations:write"] = "See and change your organization and its members",
        ["outgoing_communications:read"] = "See messages sent to invitees",
        ["routing_forms:read"] = "See your routing forms and their answers",
    };

    public static bool IsKnown(string scope) => Words.ContainsKey(scope);

    public static string InWords(string scope) => Words[scope];

    /// <summary>True when one of the granted scopes covers the needed one; writing covers reading.</summary>
    public static bool Covers(IReadOnlyCollection<string> granted, string needed)
    {
        foreach (var scope in granted)
        {
            if (scope == needed || scope == Legacy || WritesWhatIsRead(scope, needed))
            {
                return true;
            }
        }

        return false;
    }

    private static bool WritesWhatIsRead(string granted, string needed) =>
        granted.EndsWith(":write", StringComparison.Ordinal)
        && needed.EndsWith(":read", StringComparison.Ordinal)
        && granted.AsSpan(0, granted.Length - ":write".Length).SequenceEqual(needed.AsSpan(0, needed.Length - ":read".Length));
}
