namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>A body that has been read whole and was not too long.</summary>
internal sealed class CappedContent(ArraySegment<byte> body) : ByteArrayContent(body.Array!, body.Offset, body.Count)
{
    public ReadOnlySpan<byte> Body => body;

    public static ReadOnlySpan<byte> Of(HttpResponseMessage response) => ((CappedContent)response.Content).Body;
}
