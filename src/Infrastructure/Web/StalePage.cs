namespace CalendlySlices.Infrastructure.Web;

/// <summary>The answer to a post whose antiforgery token is missing or from another session.</summary>
internal static class StalePage
{
    public const string Message = "This page is old. Reload and try again.";

    /// <summary>400: the envelope on JSON routes, otherwise one sentence, which htmx shows as a toast.</summary>
    public static IResult Answer(HttpContext context)
    {
        var failure = new Failure(FailureCode.ValidationFailed, Message);
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            return Api.Fail(failure);
        }

        context.Response.MarkFailure(failure);
        context.Response.Headers["HX-Reswap"] = "none";
        return Results.Text(Message, statusCode: StatusCodes.Status400BadRequest);
    }
}
