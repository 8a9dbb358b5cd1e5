using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Delegates;

internal static class DelegateWords
{
    public static readonly PanelWords Delegates = new(
        "This delegate",
        "Connect Calendly, and delegates see what you see.",
        "Your connection does not allow this.",
        "Nobody of that kind looks at your calendar. You may have removed them already.",
        "That is not a delegate",
        "/delegates",
        "Delegates");

    /// <summary>For whoever comes with an invitation.</summary>
    public static readonly PanelWords Invitation = new(
        "This invitation",
        "Connect Calendly first.",
        "Your connection does not allow this.",
        "The link has been used, has ended or is too old. Ask for a new one.",
        "That is not an invitation",
        "/",
        "Today");
}
