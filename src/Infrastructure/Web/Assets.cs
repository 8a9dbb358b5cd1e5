using Microsoft.AspNetCore.StaticAssets;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// The addresses of our style sheet and scripts with the hash of their content in them, so that browsers keep them for good.
/// MVC's helpers know them only on Razor Pages; the slices' views are reached by other routes.
/// </summary>
internal sealed class Assets(EndpointDataSource endpoints)
{
    private readonly Lazy<Dictionary<string, string>> _hashed = new(() => Read(endpoints));

    /// <param name="path">As in <c>wwwroot</c>, for example <c>css/site.css</c>.</param>
    public string this[string path] => _hashed.Value.GetValueOrDefault(path) ?? "/" + path;

    private static Dictionary<string, string> Read(EndpointDataSource endpoints)
    {
        var hashed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var asset in endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>()))
        {
            if (asset?.Properties.FirstOrDefault(property => property.Name == "label") is { } label)
            {
                hashed[label.Value] = "/" + asset.Route;
            }
        }

        return hashed;
    }
}
