using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CalendlySlices.Infrastructure.Web;

internal static class Hypermedia
{
    /// <summary>One fragment in two forms: alone for htmx, inside the layout for a browser.</summary>
    /// <param name="view">Slice and fragment, as <c>Slice/_Fragment</c>; a view of the shell by its whole path.</param>
    public static Hypermedia<TModel> Of<TModel>(string view, TModel model, int statusCode = StatusCodes.Status200OK) =>
        new(view, model, statusCode);
}

/// <summary>Runs MVC's own partial or full view of a fragment in <c>src/Features</c>.</summary>
internal sealed class Hypermedia<TModel>(string view, TModel model, int statusCode) : IResult, IStatusCodeHttpResult
{
    private static readonly ActionDescriptor NoAction = new();

    public int? StatusCode => statusCode;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Append("Vary", "HX-Request");
        var viewData = new ViewDataDictionary<TModel>(
            httpContext.RequestServices.GetRequiredService<IModelMetadataProvider>(), new ModelStateDictionary())
        {
            Model = model,
        };
        var path = view.StartsWith('/') ? view : $"/src/Features/{view}.cshtml";
        var action = new ActionContext(httpContext, httpContext.GetRouteData(), NoAction);
        ActionResult result = httpContext.Request.IsHtmx()
            ? new PartialViewResult { ViewName = path, ViewData = viewData, StatusCode = statusCode }
            : new ViewResult { ViewName = path, ViewData = viewData, StatusCode = statusCode };
        return result.ExecuteResultAsync(action);
    }
}
