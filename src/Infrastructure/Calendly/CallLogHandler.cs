using System.Net;
using Polly.CircuitBreaker;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>One line for each call: what, how it ended, how long it took. No address, no body, nobody's mail.</summary>
internal sealed class CallLogHandler(ILogger<CallLogHandler> log, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Write(Level(response.StatusCode), request, (int)response.StatusCode, started);
            return response;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Write(LogLevel.Debug, request, "left by the caller", started);
            throw;
        }
        catch (Exception trouble)
        {
            Write(Level(trouble), request, Name(trouble), started);
            throw;
        }
    }

    private void Write(LogLevel level, HttpRequestMessage request, object outcome, long started)
    {
        var call = CalendlyCall.Of(request);
        log.Log(
            level,
            "{Operation} for user {UserId}: {Outcome} in {Milliseconds:0} ms, attempts: {Attempts}",
            call.Operation,
            call.UserId,
            outcome,
            clock.GetElapsedTime(started).TotalMilliseconds,
            call.Attempts);
    }

    private static LogLevel Level(HttpStatusCode status) => status switch
    {
        < HttpStatusCode.MultipleChoices or HttpStatusCode.NotFound or HttpStatusCode.Unauthorized => LogLevel.Information,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static LogLevel Level(Exception trouble) => trouble switch
    {
        NoTokenException => LogLevel.Information,
        // The breaker itself tells when it opens; a line for every call it holds back would drown that.
        BrokenCircuitException => LogLevel.Debug,
        _ => LogLevel.Error,
    };

    private static string Name(Exception trouble) => trouble switch
    {
        NoTokenException { Failure: var failure } => failure.Code.ToWireName(),
        HttpRequestException request => $"{nameof(HttpRequestException)} {request.HttpRequestError}",
        BadAnswerException => trouble.Message,
        _ => trouble.GetType().Name,
    };
}
