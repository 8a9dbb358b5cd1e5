using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.ScheduledEvents;

/// <summary>What these panels say when they have nothing to show.</summary>
internal static class SessionWords
{
    public static readonly PanelWords Sessions = new(
        "Sessions",
        "Your sessions are at Calendly. Connect it once to see and cancel them here.",
        "Your connection does not allow reading sessions. Reconnect and tick Manage scheduled events.",
        "We could not find that session. It may belong to another account.",
        "That is not a session",
        "/sessions",
        "Back to sessions");

    public static readonly PanelWords Session = Sessions with { What = "This session" };
    public static readonly PanelWords Day = Sessions with { What = "The day" };
    public static readonly PanelWords Invitees = Sessions with { What = "The invitees" };
}
