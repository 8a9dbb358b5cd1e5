using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Health;

/// <summary>
/// Answers the questions after health, and for style sheets and scripts, before anybody asks who is signed in, which takes
/// the database; and while the database has not answered since the start, tells everybody else to come back.
/// </summary>
internal sealed class StartGate(RequestDelegate next, Opening opening)
{
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { RequestDelegate: { } answer } endpoint && endpoint.Metadata.GetMetadata<AnsweredAlways>() is not null)
        {
            return answer(context);
        }

        return opening.IsOpen ? next(context) : Wait(context).ExecuteAsync(context);
    }

    private static IResult Wait(HttpContext context)
    {
        var failure = new Failure(FailureCode.DatabaseUnavailable) { RetryAfter = ComeBackAfter };
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            return Api.Fail(failure);
        }

        context.Response.MarkFailure(failure);
        return Hypermedia.Of("/src/Infrastructure/Health/_Starting.cshtml", failure, StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Marks a route that is answered without knowing who asks, whatever state the application is in: probes, and what
/// pages are made of.</summary>
internal sealed class AnsweredAlways;
