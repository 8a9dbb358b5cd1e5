using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

/// <summary>What these panels say when they have nothing to show.</summary>
internal static class FreeTimesWords
{
    public static readonly PanelWords Page = new(
        "Free times",
        "Your event types and hours are at Calendly. Connect it once to see when you can be booked.",
        "Your connection does not allow reading availability. Reconnect and tick See when you are free or busy.",
        "We could not find that event type. It may belong to another account.",
        "That is not an event type",
        "/free-times",
        "All free times");

    public static readonly PanelWords Slot = Page with { What = "This time" };
}
