namespace CalendlySlices.Infrastructure.Web;

/// <summary>What everybody else gets on an administrator's page, in words that say whose it is.</summary>
internal static class AdminsOnly
{
    private static readonly PanelWords Words = new("This page", string.Empty, string.Empty, string.Empty, string.Empty, "/", "Today");

    public static IResult Refuse(HttpContext http, Failure refusal)
    {
        var failure = refusal with { Message = "Only whoever looks after this application can see this page." };
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(new Trouble("forbidden", "For administrators", failure.Message, null, null, null, Words), string.Empty),
            failure.Code.ToStatusCode());
    }
}
