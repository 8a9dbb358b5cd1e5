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
    private readonly string _formAction;
    private readonly string _frame;
    private readonly StringValues _mode;

    public SecurityHeaders(RequestDelegate next, CalendlyMode mode, SecurityHeaderOptions options)
    {
        _next = next;
        _mode = mode.Name;
        _frame = $"frame-src {new CalendlyPages(mode).FrameSource}; ";
        _formAction = string.Join(' ', options.FormActionHosts.Prepend("'self'"));
        _policyEnd = End(foreign: null);
        _policyEndOverTls = End(foreign: null, overTls: true);
    }

    public Task InvokeAsync(HttpContext context)
    {
        var stamp = PageStamp.Of(context);
        var headers = context.Response.Headers;
        var endpoint = context.GetEndpoint()?.Metadata;
        headers.ContentSecurityPolicy = string.Concat(
            PolicyStart,
            stamp.Nonce,
            endpoint?.GetMetadata<ForeignScript>() is { } foreign ? End(foreign.Origin, context.Request.IsHttps)
            : endpoint?.GetMetadata<CalendlyFrame>() is not null ? End(foreign: null, context.Request.IsHttps, _frame)
            : context.Request.IsHttps ? _policyEndOverTls : _policyEnd);
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        headers["Referrer-Policy"] = ReferrerPolicy;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers[ModeHeader] = _mode;
        headers[RequestIdHeader] = stamp.RequestId;
        if (endpoint?.GetMetadata<StaticAssetDescriptor>() is null)
        {
            headers.CacheControl = NoStore;
        }

        return _next(context);
    }

    private string End(string? foreign, bool overTls = false, string frame = "")
    {
        var also = foreign is null ? string.Empty : " " + foreign;
        return $"'{also}; style-src 'self'; img-src 'self' data:; connect-src 'self'{also}; manifest-src 'self'; form-action {_formAction}; " +
            $"{frame}frame-ancestors 'none'; base-uri 'none'; object-src 'none'; " +
            (foreign is null ? "require-trusted-types-for 'script'; " : string.Empty) + "trusted-types htmx" +
            (overTls ? "; upgrade-insecure-requests" : string.Empty);
    }
}
