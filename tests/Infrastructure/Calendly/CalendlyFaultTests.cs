using System.Net;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

/// <summary>Every way in which Calendly, or the way to it, can fail: what it is called and how often it is tried.</summary>
public sealed class CalendlyFaultTests : IDisposable
{
    private const string Read = "GET /users/me";
    private const string Cancel = "POST /scheduled_events/" + CalendlySamples.EventId + "/cancellation";

    private static readonly Dictionary<string, Func<Answer>> Faults = new()
    {
        ["401"] = () => Answers.Json("""{"message": "The access token expired"}""", HttpStatusCode.Unauthorized),
        ["403"] = () => Answers.Json("""{"message": "You do not have permission"}""", HttpStatusCode.Forbidden),
        ["403 without a body"] = () => Answers.Status(HttpStatusCode.Forbidden),
        ["403 as a page"] = () => Answers.Html(HttpStatusCode.Forbidden),
        ["404"] = () => Answers.Json("""{"message": "The server could not find the requested resource."}""", HttpStatusCode.NotFound),
        ["400"] = () => Answers.Json("""{"message": "The supplied parameters are invalid."}""", HttpStatusCode.BadRequest),
        ["400 of the wrong shape"] = () => Answers.Json("""[1, 2]""", HttpStatusCode.BadRequest),
        ["422"] = () => Answers.Status(HttpStatusCode.UnprocessableEntity),
        ["408"] = () => Answers.Status(HttpStatusCode.RequestTimeout),
        ["409"] = () => Answers.Status(HttpStatusCode.Conflict),
        ["429, no headers"] = () => Answers.Status(HttpStatusCode.TooManyRequests),
        ["429, reset in 2 s"] = () => Answers.Status(HttpStatusCode.TooManyRequests, ("X-RateLimit-Reset", "2")),
        ["429, reset in 3 s"] = () => Answers.Status(HttpStatusCode.TooManyRequests, ("X-RateLimit-Reset", "3")),
        ["500"] = () => Answers.Json("""{"title": "Internal Server Error"}""", HttpStatusCode.InternalServerError),
        ["501"] = () => Answers.Status(HttpStatusCode.NotImplemented),
        ["502 as a page"] = () => Answers.Html(HttpStatusCode.BadGateway),
        ["503"] = () => Answers.Status(HttpStatusCode.ServiceUnavailable),
        ["503, retry after 1 s"] = () => Answers.Status(HttpStatusCode.ServiceUnavailable, ("Retry-After", "1")),
        ["503, retry after 3 s"] = () => Answers.Status(HttpStatusCode.ServiceUnavailable, ("Retry-After", "3")),
        ["504"] = () => Answers.Status(HttpStatusCode.GatewayTimeout),
        ["refused connection"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.ConnectionError)),
        ["slow connection"] = () => Answers.Throws(new TaskCanceledException("connect", new TimeoutException())),
        ["unknown host"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.NameResolutionError)),
        ["bad certificate"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.SecureConnectionError)),
        ["reset before the answer"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.ResponseEnded)),
        ["reset within the body"] = () => Answers.Stream(new CutStream()),
        ["malformed JSON"] = () => Answers.Json("""{"resource": oops}"""),
        ["truncated JSON"] = () => Answers.Json("""{"resource": {"uri": "https"""),
        ["a page with 200"] = () => Answers.Html(HttpStatusCode.OK),
        ["JSON named text"] = () => Answers.Text(CalendlySamples.Resource(CalendlySamples.User()), "text/plain"),
        ["broken gzip"] = () => Answers.Throws(new InvalidDataException()),
        ["JSON 33 deep"] = () => Answers.Json(new string('[', 33) + new string(']', 33)),
        ["too long"] = () => Answers.Stream(new EndlessStream()),
        ["redirect"] = () => Answers.Status(HttpStatusCode.Found, ("Location", "https://api.calendly.com/users/other")),
        ["redirect elsewhere"] = () => Answers.Status(HttpStatusCode.PermanentRedirect, ("Location", "http://169.254.169.254/")),
        ["headers too long"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded)),
        ["not HTTP"] = () => Answers.Throws(new HttpRequestException(HttpRequestError.InvalidResponse)),
    };

    private readonly CalendlyClientRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    // Calls of a read, calls of a cancellation.
    [Theory]
    [InlineData("401", nameof(FailureCode.ReconnectRequired), 2, 2)]
    [InlineData("403", nameof(FailureCode.CalendlyForbidden), 1, 1)]
    [InlineData("403 without a body", nameof(FailureCode.CalendlyForbidden), 1, 1)]
    [InlineData("403 as a page", nameof(FailureCode.CalendlyForbidden), 1, 1)]
    [InlineData("404", nameof(FailureCode.NotFound), 1, 1)]
    [InlineData("400", nameof(FailureCode.ValidationFailed), 1, 1)]
    [InlineData("400 of the wrong shape", nameof(FailureCode.ValidationFailed), 1, 1)]
    [InlineData("422", nameof(FailureCode.ValidationFailed), 1, 1)]
    [InlineData("408", nameof(FailureCode.CalendlyTimeout), 3, 1)]
    [InlineData("409", nameof(FailureCode.CalendlyBadResponse), 1, 1)]
    [InlineData("429, no headers", nameof(FailureCode.RateLimited), 1, 1, 60)]
    [InlineData("429, reset in 2 s", nameof(FailureCode.RateLimited), 3, 1, 2)]
    [InlineData("429, reset in 3 s", nameof(FailureCode.RateLimited), 1, 1, 3)]
    [InlineData("500", nameof(FailureCode.CalendlyUnavailable), 3, 1)]
    [InlineData("501", nameof(FailureCode.CalendlyUnavailable), 1, 1)]
    [InlineData("502 as a page", nameof(FailureCode.CalendlyUnavailable), 3, 1)]
    [InlineData("503", nameof(FailureCode.CalendlyUnavailable), 3, 1)]
    [InlineData("503, retry after 1 s", nameof(FailureCode.CalendlyUnavailable), 3, 1, 1)]
    [InlineData("503, retry after 3 s", nameof(FailureCode.CalendlyUnavailable), 1, 1, 3)]
    [InlineData("504", nameof(FailureCode.CalendlyTimeout), 3, 1)]
    [InlineData("refused connection", nameof(FailureCode.CalendlyUnavailable), 3, 2)]
    [InlineData("slow connection", nameof(FailureCode.CalendlyUnavailable), 3, 2)]
    [InlineData("unknown host", nameof(FailureCode.CalendlyUnavailable), 3, 2)]
    [InlineData("bad certificate", nameof(FailureCode.CalendlyUnavailable), 1, 1)]
    [InlineData("reset before the answer", nameof(FailureCode.CalendlyUnavailable), 2, 1)]
    [InlineData("reset within the body", nameof(FailureCode.CalendlyUnavailable), 2, 1)]
    [InlineData("malformed JSON", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("truncated JSON", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("a page with 200", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("JSON named text", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("broken gzip", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("JSON 33 deep", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    [InlineData("too long", nameof(FailureCode.CalendlyBadResponse), 1, 1)]
    [InlineData("redirect", nameof(FailureCode.CalendlyBadResponse), 1, 1)]
    [InlineData("redirect elsewhere", nameof(FailureCode.CalendlyBadResponse), 1, 1)]
    [InlineData("headers too long", nameof(FailureCode.CalendlyBadResponse), 1, 1)]
    [InlineData("not HTTP", nameof(FailureCode.CalendlyBadResponse), 2, 1)]
    public async Task A_fault_has_one_name_and_is_tried_again_only_where_that_is_safe_and_may_help(
        string fault, string code, int readCalls, int cancelCalls, int? retryAfter = null)
    {
        Answer[] Times(int count) => [.. Enumerable.Range(0, count).Select(_ => Faults[fault]())];
        _rig.Wire.On(Read, Times(readCalls)).On(Cancel, Times(cancelCalls));

        var read = Failed(await _rig.SkipPausesAsync(_rig.Api.GetCurrentUserAsync(Token)));
        var cancel = Failed(await _rig.SkipPausesAsync(_rig.Api.CancelEventAsync(CalendlySamples.EventId, "rain", Token)));

        Assert.Equal((code, code), (read.Code.ToString(), cancel.Code.ToString()));
        Assert.Equal((readCalls, cancelCalls), (Calls(Read), Calls(Cancel)));
        Assert.Equal(retryAfter, (int?)read.RetryAfter?.TotalSeconds);
        Assert.Equal(new Failure(read.Code).Message, read.Message);
    }

    [Theory]
    [InlineData("408")]
    [InlineData("429, reset in 2 s")]
    [InlineData("500")]
    [InlineData("503, retry after 1 s")]
    [InlineData("refused connection")]
    [InlineData("reset within the body")]
    [InlineData("truncated JSON")]
    [InlineData("a page with 200")]
    public async Task A_fault_that_passes_is_not_noticed_by_a_reader(string fault)
    {
        _rig.Wire.On(Read, Faults[fault](), Answers.Json(CalendlySamples.Resource(CalendlySamples.User())));

        Assert.True((await _rig.SkipPausesAsync(_rig.Api.GetCurrentUserAsync(Token))).Succeeded(out _, out _));
    }

    [Fact]
    public async Task A_wait_that_calendly_asks_for_is_kept()
    {
        var started = _rig.Clock.GetUtcNow();
        _rig.Wire.On(Read, Faults["429, reset in 2 s"](), Answers.Json(CalendlySamples.Resource(CalendlySamples.User())));

        await _rig.SkipPausesAsync(_rig.Api.GetCurrentUserAsync(Token));

        Assert.Equal(TimeSpan.FromSeconds(2), _rig.Clock.GetUtcNow() - started);
    }

    [Fact]
    public async Task A_date_to_retry_after_counts_from_now_and_goes_before_the_reset()
    {
        var date = _rig.Clock.GetUtcNow().AddSeconds(40).ToString("r");
        _rig.Wire.On(Read, Answers.Status(HttpStatusCode.TooManyRequests, ("Retry-After", date), ("X-RateLimit-Reset", "1")));

        Assert.Equal(TimeSpan.FromSeconds(40), Failed(await _rig.Api.GetCurrentUserAsync(Token)).RetryAfter);
    }

    [Theory]
    [InlineData("-5", 60)]
    [InlineData("soon", 60)]
    [InlineData("1795300000", 3600)]
    public async Task A_senseless_reset_does_not_stop_us_for_ever(string reset, int seconds)
    {
        _rig.Wire.On(Read, Answers.Status(HttpStatusCode.TooManyRequests, ("X-RateLimit-Reset", reset)));

        Assert.Equal(seconds, Failed(await _rig.Api.GetCurrentUserAsync(Token)).RetryAfter!.Value.TotalSeconds);
    }

    [Fact]
    public async Task A_read_that_hangs_is_tried_twice_within_eight_seconds()
    {
        var started = _rig.Clock.GetUtcNow();
        _rig.Wire.On(Read, Answers.Never(), Answers.Never());

        var call = _rig.Api.GetCurrentUserAsync(Token);
        await _rig.PassAfterAsync(1, CalendlyResilience.AttemptTimeout);
        await _rig.SkipPauseAsync();
        await _rig.PassAfterAsync(2, started + CalendlyResilience.TotalTimeout - _rig.Clock.GetUtcNow());

        Assert.Equal(FailureCode.CalendlyTimeout, Failed(await call).Code);
    }

    [Fact]
    public async Task A_cancellation_that_hangs_is_not_sent_again()
    {
        _rig.Wire.On(Cancel, Answers.Never());

        var call = _rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token);
        await _rig.PassAfterAsync(1, CalendlyResilience.AttemptTimeout);

        Assert.Equal(FailureCode.CalendlyTimeout, Failed(await call).Code);
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_by_the_deadline()
    {
        var body = new DrippingStream(_rig.Clock);
        _rig.Wire.On(Cancel, Answers.Stream(body, status: HttpStatusCode.Created));

        var failure = Failed(await _rig.SkipPausesAsync(_rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token)));

        Assert.Equal(FailureCode.CalendlyTimeout, failure.Code);
        Assert.InRange(body.BytesRead, 1, 5);
    }

    [Fact]
    public async Task No_more_is_read_of_an_endless_body_than_the_cap()
    {
        var body = new EndlessStream();
        _rig.Wire.On(Read, Answers.Stream(body));

        await _rig.Api.GetCurrentUserAsync(Token);

        Assert.InRange(body.BytesRead, 1024 * 1024, 1024 * 1024 + 1);
    }

    [Fact]
    public async Task A_body_of_just_the_cap_is_read()
    {
        var json = CalendlySamples.Resource(CalendlySamples.User());
        _rig.Wire.On(Read, Answers.Json(json + new string(' ', 1024 * 1024 - json.Length)));

        Assert.True((await _rig.Api.GetCurrentUserAsync(Token)).Succeeded(out _, out _));
    }

    [Fact]
    public async Task A_body_that_announces_too_much_is_not_read_at_all()
    {
        var body = new EndlessStream();
        Answer answer = async cancellationToken =>
        {
            var response = await Answers.Stream(body)(cancellationToken);
            response.Content.Headers.ContentLength = 1024 * 1024 + 1;
            return response;
        };
        _rig.Wire.On(Read, answer);

        Assert.Equal(FailureCode.CalendlyBadResponse, Failed(await _rig.Api.GetCurrentUserAsync(Token)).Code);
        Assert.Equal(0, body.BytesRead);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_neither_a_failure_nor_a_reason_to_retry()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _rig.Wire.On(Read, Answers.Never());

        var call = _rig.Api.GetCurrentUserAsync(leaving.Token);
        await _rig.PassAfterAsync(1, TimeSpan.Zero);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(_rig.Wire.Sent);
    }

    [Fact]
    public async Task Calendly_is_left_alone_while_it_is_down_and_asked_again_after_a_while()
    {
        _rig.Wire.On(Read, [.. Enumerable.Range(0, 10).Select(_ => Faults["500"]())]);
        for (var call = 0; call < 4; call++)
        {
            Assert.Equal(FailureCode.CalendlyUnavailable, Failed(await _rig.SkipPausesAsync(_rig.Api.GetCurrentUserAsync(Token))).Code);
        }

        var held = Failed(await _rig.Api.GetCurrentUserAsync(Token));
        var heldCancel = Failed(await _rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token));

        Assert.Equal(FailureCode.CalendlyUnavailable, held.Code);
        Assert.InRange(held.RetryAfter!.Value, TimeSpan.FromSeconds(1), CalendlyResilience.BreakDuration);
        Assert.Equal(FailureCode.CalendlyUnavailable, heldCancel.Code);
        Assert.Equal(10, _rig.Wire.Sent.Count);
        _rig.Clock.Advance(CalendlyResilience.BreakDuration);
        _rig.Wire.On(Read, [.. Enumerable.Range(0, 2).Select(_ => Answers.Json(CalendlySamples.Resource(CalendlySamples.User())))]);
        Assert.True((await _rig.Api.GetCurrentUserAsync(Token)).Succeeded(out _, out _));
        Assert.True((await _rig.Api.GetCurrentUserAsync(Token)).Succeeded(out _, out _));
        Assert.Single(_rig.Log.Lines, line => line.Contains("Calendly is down", StringComparison.Ordinal));
        Assert.Single(_rig.Log.Lines, line => line.Contains("Calendly answers again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_never_look_like_an_outage()
    {
        string[] refusals = ["400", "403", "404", "429, no headers"];
        foreach (var refusal in Enumerable.Repeat(refusals, 10).SelectMany(refusal => refusal))
        {
            _rig.Wire.On(Read, Faults[refusal]());
            Failed(await _rig.Api.GetCurrentUserAsync(Token));
        }

        _rig.Wire.On(Read, Answers.Json(CalendlySamples.Resource(CalendlySamples.User())));
        Assert.True((await _rig.Api.GetCurrentUserAsync(Token)).Succeeded(out _, out _));
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_and_the_body_sent_again()
    {
        _rig.Wire.On(Cancel, Faults["401"](), Answers.Json(CalendlySamples.Resource(CalendlySamples.Cancellation()), HttpStatusCode.Created));

        Assert.True((await _rig.Api.CancelEventAsync(CalendlySamples.EventId, "rain", Token)).Succeeded(out _, out _));

        Assert.Equal(["Bearer token-marker-1", "Bearer token-marker-2"], _rig.Wire.Sent.Select(sent => sent.Authorization));
        Assert.All(_rig.Wire.Sent, sent => Assert.Equal("rain", JsonNode.Parse(sent.Body)!["reason"]!.GetValue<string>()));
        Assert.Empty(_rig.Tokens.Refused);
    }

    [Fact]
    public async Task A_newer_token_that_is_refused_too_is_reported()
    {
        _rig.Wire.On(Read, Faults["401"](), Faults["401"]());

        Assert.Equal(FailureCode.ReconnectRequired, Failed(await _rig.Api.GetCurrentUserAsync(Token)).Code);

        Assert.Equal([(CalendlyClientRig.User, 2)], _rig.Tokens.Refused);
    }

    [Fact]
    public async Task Where_no_newer_token_is_to_be_had_the_reason_is_told()
    {
        _rig.Tokens.RefreshFailure = new Failure(FailureCode.CalendlyUnavailable);
        _rig.Wire.On(Read, Faults["401"]());

        Assert.Equal(_rig.Tokens.RefreshFailure, Failed(await _rig.Api.GetCurrentUserAsync(Token)));
    }

    [Fact]
    public async Task Each_call_leaves_one_line_without_addresses_people_or_secrets()
    {
        _rig.Wire.On("GET /scheduled_events", Faults["500"](), Faults["401"](), Answers.Json(CalendlySamples.Page(CalendlySamples.ScheduledEvent())));

        await _rig.SkipPausesAsync(_rig.Api.ListScheduledEventsAsync(new ScheduledEventsQuery("https://query-marker.example", InviteeEmail: "mail-marker@x.example"), Token));

        var line = Assert.Single(_rig.Log.Lines);
        Assert.Matches(@"^Information .*: GET /scheduled_events for user 7: 200 in \d+ ms, attempts: 3$", line);
    }

    [Fact]
    public async Task No_fault_makes_anything_print_a_token_or_an_answer()
    {
        foreach (var fault in Faults.Values)
        {
            using var rig = new CalendlyClientRig();
            rig.Wire.On(Read, fault(), fault(), fault()).On("POST /oauth/token", fault(), fault());
            await rig.SkipPausesAsync(rig.Api.GetCurrentUserAsync(Token));
            await rig.SkipPausesAsync(rig.OAuth.RefreshAsync(new Secret("refresh-marker"), Token));

            Assert.True(rig.Log.Lines.Count >= 2);
            Assert.All(rig.Log.Lines, line => Assert.DoesNotMatch("marker|Maintenance|Bearer|Basic|access token", line));
        }
    }

    private int Calls(string route) => _rig.Wire.Sent.Count(sent => sent.Route == route);

    private static Failure Failed<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded(out var value, out var failure) ? throw new InvalidOperationException(value.ToString()) : failure;
}
