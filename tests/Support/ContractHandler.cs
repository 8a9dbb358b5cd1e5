using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace CalendlySlices.Tests.Support;

/// <summary>
/// Compares every answer of a JSON route with the document that the application serves about itself, whatever the test is
/// about: a status, a header or a field that is not described there, or is there and missing here, fails the test.
/// </summary>
internal sealed class ContractHandler : DelegatingHandler
{
    // The same for all applications of one build, so the first that is asked reads it for all.
    private static readonly ConcurrentDictionary<string, Lazy<Task<ApiContract>>> Read = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (request.RequestUri!.AbsolutePath.StartsWith("/api/calendly/", StringComparison.Ordinal))
        {
            var contract = await Read.GetOrAdd("v1", _ => new Lazy<Task<ApiContract>>(() => ReadAsync(new Uri(request.RequestUri, "/openapi/v1.json")))).Value;
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            var problems = await contract.ProblemsAsync(request.Method.Method, request.RequestUri.AbsolutePath, answer, await answer.Content.ReadAsStringAsync(cancellationToken));
            if (problems.Count > 0)
            {
                Assert.Fail($"{request.Method} {request.RequestUri} answered otherwise than described: {string.Join("; ", problems)}");
            }
        }

        return answer;
    }

    private async Task<ApiContract> ReadAsync(Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await base.SendAsync(request, CancellationToken.None);
        return new ApiContract(await answer.Content.ReadAsStringAsync(CancellationToken.None));
    }
}

/// <summary>An OpenAPI document, as something that answers can be compared with.</summary>
internal sealed class ApiContract
{
    private static readonly string[] OptionalHeaders = ["X-Data-Age", "Retry-After", "Idempotency-Replayed"];

    private readonly JsonObject _document;
    private readonly JsonObject _definitions;
    private readonly ConcurrentDictionary<string, Task<JsonSchema>> _schemas = new();

    public ApiContract(string json)
    {
        _document = JsonNode.Parse(json.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal))!.AsObject();
        CloseObjects(_document);
        _definitions = _document["components"]!["schemas"]!.AsObject();
    }

    public async Task<List<string>> ProblemsAsync(string method, string path, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        var described = _document["paths"]!.AsObject().FirstOrDefault(entry => Regex.IsMatch(path, $"^{Regex.Replace(entry.Key, @"\{\w+\}", "[^/]+")}$"));
        if (described.Value?[method.ToLowerInvariant()] is not { } operation)
        {
            return status is 401 or 404 or 405 ? [] : [$"the route is not described, and yet it answers {status}"];
        }

        if (operation["responses"]![$"{status}"] is not { } response)
        {
            return [$"status {status} is not described ({body})"];
        }

        var problems = HeaderProblems(response, answer).ToList();
        var schema = response["content"]?["application/json"]?["schema"];
        if (schema is null)
        {
            return problems;
        }

        if (answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return [.. problems, $"content type {answer.Content.Headers.ContentType}"];
        }

        var compiled = await _schemas.GetOrAdd($"{method} {described.Key} {status}", _ => CompileAsync(schema));
        return [.. problems, .. compiled.Validate(body).Select(error => $"{error} in {body}")];
    }

    private IEnumerable<string> HeaderProblems(JsonNode response, HttpResponseMessage answer)
    {
        var described = response["headers"]?.AsObject() ?? [];
        foreach (var (name, _) in described)
        {
            var value = answer.Header(name);
            var rule = _document["components"]!["headers"]![name]!;
            if (value is null && rule["required"]?.GetValue<bool>() is true)
            {
                yield return $"no header {name}";
            }
            else if (value is not null && rule["schema"]!["type"]!.GetValue<string>() == "integer" && !Regex.IsMatch(value, @"^\d+$"))
            {
                yield return $"header {name} is “{value}”";
            }
            else if (value is not null && rule["schema"]!["enum"] is JsonArray words && !words.Any(word => word!.GetValue<string>() == value))
            {
                yield return $"header {name} is “{value}”";
            }
        }

        foreach (var name in OptionalHeaders.Where(name => !described.ContainsKey(name) && answer.Header(name) is not null))
        {
            yield return $"header {name} is not described";
        }
    }

    private Task<JsonSchema> CompileAsync(JsonNode schema)
    {
        var whole = schema.DeepClone().AsObject();
        whole["definitions"] = _definitions.DeepClone();
        return JsonSchema.FromJsonAsync(whole.ToJsonString());
    }

    // A reader has to bear with new fields, so the document leaves objects open; here nothing goes out that it does not name.
    private static void CloseObjects(JsonNode? node)
    {
        if (node is JsonObject { } item)
        {
            foreach (var (_, child) in item)
            {
                CloseObjects(child);
            }

            if (item["properties"] is JsonObject && item["required"] is JsonArray)
            {
                item["additionalProperties"] = false;
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var child in list)
            {
                CloseObjects(child);
            }
        }
    }
}
