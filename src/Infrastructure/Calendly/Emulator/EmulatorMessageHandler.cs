using System.Net;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// The wire of mock mode: what is sent to Calendly's two hosts reaches the emulator, and nothing else leaves the process.
/// Any other address throws <see cref="InvalidOperationException"/> and is noted in the journal.
/// </summary>
internal sealed class EmulatorMessageHandler(CalendlyEmulator emulator) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException("A request without an address cannot be sent.");
        var host = (address.GetLeftPart(UriPartial.Authority)) switch
        {
            "https://api.calendly.com" => EmulatorHost.Api,
            "https://auth.calendly.com" => EmulatorHost.OAuth,
            var other => throw Refuse(request.Method.Method, other, address),
        };
        var answer = await emulator.HandleAsync(
            new EmulatorCall(request.Method.Method, address.PathAndQuery)
            {
                Host = host,
                Authorization = request.Headers.Authorization?.ToString(),
                ContentType = request.Content?.Headers.ContentType?.ToString(),
                Body = request.Content is null ? default : await request.Content.ReadAsByteArrayAsync(cancellationToken),
            },
            cancellationToken);
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = request, Content = new ReadOnlyMemoryContent(answer.Body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private InvalidOperationException Refuse(string method, string host, Uri address)
    {
        emulator.NoteRefusedHost(method, host + address.AbsolutePath);
        return new InvalidOperationException($"In mock mode nothing outside is called, and {host} is outside.");
    }
}
