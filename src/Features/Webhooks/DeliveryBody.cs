using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace CalendlySlices.Features.Webhooks;

/// <summary>The bytes as they were sent, whatever they claim to be: those are what is signed.</summary>
internal sealed class DeliveryBody(Stream stream, long? declared)
{
    /// <summary>Far above anything that Calendly sends.</summary>
    public const int MostBytes = 256 * 1024;

    private const int FirstBytes = 8 * 1024;

    public static DeliveryBody Of(HttpContext http)
    {
        // We count ourselves, so that the answer is ours too.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        return new DeliveryBody(http.Request.Body, http.Request.ContentLength);
    }

    /// <summary>Null as soon as it is certain that they are too many.</summary>
    /// <exception cref="IOException">The sender has left.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (declared > MostBytes)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>(FirstBytes);
        int read;
        while ((read = await stream.ReadAsync(bytes.GetMemory(FirstBytes), cancellationToken)) > 0)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > MostBytes)
            {
                return null;
            }
        }

        return bytes.WrittenMemory;
    }
}
