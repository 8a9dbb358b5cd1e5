using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>A page or fragment that is nothing but a failure.</summary>
/// <param name="Place">The place in the header that stays marked.</param>
internal sealed record TroublePanel(Trouble Trouble, string Place)
{
    /// <summary>With the failure's own status and code.</summary>
    public static Hypermedia<TroublePanel> Of(HttpContext http, Failure failure, PanelWords words, string retryUrl)
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(Trouble.Of(failure, words, retryUrl).For(CurrentUser.Of(http.User)?.Coach), words.BackUrl.Trim('/')),
            failure.Code.ToStatusCode());
    }
}
