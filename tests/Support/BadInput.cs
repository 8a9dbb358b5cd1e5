using System.Text.Json;

namespace CalendlySlices.Tests.Support;

/// <summary>One line of a table of bad input: who sends what where, and the answer.</summary>
/// <param name="As">A persona, or empty for nobody.</param>
/// <param name="Request">Method and address.</param>
/// <param name="Body">For a write: a form where it holds no brace, otherwise JSON. Null sends nothing.</param>
/// <param name="Message">Has to be somewhere in what the reader sees, or in the envelope.</param>
internal sealed record BadInput(string As, string Request, string? Body, int Status, string Code, string Message)
{
    public string ContentType { get; init; } = Body?.Contains('{', StringComparison.Ordinal) is true ? "application/json" : "application/x-www-form-urlencoded";

    /// <summary>Sends every line to one application; gives back those that were answered otherwise, with what came.</summary>
    public static async Task<List<string>> MismatchesAsync(DashboardApp app, IEnumerable<BadInput> table)
    {
        var clients = new Dictionary<string, HttpClient>();
        var mismatches = new List<string>();
        foreach (var row in table)
        {
            if (!clients.TryGetValue(row.As, out var client))
            {
                clients[row.As] = client = await app.ClientAsync(row.As.Length == 0 ? null : row.As);
            }

            using var answer = await row.SendAsync(client);
            var seen = await SeenAsync(answer);
            var problem = (int)answer.StatusCode != row.Status ? $"status {(int)answer.StatusCode}"
                : (answer.ErrorCode() ?? string.Empty) != row.Code ? $"code {answer.ErrorCode()}"
                : !seen.Contains(row.Message, StringComparison.Ordinal) ? $"the words “{seen[..Math.Min(seen.Length, 400)]}”"
                : row.IsApi && !await IsEnvelopeAsync(answer) ? "no envelope"
                : null;
            if (problem is not null)
            {
                mismatches.Add($"{row.As}: {row.Request} {row.Body} gave {problem}");
            }
        }

        return mismatches;
    }

    private bool IsApi => Request.Contains(" /api/", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpClient client)
    {
        var (method, path) = Request.Split(' ', 2) is [var left, var right] ? (left, right) : throw new InvalidOperationException(Request);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (Body is not null)
        {
            request.Content = new StringContent(Body);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        if (method != "GET")
        {
            request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string> SeenAsync(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType == "application/json")
        {
            var error = (await answer.JsonAsync()).GetProperty("error");
            return string.Join(' ', Strings(error));
        }

        using var page = await answer.DocumentAsync();
        return string.Join(' ', (page.Body?.TextContent ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<bool> IsEnvelopeAsync(HttpResponseMessage answer)
    {
        var envelope = await answer.JsonAsync();
        var error = envelope.GetProperty("error");
        return envelope.GetProperty("data").ValueKind == JsonValueKind.Null
            && error.GetProperty("code").GetString() == answer.ErrorCode()
            && error.GetProperty("message").GetString() is { Length: > 0 }
            && error.TryGetProperty("details", out _)
            && answer.Headers.Location is null;
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
