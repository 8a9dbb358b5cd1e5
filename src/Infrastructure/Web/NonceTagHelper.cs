using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// Stamps the answer's nonce on scripts and on every element with an <c>hx-*</c> attribute, without which the policy and the
/// hx-csp extension ignore them. Public because Razor looks for tag helpers among public types only.
/// </summary>
[HtmlTargetElement("script")]
[HtmlTargetElement("*", Attributes = "hx-*")]
public sealed class NonceTagHelper : TagHelper
{
    private const string HtmxNonce = "hx-nonce";

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = string.Equals(output.TagName, "script", StringComparison.OrdinalIgnoreCase) ? "nonce" : HtmxNonce;
        output.Attributes.SetAttribute(name, PageStamp.Of(ViewContext.HttpContext).Nonce);
    }
}
