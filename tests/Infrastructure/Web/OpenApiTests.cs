using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed class OpenApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_open_to_everybody_and_may_be_kept()
    {
        await using var app = new DashboardApp();
        using var nobody = await app.ClientAsync();

        using var first = await nobody.GetAsync(OpenApiExtensions.Path, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, OpenApiExtensions.Path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await nobody.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.True(first.Headers.CacheControl!.Public);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        var document = JsonNode.Parse(await first.TextAsync())!;
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("/", document["servers"]![0]!["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_json_route_is_in_the_document_and_nothing_else_is()
    {
        await using var app = new DashboardApp();
        var mapped =
            from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.RawText!.StartsWith(ApiRoutes.Prefix, StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {endpoint.RoutePattern.RawText}";

        var described =
            from path in (await DocumentAsync(app))["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select $"{operation.Key.ToUpperInvariant()} {path.Key}";

        Assert.Equal(mapped.Append($"GET {CalendlyAuthentication.CallbackPath}").Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_failure_code_is_in_the_list_of_codes()
    {
        await using var app = new DashboardApp();

        var codes = (await DocumentAsync(app))["components"]!["schemas"]!["ErrorCode"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>());

        Assert.Equal(Enum.GetValues<FailureCode>().Select(code => code.ToWireName()).Append("INTERNAL_ERROR"), codes);
    }

    [Fact]
    public async Task No_number_is_described_as_text()
    {
        await using var app = new DashboardApp();

        var types = Nodes(await DocumentAsync(app)).OfType<JsonObject>().Select(item => item["type"]).OfType<JsonArray>().Select(type => type.ToJsonString()).Distinct();

        Assert.DoesNotContain(types, type => type.Contains("integer", StringComparison.Ordinal) && type.Contains("string", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_description_speaks_of_anything_internal()
    {
        // Names of types and members, tags of comments, and words that only we use.
        var inward = new Regex(@"\b[A-Z][a-z]+(?:\.[A-Z]|[A-Z][a-z]+Async)|</?\w+|cref|\bHandler\b|\bValidator\b|\bEndpoint\b|CalendlySlices\.|\brecord\b|\bslice\b|emulator", RegexOptions.None);
        await using var app = new DashboardApp();

        var texts = Nodes(await DocumentAsync(app)).OfType<JsonObject>()
            .SelectMany(item => new[] { item["description"], item["summary"] })
            .OfType<JsonValue>()
            .Select(text => text.GetValue<string>())
            .ToList();

        Assert.True(texts.Count > 60, $"Only {texts.Count} descriptions were found.");
        Assert.DoesNotContain(texts, text => inward.IsMatch(text));
        Assert.DoesNotContain(texts, string.IsNullOrWhiteSpace);
    }

    [Fact]
    public async Task Every_route_names_its_headers_its_cookie_and_what_a_write_needs()
    {
        await using var app = new DashboardApp();
        var document = await DocumentAsync(app);

        var cookie = document["components"]!["securitySchemes"]!["session"]!["name"]!.GetValue<string>();
        var incomplete =
            from route in app.Services.GetRequiredService<ApiRoutes>().All()
            let operation = document["paths"]![route.Path]![route.Method.ToLowerInvariant()]!
            let sent = operation["parameters"]?.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()).ToList() ?? []
            let headers = operation["responses"]!.AsObject().Select(response => response.Value!["headers"]!.AsObject())
            where headers.Any(described => !described.ContainsKey("X-Request-Id") || !described.ContainsKey("X-Calendly-Mode"))
                || (operation["security"]!.AsArray().Count == 1) == route.IsOpen
                || sent.Contains(Htmx.AntiforgeryHeader) != route.IsWrite
                || sent.Contains("Idempotency-Key") != route.TakesKey
                || (operation["requestBody"] is not null) != (route.Description.Body is not null)
            select $"{route.Method} {route.Path}";

        Assert.Equal("app-mock", cookie);
        Assert.Empty(incomplete);
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_says()
    {
        await using var app = new DashboardApp();
        var document = await DocumentAsync(app);
        var contract = new ApiContract(document.ToJsonString());

        var wrong = new List<string>();
        var tried = 0;
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                foreach (var (status, response) in operation!["responses"]!.AsObject())
                {
                    var content = response!["content"]?["application/json"];
                    var examples = content?["examples"]?.AsObject().Select(named => named.Value!["value"]!) ?? (content?["example"] is { } only ? [only] : []);
                    foreach (var example in examples)
                    {
                        tried++;
                        using var answer = Answer((HttpStatusCode)int.Parse(status, null), example.ToJsonString());
                        wrong.AddRange(await contract.ProblemsAsync(method.ToUpperInvariant(), path, answer, example.ToJsonString()));
                    }
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(tried > 30, $"Only {tried} examples were found.");
    }

    [Fact]
    public async Task What_is_described_of_a_parameter_holds()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        var wrong = new List<string>();
        foreach (var route in app.Services.GetRequiredService<ApiRoutes>().All().Where(route => !route.IsWrite && !route.IsOpen))
        {
            var needed = route.Description.Parameters.Where(parameter => parameter.IsRequired).ToDictionary(parameter => parameter.Name, parameter => parameter.Example!);
            foreach (var parameter in route.Description.Parameters)
            {
                foreach (var (value, isGood) in Edges(parameter))
                {
                    var query = new Dictionary<string, string>(needed) { [parameter.Name] = value };
                    using var answer = await ana.GetAsync(
                        $"{route.Path}?{string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}", Cancel);
                    var refused = answer.StatusCode == HttpStatusCode.BadRequest
                        && (await answer.TextAsync()).Contains($"\"field\":\"{parameter.Name}\"", StringComparison.Ordinal);
                    if (refused == isGood)
                    {
                        wrong.Add($"{route.Path}?{parameter.Name}={value[..Math.Min(value.Length, 30)]}: {(int)answer.StatusCode}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task What_is_described_of_a_body_holds()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");

        var wrong = new List<string>();
        foreach (var route in app.Services.GetRequiredService<ApiRoutes>().All().Where(route => route.Description.Body is not null))
        {
            var described = route.Description.Body!;
            foreach (var field in described.Required.Concat(described.MaxLengths.Keys).Distinct())
            {
                var body = JsonNode.Parse(described.Example)!.AsObject();
                body[field] = described.MaxLengths.TryGetValue(field, out var length) ? new string('x', length + 1) : null;
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path)
                {
                    Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
                };
                request.Headers.Add(Htmx.AntiforgeryHeader, await DashboardApp.AntiforgeryTokenAsync(ana));
                using var answer = await ana.SendAsync(request, Cancel);
                if (answer.StatusCode != HttpStatusCode.BadRequest || !(await answer.TextAsync()).Contains($"\"field\":\"{field}\"", StringComparison.Ordinal))
                {
                    wrong.Add($"{route.Method} {route.Path}, {field}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task An_answer_that_is_not_as_described_is_told_apart()
    {
        await using var app = new DashboardApp();
        var contract = new ApiContract((await DocumentAsync(app)).ToJsonString());
        const string Good = """{"data":null,"error":{"code":"NOT_SIGNED_IN","message":"Sign in.","details":null}}""";

        Assert.Empty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Conflict, Good));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.UnsupportedMediaType, Good));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good.Replace("message", "text", StringComparison.Ordinal)));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good.Replace("NOT_SIGNED_IN", "NOT_FOUND", StringComparison.Ordinal)));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good.Replace("\"data\":null,", string.Empty, StringComparison.Ordinal)));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good.Replace("}}", "},\"more\":1}", StringComparison.Ordinal)));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good, without: "X-Request-Id"));
        Assert.NotEmpty(await ProblemsAsync(HttpStatusCode.Unauthorized, Good, without: "X-Error-Code"));

        async Task<List<string>> ProblemsAsync(HttpStatusCode status, string body, string? without = null)
        {
            using var answer = Answer(status, body);
            if (without is not null)
            {
                answer.Headers.Remove(without);
            }

            return await contract.ProblemsAsync("GET", "/api/calendly/events/scheduled", answer, body);
        }
    }

    private static async Task<JsonNode> DocumentAsync(DashboardApp app)
    {
        using var client = await app.ClientAsync();
        return JsonNode.Parse(await client.GetStringAsync(OpenApiExtensions.Path, Cancel))!;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.Add("X-Request-Id", "1");
        answer.Headers.Add("X-Calendly-Mode", "mock");
        answer.Headers.Add("X-Error-Code", "ANY");
        return answer;
    }

    // Values just inside and just outside of what is described.
    private static IEnumerable<(string Value, bool IsGood)> Edges(ApiParameter parameter)
    {
        if (parameter is { Min: { } min, Max: { } max })
        {
            yield return ($"{min}", true);
            yield return ($"{max}", true);
            yield return ($"{min - 1}", false);
            yield return ($"{max + 1}", false);
            yield return ("many", false);
        }

        foreach (var word in parameter.Words)
        {
            yield return (word, true);
            yield return (word.ToUpperInvariant(), false);
        }

        if (parameter.MaxLength is { } length)
        {
            yield return (new string('x', length), true);
            yield return (new string('x', length + 1), false);
        }

        if (parameter.Kind == ApiParameterKind.Uri)
        {
            yield return ("nowhere", false);
        }

        if (parameter.Kind == ApiParameterKind.Time)
        {
            yield return ("2026-03-10", true);
            yield return ("2026-03-10T09:00:00Z", true);
            yield return ("2026-03-10T09:00:00", true);
            yield return ("tomorrow", false);
        }

        if (parameter.Example is { } example)
        {
            yield return (example, true);
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject item => item.Select(pair => pair.Value).OfType<JsonNode>().SelectMany(Nodes).Prepend(item),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Nodes).Prepend(list),
        _ => [node],
    };
}
