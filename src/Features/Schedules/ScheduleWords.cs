using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Schedules;

/// <summary>What these panels say when they have nothing to show, and where Calendly's own page is.</summary>
internal static class ScheduleWords
{
    public const string CalendlyUrl = "https://calendly.com/app/availability/schedules";

    public const string MayNotWrite = "Your connection does not allow changing hours. Reconnect and tick Manage availability.";

    public static readonly PanelWords Schedules = new(
        "Your schedules",
        "Your hours are at Calendly. Connect it once to see and change them here.",
        "Your connection does not allow reading hours. Reconnect and tick Manage availability.",
        "We could not find that schedule. It may belong to another account.",
        "That is not a schedule",
        "/schedules",
        "Back to schedules");

    public static readonly PanelWords Hours = Schedules with
    {
        What = "These hours",
        Permission = MayNotWrite,
        NotFound = "We could not find those hours. They may belong to another account.",
        BadAddress = "Those are no hours",
    };

    public static readonly PanelWords EventTypes = Schedules with
    {
        What = "The event types",
        Permission = "Your connection does not allow reading event types. Reconnect and tick Manage event types.",
    };
}
