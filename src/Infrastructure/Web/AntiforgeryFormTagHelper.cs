using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// Gives every <c>&lt;form method="post"&gt;</c> its antiforgery field, so that it also works without scripts. MVC's own form
/// helper leaves the field out where a form has an action. Public because Razor looks for tag helpers among public types only.
/// </summary>
[HtmlTargetElement("form", Attributes = "[method=post]")]
public sealed class AntiforgeryFormTagHelper : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var tokens = ViewContext.HttpContext.RequestServices.GetRequiredService<AntiforgeryTokens>();
        output.PostContent
            .AppendHtml("<input type=\"hidden\" name=\"").Append(tokens.FieldName)
            .AppendHtml("\" value=\"").Append(tokens.RequestToken(ViewContext.HttpContext))
            .AppendHtml("\">");
    }
}
