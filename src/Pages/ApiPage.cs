using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Pages;

/// <summary>The JSON routes for people, made of the same descriptions as the document for machines; open to everybody.</summary>
/// <param name="DocumentUrl">The document for machines.</param>
internal sealed record ApiPage(IReadOnlyList<ApiRouteText> Routes, string DocumentUrl)
{
    /// <summary>The page, and the document that it links to.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApiDocument();
        routes.MapGet("/api", Answer).AllowAnonymous();
    }

    private static Hypermedia<ApiPage> Answer(ApiRoutes routes, HttpRequest request) => Hypermedia.Of(
        "/src/Pages/_Api.cshtml",
        new ApiPage([.. routes.All().Select(route => ApiRouteText.Of(route, $"{request.Scheme}://{request.Host}"))], OpenApiExtensions.Path));
}

/// <param name="Id">For links within the page.</param>
/// <param name="Inputs">Parameters of the address, then headers, then fields of the body.</param>
/// <param name="Answers">By status.</param>
/// <param name="Request">A call of curl.</param>
/// <param name="Answer">Null for a route that only redirects.</param>
internal sealed record ApiRouteText(
    string Id,
    string Summary,
    string Method,
    string Path,
    string Details,
    IReadOnlyList<ApiInputText> Inputs,
    IReadOnlyList<ApiAnswerText> Answers,
    string Request,
    string? Answer)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ApiRouteText Of(ApiRoute route, string origin) => new(
        route.Path[ApiRoutes.Prefix.Length..].Trim('/').Replace('/', '-'),
        route.Description.Summary,
        route.Method,
        route.Path,
        route.Description.Details,
        [.. route.Description.Parameters.Select(ApiInputText.Of), .. Headers(route), .. Fields(route)],
        [
            route.Description.Data is null ? new(StatusCodes.Status302Found, null, "On to a page.") : new(StatusCodes.Status200OK, null, "Done; data is filled."),
            .. route.Failures.Select(code => new ApiAnswerText(code.ToStatusCode(), code.ToWireName(), code.DefaultMessage())),
            .. route.Description.Data is null ? Array.Empty<ApiAnswerText>() : [new(StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "A fault of ours.")],
        ],
        Curl(route, origin),
        route.Description.Example is { } example
            ? new JsonObject { ["data"] = JsonNode.Parse(example), ["error"] = null }.ToJsonString(Indented)
            : null);

    private static IEnumerable<ApiInputText> Headers(ApiRoute route)
    {
        if (route.IsWrite)
        {
            yield return new(Htmx.AntiforgeryHeader, "header, required", "The antiforgery token of the session, from the hidden field of any page.");
        }

        if (route.TakesKey)
        {
            yield return new(
                IdempotencyKeys.Header,
                $"header, up to {IdempotencyKeys.MaxLength} visible ASCII characters",
                "A name of your own for this request. Sent again with the same body within 24 hours, it gets the same answer and nothing is done twice.");
        }
    }

    private static IEnumerable<ApiInputText> Fields(ApiRoute route) =>
        from field in route.Description.Body?.Type.GetProperties() ?? []
        let name = JsonNamingPolicy.CamelCase.ConvertName(field.Name)
        let body = route.Description.Body!
        select new ApiInputText(
            name,
            string.Join(", ", new[]
            {
                "body",
                body.Required.Contains(name) ? "required" : null,
                body.MaxLengths.TryGetValue(name, out var length) ? ApiInputText.UpTo(length) : null,
            }.OfType<string>()),
            string.Empty);

    private static string Curl(ApiRoute route, string origin)
    {
        var query = string.Join('&', route.Description.Parameters
            .Where(parameter => parameter.Example is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Example!)}"));
        string?[] parts =
        [
            "curl",
            route.IsOpen ? null : "-b cookies.txt",
            route.IsWrite ? $"-H '{Htmx.AntiforgeryHeader}: …'" : null,
            route.TakesKey ? $"-H \"{IdempotencyKeys.Header}: $(uuidgen)\"" : null,
            route.Description.Body is null ? null : "-H 'Content-Type: application/json'",
            route.Description.Body is { } body ? $"-d '{body.Example}'" : null,
            $"'{origin}{route.Path}{(query.Length > 0 ? "?" : string.Empty)}{query}'",
        ];
        return string.Join(route.IsWrite ? " \\\n  " : " ", parts.OfType<string>());
    }
}

/// <param name="Rule">What it must be, in a few words.</param>
internal sealed record ApiInputText(string Name, string Rule, string Description)
{
    public static ApiInputText Of(ApiParameter parameter) => new(
        parameter.Name,
        string.Join(", ", new[]
        {
            parameter.Kind switch
            {
                ApiParameterKind.Number => $"{parameter.Min} to {parameter.Max}",
                ApiParameterKind.Word => string.Join(" or ", parameter.Words),
                ApiParameterKind.Time => "a time or a day",
                ApiParameterKind.Uri => "a URI",
                _ => parameter.MaxLength is { } length ? UpTo(length) : "text",
            },
            parameter.IsRequired ? "required" : null,
            parameter.Default is { } value ? $"{value} when left out" : null,
        }.OfType<string>()),
        parameter.Description);

    public static string UpTo(int characters) => FormattableString.Invariant($"up to {characters:N0} characters");
}

/// <param name="Code">Null where nothing failed.</param>
internal sealed record ApiAnswerText(int Status, string? Code, string Words);
