namespace CalendlySlices.Infrastructure.Web;

/// <summary>What the security headers cannot know by themselves.</summary>
internal sealed record SecurityHeaderOptions
{
    /// <summary>
    /// Origins, such as <c>https://auth.calendly.com</c>, to which a form post may end up being redirected. Chromium applies
    /// <c>form-action</c> to every redirect that follows a post, so Connect would stop at the authorization host without it.
    /// </summary>
    public IReadOnlyList<string> FormActionHosts { get; init; } = [];
}
