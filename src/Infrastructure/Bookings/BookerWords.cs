using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Bookings;

internal static class BookerWords
{
    /// <summary>The same, telling those who do not book who does.</summary>
    public static PanelWords ForBookers(this PanelWords words) => words with
    {
        ForWhom = "For realtors and coaches",
        WhyNotYou = "Realtors and coaches book sessions. Your account looks after other things.",
    };
}
