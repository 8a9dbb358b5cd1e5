using System.Diagnostics;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>One line per request, with the route's template instead of the address: ids, codes and states stay out of logs.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!log.IsEnabled(LogLevel.Information))
        {
            await next(context);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            log.LogInformation(
                "{Method} {Route} {Status} in {Milliseconds} ms, {RequestId}",
                context.Request.Method,
                (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)",
                context.Response.StatusCode,
                (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                PageStamp.Of(context).RequestId);
        }
    }
}
