using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// Writes the OpenAPI document from what the routes say about themselves. Nothing comes from the framework's own look at
/// the routes: they take their input as text and answer with an envelope, of which it cannot know the shape.
/// </summary>
internal sealed class ApiDocument(ApiRoutes routes, IOptionsMonitor<CookieAuthenticationOptions> cookies) : IOpenApiDocumentTransformer
{
    public const string Name = "v1";

    private const string Session = "session";
    private const string ErrorSchema = "Error";
    private const string CodeSchema = "ErrorCode";
    private const string InternalError = "INTERNAL_ERROR";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CalendlySlices",
            Version = Name,
            Description = "Your Calendly sessions as JSON. Every answer is an envelope of data and error, one of them null, and says in its headers which request it answers and whether Calendly's data is real.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Paths = [];
        AddSharedParts(document);
        foreach (var path in routes.All().GroupBy(route => route.Path))
        {
            var item = new OpenApiPathItem { Operations = [] };
            foreach (var route in path)
            {
                item.Operations[new HttpMethod(route.Method)] = await OperationAsync(route, document, context, cancellationToken);
            }

            document.Paths[path.Key] = item;
        }
    }

    private void AddSharedParts(OpenApiDocument document)
    {
        document.AddComponent(Session, (IOpenApiSecurityScheme)new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = cookies.Get(CookieAuthenticationDefaults.AuthenticationScheme).Cookie.Name,
            Description = "The cookie of a signed-in browser. Nothing redirects to a sign-in page: without it the answer is 401.",
        });
        document.AddComponent(CodeSchema, (IOpenApiSchema)new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetValues<FailureCode>().Select(code => Text(code.ToWireName())).Append(Text(InternalError))],
            Description = "What went wrong, as a closed list.",
        });
        document.AddComponent(ErrorSchema, (IOpenApiSchema)Object(
            ("code", new OpenApiSchemaReference(CodeSchema, document)),
            ("message", String("One sentence for a person.")),
            ("details", new OpenApiSchema { Description = "What else is known: a list of field problems, an object, or null.", OneOf = [Null(), FieldProblems(), Scopes(), Wait()] })));
        AddHeader(document, SecurityHeaders.RequestIdHeader, true, String("Name this when you ask about the request."));
        AddHeader(document, SecurityHeaders.ModeHeader, true, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [Text("mock"), Text("real")], Description = "mock: nothing here is real and nothing is sent to anyone." });
        AddHeader(document, ApiHeaderExtensions.ErrorCodeHeader, true, String("error.code once more."));
        AddHeader(document, ApiHeaderExtensions.AgeHeader, false, Seconds("How old the data is, where it was not read for this request."));
        AddHeader(document, ApiHeaderExtensions.RetryAfterHeader, false, Seconds("How long to wait before the next try, where that is known."));
        AddHeader(document, IdempotencyKeys.ReplayedHeader, false, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [Text("true")], Description = "This answer was given before; nothing was done again." });
    }

    private static async Task<OpenApiOperation> OperationAsync(
        ApiRoute route, OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var description = route.Description;
        return new OpenApiOperation
        {
            OperationId = route.Method.ToLowerInvariant() + string.Concat(
                route.Path[ApiRoutes.Prefix.Length..].Split('/', '-', '{', '}').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..])),
            Summary = description.Summary,
            Description = description.Details,
            Parameters = [.. description.Parameters.Select(Parameter), .. WriteHeaders(route)],
            RequestBody = description.Body is { } body ? await BodyAsync(body, context, cancellationToken) : null,
            Responses = await ResponsesAsync(route, document, context, cancellationToken),
            Security = route.IsOpen ? [] : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Session, document)] = [] }],
        };
    }

    private static OpenApiParameter Parameter(ApiParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Required = parameter.IsRequired,
        Description = parameter.Description,
        Schema = Schema(parameter),
        Example = parameter.Example is { } example ? Text(example) : null,
    };

    private static OpenApiSchema Schema(ApiParameter parameter) => parameter.Kind switch
    {
        ApiParameterKind.Number => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = parameter.Min?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Max?.ToString(CultureInfo.InvariantCulture),
            Default = parameter.Default is { } value ? JsonNode.Parse(value) : null,
        },
        ApiParameterKind.Time => new OpenApiSchema
        {
            AnyOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
                new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$" },
            ],
        },
        _ => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = parameter.Kind == ApiParameterKind.Uri ? "uri" : null,
            Enum = parameter.Words is { Count: > 0 } words ? [.. words.Select(Text)] : null,
            MaxLength = parameter.MaxLength,
            Default = parameter.Default is { } value ? Text(value) : null,
        },
    };

    private static IEnumerable<OpenApiParameter> WriteHeaders(ApiRoute route)
    {
        if (route.IsWrite)
        {
            yield return new OpenApiParameter
            {
                Name = Htmx.AntiforgeryHeader,
                In = ParameterLocation.Header,
                Required = true,
                Description = "The antiforgery token of the signed-in session, from the hidden field of that name on any page.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }

        if (route.TakesKey)
        {
            yield return new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Description = "A name of your own for this request, such as a random UUID. Sent again with the same body within 24 hours, it gets the same answer and nothing is done twice.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKeys.MaxLength, Pattern = "^[!-~]+$" },
            };
        }
    }

    private static async Task<OpenApiRequestBody> BodyAsync(ApiBody body, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(body.Type, cancellationToken: cancellationToken);
        schema.Required = body.Required.ToHashSet();
        foreach (var name in body.Required)
        {
            ((OpenApiSchema)schema.Properties![name]).Type &= ~JsonSchemaType.Null;
        }

        foreach (var (name, length) in body.MaxLengths)
        {
            ((OpenApiSchema)schema.Properties![name]).MaxLength = length;
        }

        return new OpenApiRequestBody { Required = true, Content = Json(schema, JsonNode.Parse(body.Example)!) };
    }

    private static async Task<OpenApiResponses> ResponsesAsync(
        ApiRoute route, OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var responses = new OpenApiResponses();
        if (route.Description.Data is not { } data)
        {
            responses["302"] = new OpenApiResponse { Description = "On to a page.", Headers = Headers(document, []) };
            return responses;
        }

        document.AddComponent(data.Name, (IOpenApiSchema)await context.GetOrCreateSchemaAsync(data, cancellationToken: cancellationToken));
        responses["200"] = new OpenApiResponse
        {
            Description = "Done.",
            Headers = Headers(document,
                [.. route.Description.FromMemory ? [ApiHeaderExtensions.AgeHeader] : Array.Empty<string>(), .. route.TakesKey ? [IdempotencyKeys.ReplayedHeader] : Array.Empty<string>()]),
            Content = Json(
                Object(("data", new OpenApiSchemaReference(data.Name, document)), ("error", Null())),
                new JsonObject { ["data"] = JsonNode.Parse(route.Description.Example!), ["error"] = null }),
        };
        foreach (var status in route.Failures.GroupBy(code => code.ToStatusCode()))
        {
            responses[status.Key.ToString(CultureInfo.InvariantCulture)] = Failures(route, document, [.. status]);
        }

        responses["500"] = Failed(document, "A fault of ours.", [InternalError], [], new Dictionary<string, IOpenApiExample>());
        return responses;
    }

    private static OpenApiResponse Failures(ApiRoute route, OpenApiDocument document, IReadOnlyList<FailureCode> codes) => Failed(
        document,
        string.Join(" ", codes.Select(code => $"{code.ToWireName()}: {code.DefaultMessage()}")),
        codes.Select(code => code.ToWireName()),
        [
            .. codes.Any(ApiFailures.MayKnowAWait) ? [ApiHeaderExtensions.RetryAfterHeader] : Array.Empty<string>(),
            .. route.TakesKey && codes.Any(code => IdempotencyKeys.IsFinal(code.ToStatusCode())) ? [IdempotencyKeys.ReplayedHeader] : Array.Empty<string>(),
        ],
        codes.ToDictionary(code => code.ToWireName(), code => (IOpenApiExample)new OpenApiExample { Value = ApiFailures.Example(code) }));

    private static OpenApiResponse Failed(
        OpenApiDocument document, string description, IEnumerable<string> codes, string[] headers, Dictionary<string, IOpenApiExample> examples)
    {
        var error = new OpenApiSchema
        {
            AllOf =
            [
                new OpenApiSchemaReference(ErrorSchema, document),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = new OpenApiSchema { Enum = [.. codes.Select(Text)] } },
                },
            ],
        };
        return new OpenApiResponse
        {
            Description = description,
            Headers = Headers(document, [ApiHeaderExtensions.ErrorCodeHeader, .. headers]),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = Object(("data", Null()), ("error", error)), Examples = examples.Count > 0 ? examples : null },
            },
        };
    }

    private static Dictionary<string, OpenApiMediaType> Json(IOpenApiSchema schema, JsonNode example) =>
        new() { ["application/json"] = new OpenApiMediaType { Schema = schema, Example = example } };

    private static Dictionary<string, IOpenApiHeader> Headers(OpenApiDocument document, string[] further) =>
        new[] { SecurityHeaders.RequestIdHeader, SecurityHeaders.ModeHeader }.Concat(further)
            .ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeaderReference(name, document));

    private static void AddHeader(OpenApiDocument document, string name, bool required, OpenApiSchema schema)
    {
        var description = schema.Description;
        schema.Description = null;
        document.AddComponent(name, (IOpenApiHeader)new OpenApiHeader { Description = description, Required = required, Schema = schema });
    }

    private static OpenApiSchema FieldProblems() => new()
    {
        Type = JsonSchemaType.Array,
        Items = Object(("field", String("As in the request.")), ("rule", String("A stable word.")), ("message", String("One sentence for a person."))),
    };

    private static OpenApiSchema Scopes() =>
        Object(("requiredScopes", new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }));

    private static OpenApiSchema Wait() => Object(("retryAfterSeconds", Seconds("As the header Retry-After.")));

    private static OpenApiSchema Object(params (string Name, IOpenApiSchema Schema)[] properties) => new()
    {
        Type = JsonSchemaType.Object,
        Required = properties.Select(property => property.Name).ToHashSet(),
        Properties = properties.ToDictionary(property => property.Name, property => property.Schema),
    };

    private static OpenApiSchema String(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Seconds(string description) => new() { Type = JsonSchemaType.Integer, Minimum = "0", Description = description };

    private static OpenApiSchema Null() => new() { Type = JsonSchemaType.Null };

    private static JsonNode Text(string text) => JsonValue.Create(text);
}
