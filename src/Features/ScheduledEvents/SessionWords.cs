using CalendlySlices.Infrastructure.Web;
using NodaTime;

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

    /// <summary>What became of a session, for those who do not see it: "Ana Ruiz, Tue 10 Mar, 09:00, was canceled by the invitee".</summary>
    public static string Changed(SessionRow row, ZonedDateTime start) => $"{row.Who}, {ZonedTime.Moment(start)}, {row.Word switch
    {
        "Canceled by invitee" => "was canceled by the invitee",
        "Moved" => "was moved",
        "No-show" => "did not come",
        _ when row.Status == "canceled" => $"was {char.ToLowerInvariant(row.Word[0])}{row.Word[1..]}",
        _ => "has changed",
    }}";

    public static readonly PanelWords Session = Sessions with { What = "This session" };
    public static readonly PanelWords Day = Sessions with { What = "The day" };
    public static readonly PanelWords Invitees = Sessions with { What = "The invitees" };
}
