using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>What a request gets that nobody signed in stands behind.</summary>
internal static class SignInRedirect
{
    /// <summary>A fragment must not be replaced by a sign-in page, and a JSON caller must not be sent to one.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            return Api.Fail(new Failure(FailureCode.NotSignedIn)).ExecuteAsync(context);
        }

        if (context.Request.IsHtmx())
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.RedirectPage($"/sign-in?place={ReturnPlace.Of(CurrentPage(context.Request))}");
            return Task.CompletedTask;
        }

        context.Response.Redirect($"/sign-in?place={ReturnPlace.Of(context.Request.Path)}");
        return Task.CompletedTask;
    }

    private static PathString CurrentPage(HttpRequest request) =>
        Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var page) ? page.AbsolutePath : "/";
}
