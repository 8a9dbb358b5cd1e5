namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// On a route whose page runs a script of somebody else's: the policy then lets scripts come from that host and talk to it,
/// and does without trusted types, which such a script knows nothing of.
/// </summary>
/// <param name="Origin">Scheme, name and port.</param>
internal sealed record ForeignScript(string Origin);
