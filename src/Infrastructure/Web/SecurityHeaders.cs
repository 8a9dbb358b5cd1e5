using CalendlySlices.Infrastructure.Calendly;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Primitives;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// The headers of every answer. It belongs inside the error handlers, which clear the headers before they answer, and
/// outside everything else.
/// </summary>
internal sealed class SecurityHeaders
{
    /// <summary>The name under which browsers and logs find a request again.</summary>
    public const string RequestIdHeader = "X-Request-Id";

    /// <summary><c>mock</c> or <c>real</c>, on every answer.</summary>
    public const string ModeHeader = "X-Calendly-Mode";

    private const string PolicyStart = "default-src 'none'; script-src 'nonce-";

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues ReferrerPolicy = "strict-origin-when-cross-origin";

    // Both words: with no-cache missing, antiforgery would overwrite the header and log a warning each time.
    private static readonly StringValues NoStore = "no-cache, no-store";

    private static readonly StringValues PermissionsPolicy =
        "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), " +
        "encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), " +
        "local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), " +
        "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

    private readonly RequestDelegate _next;
    private readonly string _policyEnd;
    private readonly string _policyEndOverTls;
    private readonly StringValues _mode;

    public SecurityHeaders(RequestDelegate next, CalendlyMode mode, SecurityHeaderOptions options)
    {
        _next = next;
        _mode = mode.Name;
        _policyEnd =
            "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; " +
            $"form-action {string.Join(' ', options.FormActionHosts.Prepend("'self'"))}; " +
            "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; " +
            "require-trusted-types-for 'script'; trusted-types htmx";
        _policyEndOverTls = _policyEnd + "; upgrade-insecure-requests";
    }

    public Task InvokeAsync(HttpContext context)
    {
        var stamp = PageStamp.Of(context);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = string.Concat(
            PolicyStart, stamp.Nonce, context.Request.IsHttps ? _policyEndOverTls : _policyEnd);
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        headers["Referrer-Policy"] = ReferrerPolicy;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers[ModeHeader] = _mode;
        headers[RequestIdHeader] = stamp.RequestId;
        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            headers.CacheControl = NoStore;
        }

        return _next(context);
    }
}
