namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What can be subscribed to. Source:
/// https://developer.calendly.com/api-docs/calendly-api/webhooks/create-webhook-subscription</summary>
internal static class WebhookEvents
{
    private static readonly Family[] Families =
    [
        new("invitee", ["created", "canceled"], "scheduled_events:read"),
        new("invitee_no_show", ["created", "deleted"], "scheduled_events:read"),
        new("event_type", ["created", "updated", "deleted"], "event_types:read"),
        new("contact", ["created", "updated", "deleted"], "contacts:read"),
        new("routing_form_submission", ["created"], "routing_forms:read") { OnlyScope = "organization", IsPaid = true },
        new("meeting_recap", ["created", "updated", "deleted"], "meeting_recaps:read") { OnlyScope = "user", IsPaid = true },
    ];

    /// <param name="scope">Null where it is not known yet.</param>
    public static bool IsKnown(string name, string? scope) =>
        Find(name) is { } family && (scope is null || family.OnlyScope is null || family.OnlyScope == scope);

    /// <summary>What it takes to read what this event is about.</summary>
    public static string ReadScope(string name) => Find(name)!.ReadScope;

    /// <summary>Only on plans that have the feature.</summary>
    public static bool IsPaid(string name) => Find(name)!.IsPaid;

    private static Family? Find(string name) => Array.Find(Families, family =>
        name.StartsWith(family.Name + ".", StringComparison.Ordinal) && family.Verbs.Contains(name[(family.Name.Length + 1)..]));

    private sealed record Family(string Name, string[] Verbs, string ReadScope)
    {
        public string? OnlyScope { get; init; }

        public bool IsPaid { get; init; }
    }
}
