namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>What a person is asked to allow: the scopes that the slices use, since a wider request would only be a wider
/// loss. Writing includes reading. Source: https://developer.calendly.com/docs/authentication/scopes</summary>
internal static class RequestedScopes
{
    /// <summary>For being told of what changes. Without it nothing is missing from a page; it only is a little later.</summary>
    public const string LiveUpdates = "webhooks:write";

    public static readonly IReadOnlyList<string> All =
        ["users:read", "event_types:write", "availability:write", "scheduled_events:write", "scheduling_links:write", LiveUpdates];
}
