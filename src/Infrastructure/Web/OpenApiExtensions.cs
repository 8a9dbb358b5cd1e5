using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CalendlySlices.Infrastructure.Web;

/// <summary><c>/openapi/v1.json</c>: the JSON routes for machines, open to everybody.</summary>
internal static class OpenApiExtensions
{
    public const string Path = $"/openapi/{ApiDocument.Name}.json";

    public static void AddApiDescriptions(this IServiceCollection services)
    {
        // Otherwise integers are described as text too.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddSingleton<ApiRoutes>();
        services.AddOpenApi(ApiDocument.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = _ => false;
            options.AddDocumentTransformer<ApiDocument>();
            options.AddSchemaTransformer(RequireEveryFieldAsync);
        });
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes)
    {
        // The routes do not change while the application runs.
        var document = new Lazy<Task<byte[]>>(() => WriteAsync(routes.ServiceProvider));
        routes.MapGet(Path, async (HttpResponse response) =>
        {
            var json = await document.Value;
            response.Headers.CacheControl = "public, max-age=300";
            return Results.Bytes(json, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))}\""));
        }).AllowAnonymous();
    }

    private static async Task<byte[]> WriteAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name).GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }

    // An answer writes all its fields, those that are null too. The framework forgets about null where the field is an object.
    private static Task RequireEveryFieldAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 } properties)
        {
            schema.Required = properties.Keys.ToHashSet();
            if (context.JsonPropertyInfo is { IsGetNullable: true })
            {
                schema.Type |= JsonSchemaType.Null;
            }
        }

        return Task.CompletedTask;
    }
}
