namespace CalendlySlices.Infrastructure.Web;

/// <summary>On a route whose page frames Calendly's form of booking: the policy then allows that, and nothing else to be framed.</summary>
/// <param name="InDialog">The page has the dialog into which links to <c>/book/</c> open.</param>
internal sealed record CalendlyFrame(bool InDialog);

internal static class CalendlyFrameExtensions
{
    /// <summary>Links to <c>/book/</c> on these pages open in a dialog; without scripts they are links.</summary>
    public static TBuilder WithBookingDialog<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new CalendlyFrame(InDialog: true));
}
