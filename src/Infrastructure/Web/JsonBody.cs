using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CalendlySlices.Infrastructure.Web;

internal static class JsonBody
{
    /// <summary>
    /// Reads a JSON body. Left to its own, the framework answers a broken body or another content type by itself, with an
    /// empty page instead of the envelope. Fails with <c>UnsupportedMediaType</c> or <c>ValidationFailed</c>.
    /// </summary>
    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : notnull
    {
        if (!request.HasJsonContentType())
        {
            return new Failure(FailureCode.UnsupportedMediaType);
        }

        try
        {
            return await request.ReadFromJsonAsync(type, cancellationToken) is { } body
                ? body
                : new Failure(FailureCode.ValidationFailed, "The body is empty; send a JSON object.");
        }
        catch (JsonException)
        {
            return new Failure(FailureCode.ValidationFailed, "The body is not the JSON that this address takes.");
        }
    }
}
