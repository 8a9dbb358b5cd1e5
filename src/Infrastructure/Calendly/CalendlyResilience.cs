using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// How long a call to the API host may take and when it is tried again. One for the process, since the circuit breaker
/// has to see every call. The authorization host is never called through it: a token may be presented only once.
/// </summary>
internal sealed class CalendlyResilience
{
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(8);
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(15);

    /// <summary>Neither our own pause nor one that Calendly asks for is longer, or the call fails at once: somebody waits.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The request behind an execution; it has to be set.</summary>
    public static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    private readonly CircuitBreakerManualControl _breaker = new();
    private readonly CircuitBreakerStateProvider _state = new();

    public CalendlyResilience(WireTime time, ILogger<CalendlyResilience> log)
    {
        var clock = time.Provider;
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock };
        builder
            .AddTimeout(TotalTimeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(300),
                MaxDelay = LongestPause,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.AttemptNumber < Retries(arguments.Context.Properties.GetValue(Request, null!), arguments.Outcome, clock)),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } response ? CalendlyFailures.Wait(response, clock) : null),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = BreakDuration,
                ManualControl = _breaker,
                StateProvider = _state,
                ShouldHandle = arguments => ValueTask.FromResult(IsDown(arguments.Outcome)),
                OnOpened = arguments =>
                {
                    log.LogError("Calendly is down: no calls for {Seconds} s", arguments.BreakDuration.TotalSeconds);
                    return default;
                },
                OnClosed = _ =>
                {
                    log.LogInformation("Calendly answers again");
                    return default;
                },
            })
            .AddTimeout(AttemptTimeout);
        Pipeline = builder.Build();
    }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    /// <summary><c>closed</c> while calls are made.</summary>
    public string BreakerState => _state.CircuitState.ToString().ToLowerInvariant();

    /// <summary>Calls Calendly again at once, whatever was seen before.</summary>
    public Task CloseBreakerAsync(CancellationToken cancellationToken) => _breaker.CloseAsync(cancellationToken);

    /// <summary>True when the connection was not made, so that nothing of the request can have arrived.</summary>
    public static bool IsNeverSent(Exception? trouble) => trouble is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
    };

    // How many retries an outcome is worth.
    private static int Retries(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome, TimeProvider clock) =>
        CalendlyCall.Of(request).Once ? 0 : Retries(request.Method, outcome, clock);

    private static int Retries(HttpMethod method, Outcome<HttpResponseMessage> outcome, TimeProvider clock) => outcome switch
    {
        { Exception: { } trouble } when IsNeverSent(trouble) => method == HttpMethod.Get ? 2 : 1,
        _ when method != HttpMethod.Get => 0,
        { Exception: TimeoutRejectedException or BadAnswerException { MayPass: true } } => 1,
        { Result.StatusCode: HttpStatusCode.FailedDependency } => 1,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded } } => 0,
        { Exception: HttpRequestException } => 1,
        { Result: { StatusCode: HttpStatusCode.TooManyRequests } limited } => CalendlyFailures.Wait(limited, clock) <= LongestPause ? 2 : 0,
        { Result: { } response } when IsPassing(response.StatusCode) => CalendlyFailures.Wait(response, clock) > LongestPause ? 0 : 2,
        _ => 0,
    };

    private static bool IsPassing(HttpStatusCode status) => status
        is HttpStatusCode.RequestTimeout
        or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented);

    private static bool IsDown(Outcome<HttpResponseMessage> outcome) => outcome
        is { Exception: HttpRequestException or TimeoutRejectedException }
        or { Result.StatusCode: >= HttpStatusCode.InternalServerError };
}
