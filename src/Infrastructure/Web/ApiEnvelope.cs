namespace CalendlySlices.Infrastructure.Web;

internal static class ApiEnvelope
{
    /// <summary>Gives the framework's own bare refusals under <c>/api</c> (no such address, wrong method, nobody signed in)
    /// the envelope that every other answer there has. The status and headers, such as <c>Allow</c>, stay.</summary>
    public static IApplicationBuilder UseApiEnvelope(this IApplicationBuilder app) => app.UseStatusCodePages(context =>
    {
        var http = context.HttpContext;
        FailureCode? code = http.Response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => FailureCode.NotSignedIn,
            StatusCodes.Status403Forbidden => FailureCode.ForbiddenRole,
            StatusCodes.Status404NotFound => FailureCode.NotFound,
            StatusCodes.Status405MethodNotAllowed => FailureCode.MethodNotAllowed,
            StatusCodes.Status415UnsupportedMediaType => FailureCode.UnsupportedMediaType,
            StatusCodes.Status400BadRequest => FailureCode.ValidationFailed,
            _ => null,
        };
        return http.Request.Path.StartsWithSegments("/api") && code is { } known
            ? Api.Fail(new Failure(known)).ExecuteAsync(http)
            : Task.CompletedTask;
    });
}
