using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CalendlySlices.Tests.Support;

/// <summary>What the wire does with one call.</summary>
internal delegate Task<HttpResponseMessage> Answer(CancellationToken cancellationToken);

internal static class Answers
{
    public static Answer Json(string json, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers) =>
        Text(json, "application/json", status, headers);

    public static Answer Html(HttpStatusCode status) => Text("<!doctype html><title>Maintenance</title>", "text/html", status);

    public static Answer Text(string text, string contentType, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers) =>
        Stream(new MemoryStream(Encoding.UTF8.GetBytes(text)), contentType, status, headers);

    public static Answer Status(HttpStatusCode status, params (string Name, string Value)[] headers) =>
        Text(string.Empty, "text/plain", status, headers);

    public static Answer Stream(
        Stream stream, string contentType = "application/json", HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers) =>
        _ =>
        {
            var response = new HttpResponseMessage(status) { Content = new StreamContent(stream) };
            response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return Task.FromResult(response);
        };

    public static Answer Throws(Exception exception) => _ => throw exception;

    /// <summary>Hangs until the caller gives up.</summary>
    public static Answer Never() => cancellationToken => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
}
