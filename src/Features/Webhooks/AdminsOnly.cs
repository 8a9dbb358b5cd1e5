using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Webhooks;

internal static class AdminsOnly
{
    private static readonly PanelWords Words = new(
        "This delivery", string.Empty, string.Empty, "There is no such delivery. Deliveries are kept for two weeks.", "That is not a delivery.", "/admin/deliveries", "Deliveries");

    public static IResult NotFound(HttpContext http) => TroublePanel.Of(http, new Failure(FailureCode.NotFound), Words, "/admin/deliveries");

    /// <summary>What everybody else gets, in words that say whose page it is.</summary>
    public static IResult Refuse(HttpContext http, Failure refusal)
    {
        var failure = refusal with { Message = "Only whoever looks after this application can see this page." };
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(new Trouble("forbidden", "For administrators", failure.Message, null, null, null, Words with { BackUrl = "/", BackWords = "Today" }), string.Empty),
            failure.Code.ToStatusCode());
    }
}
