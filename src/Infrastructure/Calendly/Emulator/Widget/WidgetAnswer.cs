using System.Text.Json;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>A page of the stand-in as HTML. It may be framed by our own pages, and by nobody else's.</summary>
internal sealed class WidgetAnswer(WidgetPage page, WidgetAddress address, WidgetTurn turn) : IResult
{
    private const string Folder = "/src/Infrastructure/Calendly/Emulator/Widget/";

    private static readonly ActionDescriptor NoAction = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var stamp = PageStamp.Of(httpContext);
        var headers = httpContext.Response.Headers;
        headers.Remove("X-Frame-Options");
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{stamp.Nonce}'; style-src 'self'; img-src 'self' data:; " +
            $"frame-src {(turn.Has(WidgetKnob.WrongOrigin) ? "data:" : "'none'")}; form-action 'self'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'; " +
            "require-trusted-types-for 'script'; trusted-types 'none'";
        if (turn.Has(WidgetKnob.NeverLoads) && HttpMethods.IsGet(httpContext.Request.Method))
        {
            return Results.Content("<!doctype html><title>Nothing</title>", "text/html; charset=utf-8").ExecuteAsync(httpContext);
        }

        var viewData = new ViewDataDictionary<WidgetView>(httpContext.RequestServices.GetRequiredService<IModelMetadataProvider>(), new ModelStateDictionary())
        {
            Model = new(page, address, turn, stamp.Nonce, $"{Folder}{page.View}.cshtml"),
        };
        var view = new PartialViewResult { ViewName = Folder + "_Widget.cshtml", ViewData = viewData, StatusCode = page.Status };
        return view.ExecuteResultAsync(new ActionContext(httpContext, httpContext.GetRouteData(), NoAction));
    }
}

/// <param name="Inner">The path of the view inside.</param>
internal sealed record WidgetView(WidgetPage Page, WidgetAddress Address, WidgetTurn Turn, string Nonce, string Inner)
{
    public bool IsLate => Turn.Has(WidgetKnob.Late);

    /// <summary>For the script, as JSON.</summary>
    public string Messages => JsonSerializer.Serialize(Page.Messages, JsonSerializerOptions.Web);

    /// <summary>What a stranger claims, or nothing.</summary>
    public string Forged => Turn.Has(WidgetKnob.WrongOrigin) ? JsonSerializer.Serialize(WidgetMessage.ScheduledNothing("forged"), JsonSerializerOptions.Web) : string.Empty;
}
