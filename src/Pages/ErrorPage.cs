using System.Data.Common;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Diagnostics;

namespace CalendlySlices.Pages;

/// <summary>What stands in for an answer that has no body of its own: an unknown address, a wrong method, a fault of ours.</summary>
internal static class ErrorPage
{
    /// <summary>Where the error handlers run the request again.</summary>
    public const string Path = "/error";

    /// <summary>Answers what fails, and what is refused without a word, with this page.</summary>
    public static void UseErrorPage(this WebApplication app)
    {
        // In a scope of its own: in that of the request, who asks has failed already.
        app.UseExceptionHandler(Path, createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute(Path);
    }

    /// <summary>This page, and the one that describes the API.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapErrorPage();
        ApiPage.Map(routes);
    }

    public static void MapErrorPage(this IEndpointRouteBuilder routes) =>
        routes.Map(Path, Answer).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static IResult Answer(HttpContext context)
    {
        var original = context.Features.Get<IExceptionHandlerPathFeature>()?.Path
            ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath;

        // Opened by hand there is nothing to explain, so it is one more address that does not exist.
        var status = original is null ? StatusCodes.Status404NotFound : context.Response.StatusCode;
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is DbException)
        {
            status = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "5";
        }

        var words = ErrorWords.For(status);
        context.Response.Headers["X-Error-Code"] = words.Code;
        return original is not null && new PathString(original).StartsWithSegments("/api")
            ? Results.Json(new ApiResponse<object>(null, new ApiError(words.Code, words.Message, null)), Api.JsonOptions, statusCode: status)
            : Hypermedia.Of("/src/Pages/_Error.cshtml", words, status);
    }
}
