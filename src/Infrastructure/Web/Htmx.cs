using System.Text.Json.Nodes;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>The few htmx 4 headers in use. Source: https://four.htmx.org/reference</summary>
internal static class Htmx
{
    /// <summary>The request header that carries the antiforgery token; the layout sets it once for the whole page.</summary>
    public const string AntiforgeryHeader = "RequestVerificationToken";

    /// <summary>True when the answer goes into a page that is already there. A history restore is not: htmx 4 then asks for
    /// the whole page.</summary>
    public static bool IsHtmx(this HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-History-Restore-Request");

    /// <summary>Raises an event on the element that asked; it bubbles to the body, where other panels listen.</summary>
    public static void Trigger(this HttpResponse response, string eventName) => response.Headers["HX-Trigger"] = eventName;

    /// <summary>Raises several events, each with its details. They go to the body: by then the element that asked may have
    /// been replaced by the answer.</summary>
    public static void Trigger(this HttpResponse response, params ReadOnlySpan<(string Name, JsonObject Detail)> events)
    {
        var all = new JsonObject();
        foreach (var (name, detail) in events)
        {
            detail["target"] = "body";
            all[name] = detail;
        }

        // The default encoder leaves nothing but ASCII, which is all a header can carry.
        response.Headers["HX-Trigger"] = all.ToJsonString();
    }

    /// <summary>Puts the answer somewhere else than the element that asked wanted it.</summary>
    /// <param name="target">A selector of htmx's, relative to the element that asked.</param>
    public static void Retarget(this HttpResponse response, string target, string swap)
    {
        response.Headers["HX-Retarget"] = target;
        response.Headers["HX-Reswap"] = swap;
    }

    /// <summary>Makes the browser load another page of ours, whatever the status.</summary>
    public static void RedirectPage(this HttpResponse response, string path) => response.Headers["HX-Redirect"] = path;
}
