using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>What one answer is marked with. A request that is run again for its error page keeps its stamp.</summary>
internal sealed class PageStamp
{
    private const int NonceBytes = 16;

    private PageStamp(string nonce, string requestId)
    {
        Nonce = nonce;
        RequestId = requestId;
    }

    /// <summary>128 random bits. In the URL alphabet of base64, because Razor would encode a plus sign, and hx-csp compares the
    /// raw text of a fragment with the header.</summary>
    public string Nonce { get; }

    /// <summary>The trace id; also the <c>X-Request-Id</c> header and what a person is asked to quote.</summary>
    public string RequestId { get; }

    public static PageStamp Of(HttpContext context)
    {
        if (context.Features.Get<PageStamp>() is { } known)
        {
            return known;
        }

        Span<byte> random = stackalloc byte[NonceBytes];
        RandomNumberGenerator.Fill(random);
        var stamp = new PageStamp(
            Base64Url.EncodeToString(random), Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier);
        context.Features.Set(stamp);
        return stamp;
    }
}
